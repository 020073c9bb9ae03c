package io.rollcall.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Named tables as they were at one moment: one snapshot, a file of COPY's text for each table, and a manifest that says what
 * must be in them. Streams; a table may be larger than memory.
 */
public final class Backup {

    private static final String NOW = "SELECT current_setting('server_version'), to_char(now() AT TIME ZONE 'UTC',"
            + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

    private Backup() {}

    /** @throws Refusal for a table that is not there, or a directory with something in it */
    public static Manifest take(Connection connection, String schema, List<String> tables, Path directory)
            throws SQLException, IOException {
        for (String table : tables) {
            if (!Session.exists(connection, schema, table)) {
                throw new Refusal("there is no table " + schema + "." + table);
            }
        }
        try (BackupDirectory to = BackupDirectory.create(directory);
                Session reading = Session.begin(connection, Session.STILL)) {
            Session.enter(connection, schema, null);
            var taken = new ArrayList<Manifest.Table>();
            for (String table : List.copyOf(new LinkedHashSet<>(tables))) {
                taken.add(take(connection, schema, table, to));
            }
            Manifest manifest = manifest(connection, schema, taken);
            to.finish(manifest);
            return manifest;
        }
    }

    /**
     * The backup that is there already, if it is of these tables, and they are and read as it says.
     *
     * @throws Refusal if they do not: it is another database's, of another time, or of other tables
     */
    public static Manifest isStill(Connection connection, String schema, List<String> tables, Path directory)
            throws SQLException, IOException {
        Manifest manifest = Manifest.in(directory);
        Set<String> held =
                manifest.tables().stream().map(Manifest.Table::name).collect(Collectors.toCollection(TreeSet::new));
        if (!manifest.schema().equals(schema) || !held.equals(new TreeSet<>(tables))) {
            throw new Refusal(directory + " holds a backup of " + String.join(", ", held) + " in the schema "
                    + manifest.schema() + ", not of " + String.join(", ", new TreeSet<>(tables)) + " in " + schema
                    + ": name another directory");
        }
        try (Session reading = Session.begin(connection, Session.STILL)) {
            Session.enter(connection, schema, null);
            for (Manifest.Table table : manifest.tables()) {
                if (!Session.exists(connection, schema, table.name())
                        || !TableShape.of(connection, table.name()).equals(table.shape())
                        || !Session.hash(connection, table.shape().copyOut(schema, table.name()))
                                .equals(table.sha256())) {
                    throw new Refusal(directory + " holds a backup of " + table.name()
                            + " as it is not any more: name another directory");
                }
            }
            return manifest;
        }
    }

    private static Manifest.Table take(Connection connection, String schema, String table, BackupDirectory to)
            throws SQLException, IOException {
        Session.refuseHiddenRows(connection, schema, table);
        TableShape shape = TableShape.of(connection, table);
        Sha256 sha256 = new Sha256();
        try (OutputStream out = sha256.through(to.write(Manifest.file(table)))) {
            long rows = Session.copyOut(connection, shape.copyOut(schema, table), out);
            return new Manifest.Table(
                    table, rows, sha256.end(), Session.generated(connection, shape, schema, table), shape);
        }
    }

    private static Manifest manifest(Connection connection, String schema, List<Manifest.Table> tables)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return new Manifest(
                    schema, row.getString(1), Session.schemaVersion(connection, schema), row.getString(2), tables);
        }
    }
}
