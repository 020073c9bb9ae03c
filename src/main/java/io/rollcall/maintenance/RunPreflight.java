package io.rollcall.maintenance;

import io.rollcall.adoption.Preflight;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code schema preflight}: what is in the way of the next migrations, or of taking another system's database over. */
final class RunPreflight implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException {
        Preflight found = Preflight.of(connection);
        out.println(arguments.has("json") ? found.json() : found.text().stripTrailing());
        return found.collides() ? SchemaCommands.FOUND : 0;
    }
}
