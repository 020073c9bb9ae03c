package io.rollcall.backup;

import static io.rollcall.backup.TableShape.quoted;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backup's rows back in the database, all or nothing: into the tables that are there and empty, or into a new schema that is
 * made from the manifest. It ends by reading everything again; what is not equal to the backup is rolled back. Sequences, whose
 * place no rollback takes back, are set when all else is proven.
 *
 * <p>Limits: a connection that is lost at the very commit leaves the sequences set and no rows; run it again. The tables' own triggers do not fire, since what they did is in the backup or is somebody else's; a new schema
 * gets no triggers, policies or rights. Types and functions that a definition names must be there.
 */
public final class Restore {

    /** Before rows go in: nobody else at the table, no row security on its owner (COPY refuses it), no trigger of ours. */
    private static final String PREPARE = """
            SELECT format('LOCK TABLE %1$s IN ACCESS EXCLUSIVE MODE; %2$s %3$s', c.oid::regclass,
                          CASE WHEN c.relforcerowsecurity
                               THEN format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', c.oid::regclass) END,
                          (SELECT string_agg(format('ALTER TABLE %s DISABLE TRIGGER %I;', c.oid::regclass, t.tgname), ' ')
                             FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D')),
                   format('%2$s %3$s', c.oid::regclass,
                          CASE WHEN c.relforcerowsecurity
                               THEN format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', c.oid::regclass) END,
                          (SELECT string_agg(format('ALTER TABLE %s ENABLE %s TRIGGER %I;', c.oid::regclass,
                                                    CASE t.tgenabled WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' END,
                                                    t.tgname), ' ')
                             FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'))
              FROM pg_class c WHERE c.oid = '%s'::regclass
            """;

    private final Connection connection;
    private final Path directory;
    private final Manifest manifest;
    private final String target;
    private final boolean fresh;

    private Restore(Connection connection, Path directory, Manifest manifest, @Nullable String into) {
        this.connection = connection;
        this.directory = directory;
        this.manifest = manifest;
        this.target = into == null ? manifest.schema() : into;
        this.fresh = into != null;
    }

    /**
     * @param into a schema to make; null: the tables that are there, in the backup's schema
     * @throws Refusal for a backup that was changed, a table that is missing, another one or not empty
     */
    public static Manifest run(Connection connection, Path directory, @Nullable String into)
            throws SQLException, IOException {
        Manifest manifest = Manifest.in(directory);
        for (Manifest.Table table : manifest.tables()) {
            Path file = directory.resolve(Manifest.file(table.name()));
            if (!Files.isRegularFile(file) || !Sha256.of(file).equals(table.sha256())) {
                throw new Refusal(file + " is not what was backed up: its SHA-256 is not the manifest's");
            }
        }
        try (Session writing = Session.begin(connection, "ISOLATION LEVEL READ COMMITTED, READ WRITE")) {
            new Restore(connection, directory, manifest, into).run();
            connection.commit();
            return manifest;
        }
    }

    private void run() throws SQLException, IOException {
        Session.execute(connection, "SET LOCAL lock_timeout = '5s'");
        if (fresh) {
            create();
        }
        Session.enter(connection, target, fresh ? manifest.schema() : null);
        List<Manifest.Table> ordered = parentsFirst(manifest.tables());
        if (fresh) {
            for (Manifest.Table table : ordered) {
                createTable(table);
            }
        }
        for (Manifest.Table table : ordered) {
            load(table);
        }
        if (fresh) {
            for (Manifest.Table table : ordered) {
                createIndexes(table.shape(), table.name(), false);
            }
            for (Manifest.Table table : ordered) {
                createIndexes(table.shape(), table.name(), true);
            }
        }
        for (Manifest.Table table : ordered) {
            prove(table);
        }
        Session.execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
        for (Manifest.Table table : ordered) {
            advance(table);
        }
    }

