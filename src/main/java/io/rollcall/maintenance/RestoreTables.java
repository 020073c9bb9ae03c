package io.rollcall.maintenance;

import io.rollcall.backup.Restore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code schema restore}: a backup's rows back in the database, proven equal, or nothing. */
final class RestoreTables implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException, IOException {
        Path directory = Path.of(arguments.needed("from"));
        BackUpTables.print(
                Restore.run(connection, directory, arguments.value("into").orElse(null)), out);
        return 0;
    }
}
