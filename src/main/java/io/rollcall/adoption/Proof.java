package io.rollcall.adoption;

import io.rollcall.backup.ContentHash;
import io.rollcall.backup.Refusal;
import java.io.IOException;
import java.sql.SQLException;

/**
 * That rows on both sides say the same: as many, and of the same hash.
 *
 * @param theirs one text for each row; {@code ours} the same for what became of it
 */
record Proof(String name, String theirs, String ours) {

    /** @return what was equal, for the report */
    String check(Database database) throws SQLException, IOException {
        ContentHash there = ContentHash.of(database.connection(), theirs);
        ContentHash here = ContentHash.of(database.connection(), ours);
        if (!there.equals(here)) {
            throw new Refusal(name + " are not equal: " + there.rows() + " rows of theirs (" + there.sha256() + "), "
                    + here.rows() + " of ours (" + here.sha256()
                    + "). Both stay as they are. Run it again: what is missing here is copied then; what is here and"
                    + " not there, a person has to look at");
        }
        return name + ": " + here.rows() + " rows on both sides, " + here.sha256();
    }
}
