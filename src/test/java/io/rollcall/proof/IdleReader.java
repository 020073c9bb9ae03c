package io.rollcall.proof;

import io.rollcall.Superuser;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A transaction for each table that has read it and does nothing, for seconds, again and again: a report, a forgotten shell. */
final class IdleReader implements AutoCloseable {

    private static final long HELD_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 500;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Semaphore begun = new Semaphore(0);
    private final Thread thread;

    IdleReader(ProofDatabase database) throws Exception {
        List<String> tables = database.tables();
        List<Superuser> readers =
                tables.stream().map(table -> connect(database)).toList();
        thread = new Thread(() -> read(tables, readers), "idle-reader");
        thread.start();
    }

    private void read(List<String> tables, List<Superuser> readers) {
        boolean on = true;
        while (on) {
            for (int i = 0; i < tables.size(); i++) {
                readers.get(i).execute("BEGIN; SELECT 1 FROM " + tables.get(i) + " LIMIT 1");
            }
            begun.release();
            on = !stopped(HELD_MILLIS);
            readers.forEach(reader -> reader.execute("ROLLBACK"));
            on = on && !stopped(PAUSE_MILLIS);
        }
        readers.forEach(Superuser::close);
    }

    /** Until all tables have been read anew: what begins now meets its reader for as long as one stays, never a pause. */
    void awaitBegun() throws InterruptedException {
        begun.drainPermits();
        begun.acquire();
    }

    private boolean stopped(long millis) {
        try {
            return stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static Superuser connect(ProofDatabase database) {
        try {
            return new Superuser(database.superuser());
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
    }
}