    private void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + quoted(target));
        } catch (SQLException e) {
            if ("42P06".equals(e.getSQLState())) {
                throw new Refusal("there is a schema " + target + " already: name a new one");
            }
            throw e;
        }
    }

    private void createTable(Manifest.Table table) throws SQLException {
        TableShape shape = table.shape();
        List<TableShape.Sequence> serial = shape.sequences().stream()
                .filter(sequence -> shape.columns().stream()
                        .anyMatch(column -> column.name().equals(sequence.column())
                                && column.identity().isEmpty()))
                .toList();
        for (TableShape.Sequence sequence : serial) {
            Session.execute(connection, "CREATE SEQUENCE " + quoted(sequence.name()) + " " + sequence.options());
        }
        List<String> columns = shape.columns().stream()
                .map(column -> column.definition(options(shape, column)))
                .toList();
        Session.execute(
                connection,
                "CREATE TABLE " + quoted(target) + "." + quoted(table.name()) + " (" + String.join(", ", columns)
                        + ")");
        for (TableShape.Sequence sequence : serial) {
            Session.execute(
                    connection,
                    "ALTER SEQUENCE " + quoted(sequence.name()) + " OWNED BY " + quoted(target) + "."
                            + quoted(table.name()) + "." + quoted(sequence.column()));
        }
    }

    private static String options(TableShape shape, TableShape.Column column) {
        return shape.sequences().stream()
                .filter(sequence -> sequence.column().equals(column.name()))
                .map(TableShape.Sequence::options)
                .findFirst()
                .orElse("");
    }

    /** After the rows, which is faster; foreign keys last, when every table has its keys. */
    private void createIndexes(TableShape shape, String table, boolean foreignKeys) throws SQLException {
        for (TableShape.Constraint constraint : shape.constraints()) {
            if (constraint.type().equals("f") == foreignKeys) {
                Session.execute(
                        connection,
                        "ALTER TABLE " + quoted(table) + " ADD CONSTRAINT " + quoted(constraint.name()) + " "
                                + constraint.definition());
            }
        }
        for (TableShape.Index index : shape.indexes()) {
            if (!foreignKeys && index.valid() && !index.ofConstraint()) {
                Session.execute(connection, index.definition());
            }
        }
    }

    private void load(Manifest.Table table) throws SQLException, IOException {
        String name = quoted(target) + "." + quoted(table.name());
        if (!Session.exists(connection, target, table.name())) {
            throw new Refusal("there is no table " + target + "." + table.name()
                    + ": migrate first, or restore --into a new schema");
        }
        List<String> around = texts(PREPARE.replace("'%s'::regclass", "'" + name.replace("'", "''") + "'::regclass"));
        Session.execute(connection, around.get(0));
        List<TableShape.Column> columns =
                TableShape.of(connection, table.name()).columns();
        if (!columns.equals(table.shape().columns())) {
            throw new Refusal(target + "." + table.name() + " has other columns than the backup: "
                    + difference(columns, table.shape().columns()));
        }
        if (texts("SELECT EXISTS (SELECT 1 FROM " + name + ")").get(0).equals("t")) {
            throw new Refusal(target + "." + table.name() + " is not empty: nothing is ever overwritten");
        }
        try (InputStream rows = Files.newInputStream(directory.resolve(Manifest.file(table.name())))) {
            Session.copyManager(connection)
                    .copyIn("COPY " + name + " (" + table.shape().writtenColumns() + ") FROM STDIN", rows);
        }
        Session.execute(connection, around.get(1));
    }

    private void prove(Manifest.Table table) throws SQLException, IOException {
        TableShape shape = TableShape.of(connection, table.name());
        Sha256 sha256 = new Sha256();
        long rows;
        try (OutputStream out = sha256.through(OutputStream.nullOutputStream())) {
            rows = Session.copyOut(connection, table.shape().copyOut(target, table.name()), out);
        }
        if (rows != table.rows() || !sha256.end().equals(table.sha256())) {
            throw new Refusal(target + "." + table.name() + " does not read as the backup does (" + rows + " rows, "
                    + table.rows() + " in the backup): nothing was restored");
        }
        if (!Session.generated(connection, table.shape(), target, table.name()).equals(table.generated())) {
            throw new Refusal(
                    target + "." + table.name() + " has generated columns that come to something else than in the"
                            + " backup, as when a function that they call has changed: nothing was restored");
        }
        if (!counting(shape).equals(counting(table.shape()))) {
            throw new Refusal(target + "." + table.name() + " has sequences that count otherwise than in the backup: "
                    + difference(counting(shape), counting(table.shape())));
        }
        if (!shape.constraints().equals(table.shape().constraints())) {
            throw new Refusal(target + "." + table.name() + " has other constraints than the backup: "
                    + difference(shape.constraints(), table.shape().constraints()));
        }
        if (!valid(shape.indexes()).equals(valid(table.shape().indexes()))) {
            throw new Refusal(target + "." + table.name() + " has other indexes than the backup: "
                    + difference(valid(shape.indexes()), valid(table.shape().indexes())));
        }
    }

    private void advance(Manifest.Table table) throws SQLException {
        String name = quoted(target) + "." + quoted(table.name());
        for (TableShape.Sequence sequence : table.shape().sequences()) {
            Session.execute(
                    connection,
                    "SELECT setval(pg_get_serial_sequence('" + name.replace("'", "''") + "', '"
                            + sequence.column().replace("'", "''") + "'), " + sequence.value() + ", "
                            + sequence.called() + ")");
        }
    }

    private static List<String> counting(TableShape shape) {
        return shape.sequences().stream()
                .map(sequence -> sequence.column() + " " + sequence.options())
                .toList();
    }

    private static List<TableShape.Index> valid(List<TableShape.Index> indexes) {
        return indexes.stream().filter(TableShape.Index::valid).toList();
    }

    private static <T> String difference(List<T> here, List<T> backup) {
        var onlyHere = new ArrayList<>(here);
        onlyHere.removeAll(backup);
        var onlyThere = new ArrayList<>(backup);
        onlyThere.removeAll(here);
        return onlyHere.isEmpty() && onlyThere.isEmpty()
                ? "their order"
                : "here " + onlyHere + ", in the backup " + onlyThere;
    }

    /** Referenced tables before those that reference them; a circle stays as it is, and its foreign keys say so. */
    private static List<Manifest.Table> parentsFirst(List<Manifest.Table> tables) {
        var ordered = new ArrayList<Manifest.Table>();
        var left = new ArrayList<>(tables);
        while (!left.isEmpty()) {
            Manifest.Table next = left.stream()
                    .filter(table -> table.shape().constraints().stream().noneMatch(constraint -> left.stream()
                            .anyMatch(other -> !other.name().equals(table.name())
                                    && other.name().equals(constraint.references()))))
                    .findFirst()
                    .orElse(left.get(0));
            ordered.add(next);
            left.remove(next);
        }
        return ordered;
    }

    private List<String> texts(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            var texts = new ArrayList<String>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                texts.add(row.getString(i));
            }
            return texts;
        }
    }
}
