package io.rollcall.adoption;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A system whose database can be taken over. */
interface ForeignSystem {

    List<ForeignSystem> ALL =
            List.of(new OrgStudio("org_studio_"), new OrgStudio(""), new MoleculeCore(), new Agentmux());

    /** As the command line has it. */
    String name();

    /** Where its tables are set aside. */
    String schema();

    boolean isIn(Database database, String schema) throws SQLException;

    /** Its tables that are backed up: all that are changed or copied. */
    List<String> tables(Database database, String schema) throws SQLException;

    List<Check> checks(Database database, String schema) throws SQLException;

    /** What is put right in its own tables, in {@code public}; each sees by the catalog whether it was done. */
    List<Step> repairs();

    /** From where they are set aside into our tables. */
    List<Step> copies();

    List<Proof> proofs(Database database) throws SQLException;

    static Optional<ForeignSystem> in(Database database, String schema) throws SQLException {
        for (ForeignSystem system : ALL) {
            if (system.isIn(database, schema)) {
                return Optional.of(system);
            }
        }
        return Optional.empty();
    }
}
