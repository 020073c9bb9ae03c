package io.rollcall.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The locks of a statement that ends with them: seen while it runs, by a writer that is in its way until it waits. Let go
 * well before a lock timeout.
 */
final class SeenLocks {

    private static final long IN_THE_WAY_NANOS = 50_000_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final TracedTables tables;
    private final int backend;
    private final Connection writer;
    private final CompletableFuture<Set<String>> seen;
    private volatile boolean stopped;

    SeenLocks(ProofDatabase database, TracedTables tables, int backend) throws SQLException {
        this.tables = tables;
        this.backend = backend;
        this.writer = database.superuser();
        writer.setAutoCommit(false);
        try (Statement statement = writer.createStatement()) {
            for (String table : tables.names()) {
                statement.execute("LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE");
            }
        }
        this.seen = CompletableFuture.supplyAsync(this::watch);
    }

    private Set<String> watch() {
        var locks = new TreeSet<String>();
        long since = 0;
        try {
            while (!stopped) {
                Set<String> now = tables.locks(backend);
                // What a statement only reads it may have let go before anybody looked.
                now.removeIf(lock -> lock.endsWith(" AccessShareLock"));
                locks.addAll(now);
                since = since == 0 && !now.isEmpty() ? System.nanoTime() : since;
                if (since != 0 && System.nanoTime() - since > IN_THE_WAY_NANOS) {
                    writer.rollback();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return locks;
    }

    /** When the statement has ended. */
    Set<String> stop() throws SQLException {
        stopped = true;
        Set<String> locks = seen.join();
        writer.close();
        return locks;
    }
}
