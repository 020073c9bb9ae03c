package io.rollcall.maintenance;

import io.rollcall.DatabaseUrl;
import io.rollcall.backup.Refusal;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;

/** A command whose work is in a package of its own, which says no in its own words. */
record Refusing(Command command) implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException, IOException {
        try {
            return command.run(connection, arguments, out);
        } catch (Refusal e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public int run(DatabaseUrl database, Connection connection, Arguments arguments, PrintStream out)
            throws SQLException, IOException {
        try {
            return command.run(database, connection, arguments, out);
        } catch (Refusal e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }
}
