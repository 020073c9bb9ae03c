package io.rollcall.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Somebody who reads every table again and again, and locks it as a writer does, each time in a transaction of its own. */
final class PasserBy implements AutoCloseable {

    private final Connection connection;
    private final List<String> tables;
    private final CompletableFuture<Void> reading;
    private volatile boolean stopped;

    PasserBy(ProofDatabase database) throws SQLException {
        connection = database.connect();
        tables = database.tables();
        reading = CompletableFuture.runAsync(this::read);
    }

    int backend() throws SQLException {
        return StatementCallback.backend(connection);
    }

    private void read() {
        try (Statement statement = connection.createStatement()) {
            while (!stopped && !tables.isEmpty()) {
                for (String table : tables) {
                    statement.execute("BEGIN; SELECT 1 FROM %1$s LIMIT 1; LOCK TABLE %1$s IN ROW EXCLUSIVE MODE; COMMIT"
                            .formatted(table));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        stopped = true;
        reading.join();
        connection.close();
    }
}
