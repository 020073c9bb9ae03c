package io.rollcall.maintenance;

import io.rollcall.backup.Backup;
import io.rollcall.backup.Manifest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@code schema backup}: named tables, at one moment, as files. */
final class BackUpTables implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException, IOException {
        List<String> tables = List.of(arguments.needed("tables").split(","));
        Path directory = Path.of(arguments.needed("to"));
        Manifest manifest = Backup.take(connection, arguments.value("schema").orElse("public"), tables, directory);
        print(manifest, out);
        return 0;
    }

    static void print(Manifest manifest, PrintStream out) {
        for (Manifest.Table table : manifest.tables()) {
            out.println(table.name() + " " + table.rows() + " rows " + table.sha256());
        }
        out.println("manifest " + manifest.sha256());
    }
}
