package io.rollcall;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Single statements beside the API, each in a transaction of its own. As the tables' owner: what is refused is refused by the
 * tables themselves, whatever the rights of the role that serves.
 */
public final class Sql {

    private Sql() {}

    /** Every row as its columns' texts joined by {@code |}; null is {@code -}. */
    public static List<String> rows(String sql, Object... values) {
        try (Connection connection = TestDatabase.borrowAsOwner();
                PreparedStatement statement = prepare(connection, sql, values);
                ResultSet found = statement.executeQuery()) {
            var rows = new ArrayList<String>();
            while (found.next()) {
                var columns = new ArrayList<String>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    columns.add(found.getString(i) == null ? "-" : found.getString(i));
                }
                rows.add(String.join("|", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public static String one(String sql, Object... values) {
        List<String> rows = rows(sql, values);
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows: " + sql);
        }
        return rows.get(0);
    }

    public static long count(String sql, Object... values) {
        return Long.parseLong(one(sql, values));
    }

    /** How many rows it touched. */
    public static int run(String sql, Object... values) {
        try (Connection connection = TestDatabase.borrowAsOwner();
                PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The SQLSTATE with which the database refuses it, or {@code accepted}. */
    public static String refusal(String sql, Object... values) {
        try (Connection connection = TestDatabase.borrowAsOwner();
                PreparedStatement statement = prepare(connection, sql, values)) {
            statement.executeUpdate();
            return "accepted";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
