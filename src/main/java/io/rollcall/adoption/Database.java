package io.rollcall.adoption;

import io.rollcall.backup.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements on the one connection of a command, in autocommit but within {@link #together}. */
final class Database {

    interface Work<T> {
        T run() throws SQLException;
    }

    private static final int TRIES = 60;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private final Connection connection;

    Database(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** @return the rows that were written */
    int write(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepared(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /** The columns of every row as text; null stays null. */
    List<List<@Nullable String>> rows(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepared(sql, parameters);
                ResultSet found = statement.executeQuery()) {
            var rows = new ArrayList<List<@Nullable String>>();
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                var row = new ArrayList<@Nullable String>();
                for (int i = 1; i <= columns; i++) {
                    row.add(found.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** The first column of every row. */
    List<String> texts(String sql, @Nullable Object... parameters) throws SQLException {
        var texts = new ArrayList<String>();
        for (List<@Nullable String> row : rows(sql, parameters)) {
            texts.add(String.valueOf(row.get(0)));
        }
        return texts;
    }

    boolean holds(String condition, @Nullable Object... parameters) throws SQLException {
        return texts("SELECT " + condition, parameters).get(0).equals("t");
    }

    boolean hasTable(String schema, String table) throws SQLException {
        return holds("to_regclass(format('%I.%I', ?::text, ?::text)) IS NOT NULL", schema, table);
    }

    boolean hasColumns(String schema, String table, String... columns) throws SQLException {
        return holds("""
                (SELECT count(*) FROM pg_attribute a
                  WHERE a.attrelid = to_regclass(format('%I.%I', ?::text, ?::text)) AND a.attnum > 0
                    AND NOT a.attisdropped AND a.attname = ANY (string_to_array(?::text, ','))) = ?::int
                """, schema, table, String.join(",", columns), columns.length);
    }

    <T> T together(Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run();
            connection.commit();
            return result;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * In a transaction of its own, for whose locks nobody else waits longer than 200 ms: tried again after a pause of random
     * length, {@value #TRIES} times, which lets some five minutes of long readers pass.
     */
    void patiently(String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                together(() -> {
                    execute("SET LOCAL lock_timeout = '200ms'");
                    execute(sql);
                    return attemptDone();
                });
                return;
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                if (!state.equals(LOCK_NOT_AVAILABLE) && !state.equals(DEADLOCK)) {
                    throw e;
                }
                if (attempt == TRIES) {
                    throw new Refusal("after " + TRIES + " tries others still hold the locks that this needs: " + sql
                            + "; end their transactions (pg_stat_activity) and run it again");
                }
                execute("SELECT pg_sleep(least(" + attempt + ", 10) * random())");
            }
        }
    }

    private static boolean attemptDone() {
        return true;
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
