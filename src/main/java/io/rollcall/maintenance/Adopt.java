package io.rollcall.maintenance;

import io.rollcall.DatabaseUrl;
import io.rollcall.adoption.Adoption;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code schema adopt}: takes over another system's database, and tells how far it is. */
final class Adopt implements Command {

    @Override
    public int run(DatabaseUrl database, Connection connection, Arguments arguments, PrintStream out)
            throws SQLException, IOException {
        Adoption.run(arguments.words().get(0), connection, database, Path.of(arguments.needed("backup")), out);
        return 0;
    }

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) {
        throw new UnsupportedOperationException("it migrates, which needs the database's URL");
    }
}
