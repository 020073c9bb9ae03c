package io.rollcall.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which statements a migration is made of, as Flyway parses it. */
final class Statements extends StatementCallback {

    final List<String> all = new ArrayList<>();

    /** The concurrent builds among them, each of which commits parts of its work. */
    final List<String> alone = new ArrayList<>();

    @Override
    void before(int done, String statement, Connection connection) throws SQLException {
        all.add(statement);
        if (connection.getAutoCommit()
                && statement.strip().toLowerCase(Locale.ROOT).matches("(?s).*\\bindex\\s+concurrently\\b.*")) {
            alone.add(statement);
        }
    }

    @Override
    void after(int done, String statement, Connection connection) {}
}
