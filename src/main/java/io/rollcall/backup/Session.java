package io.rollcall.backup;

import static io.rollcall.backup.TableShape.quoted;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * A transaction in which the same rows have the same text, whoever runs it and where; rolled back unless it was committed. A
 * resource of {@code try}, since after a failure its end may fail too, as when the cancellation of a COPY comes late, and
 * that must not hide why.
 */
final class Session implements AutoCloseable {

    /** One moment of the database, and nothing written. */
    static final String STILL = "ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private static final String TEXT = """
            SET LOCAL DateStyle = 'ISO, YMD';
            SET LOCAL IntervalStyle = 'postgres';
            SET LOCAL TimeZone = 'UTC';
            SET LOCAL extra_float_digits = 1;
            SET LOCAL bytea_output = 'hex';
            SET LOCAL xmloption = 'content';
            SET LOCAL statement_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0;
            """;

    /** Rows that a policy hides would be missing without a word; ours show all of them to the tenant "*". */
    private static final String HIDDEN = """
            SELECT row_security_active(?::regclass)
               AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = ? AND p.tablename = ?
                                  AND p.qual LIKE '%rollcall.tenant%')
            """;

    private static final String HAS_HISTORY = "SELECT to_regclass(?) IS NOT NULL";
    private static final String VERSION = """
            SELECT version FROM %s WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1
            """;

    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    static Session begin(Connection connection, String mode) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION " + mode + ";" + TEXT);
        }
        return new Session(connection);
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Names are looked up, and written, as from within this schema; what it lacks, in the other one. */
    static void enter(Connection connection, String schema, @Nullable String other) throws SQLException {
        execute(connection, "SET LOCAL search_path = " + quoted(schema) + (other == null ? "" : ", " + quoted(other)));
    }

    static void refuseHiddenRows(Connection connection, String schema, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HIDDEN)) {
            statement.setString(1, quoted(schema) + "." + quoted(table));
            statement.setString(2, schema);
            statement.setString(3, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new Refusal("row security may hide rows of " + schema + "." + table
                            + " from this role: use the one that owns the table");
                }
            }
        }
    }

    static boolean exists(Connection connection, String schema, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HAS_HISTORY)) {
            statement.setString(1, quoted(schema) + "." + quoted(table));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Of our own schema; empty where there is none. */
    static String schemaVersion(Connection connection, String schema) throws SQLException {
        if (!exists(connection, schema, "flyway_schema_history")) {
            return "";
        }
        String history = quoted(schema) + ".flyway_schema_history";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(VERSION.formatted(history))) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** @return how many rows */
    static long copyOut(Connection connection, String copy, OutputStream out) throws SQLException, IOException {
        var watched = new Watched(out);
        try {
            return copyManager(connection).copyOut(copy, watched);
        } catch (SQLException e) {
            // The driver cancels the COPY, and then complains of that alone.
            if (watched.failure != null) {
                throw watched.failure;
            }
            throw e;
        }
    }

    /** Of what a COPY gives. */
    static String hash(Connection connection, String copy) throws SQLException, IOException {
        Sha256 sha256 = new Sha256();
        try (OutputStream out = sha256.through(OutputStream.nullOutputStream())) {
            copyOut(connection, copy, out);
        }
        return sha256.end();
    }

    /** The hash of a table's generated columns; empty when it has none. */
    static String generated(Connection connection, TableShape shape, String schema, String table)
            throws SQLException, IOException {
        return shape.hasGenerated() ? hash(connection, shape.copyOutGenerated(schema, table)) : "";
    }

    static CopyManager copyManager(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static final class Watched extends FilterOutputStream {

        private @Nullable IOException failure;

        Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
