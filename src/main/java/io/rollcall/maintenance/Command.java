package io.rollcall.maintenance;

import io.rollcall.DatabaseUrl;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;

/** One of the {@code schema} commands. */
interface Command {

    /**
     * @param connection by the role that owns the tables, seeing the rows of all organisations, in autocommit
     * @param out standard output: what was asked for, and nothing else
     * @return the process's exit code: 0, or {@link SchemaCommands#FOUND} when what was looked for is there
     * @throws Refused for what cannot be done; the message says why and what to do
     */
    int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException, IOException;

    /** @param database where the connection leads, for a command that needs more than one */
    default int run(DatabaseUrl database, Connection connection, Arguments arguments, PrintStream out)
            throws SQLException, IOException {
        return run(connection, arguments, out);
    }
}
