package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Beats at full rate beside a test, until it is closed: of an organisation of its own, which it makes anew when the test has
 * emptied the database.
 */
public final class BeatLoad implements AutoCloseable {

    private static final int THREADS = 4;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong recorded = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    public BeatLoad() {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::beat, "beat-load-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** With {@code -Dbeats.beside=true}; else null. */
    public static BeatLoad ifAsked() {
        return Boolean.getBoolean("beats.beside") ? new BeatLoad() : null;
    }

    /** Ends it, if there is one; the test fails if it did next to nothing. */
    public static void end(BeatLoad load) {
        if (load != null) {
            load.close();
            System.out.println(load.recorded() + " beats beside it");
            assertTrue(load.recorded() > 1000, load.recorded() + " beats beside it");
        }
    }

    /** How many were acknowledged. */
    long recorded() {
        return recorded.get();
    }

    private void beat() {
        String body = null;
        while (!stopped.get()) {
            try {
                body = body == null ? body() : body;
                Answer answer = Call.post("/heartbeats", body);
                long accepted =
                        answer.status() == 200 ? answer.json().path("accepted").asLong() : 0;
                recorded.addAndGet(accepted);
                body = accepted == 0 ? null : body;
            } catch (RuntimeException | AssertionError notNow) {
                body = null;
            }
        }
    }

    /** A hundred agents of a new organisation. */
    private static String body() {
        String org = Call.post(
                        "/workspaces",
                        "{\"name\":\"Load " + Thread.currentThread().getName() + System.nanoTime() + "\"}")
                .id();
        var beats = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            beats.add("{\"workspace_id\":\"" + org + "\",\"agent_id\":\"a" + i + "\",\"status\":\"running\"}");
        }
        return "{\"heartbeats\":[" + String.join(",", beats) + "]}";
    }

    @Override
    public void close() {
        stopped.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(30_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
