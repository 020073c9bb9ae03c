package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one delegation must be, from the replies that were given alone: whoever was answered knows a lower bound of how far it
 * is, and nothing that is asked after that answer may be answered as if it had not been.
 */
final class LedgerModel {

    private static final List<String> ORDER =
            List.of("queued", "dispatched", "in_progress", "completed", "failed", "stuck");

    /** What a client knew when it sent. */
    record Known(int rank, long attempt, String end) {}

    final String id;

    /** Each status that was reached, by the attempt under which the reply said so. */
    private final Map<String, Long> applied = new TreeMap<>(Map.of("queued", 0L));

    private int rank;
    private long attempt;
    private String end = "";
    private int cancelRequests;
    private boolean refusedEnd;
    private final Set<String> results = new HashSet<>();

    LedgerModel(String id) {
        this.id = id;
    }

    static int rank(String status) {
        return Math.min(ORDER.indexOf(status), 3);
    }

    synchronized Known known() {
        return new Known(rank, attempt, end);
    }

    /** Any reply that shows where it stands. */
    synchronized void saw(Known before, String status, long at) {
        assertTrue(rank(status) >= before.rank, () -> id + " went back to " + status + " from " + before);
        assertTrue(at >= before.attempt, () -> id + " went back to attempt " + at + " from " + before);
        if (!before.end.isEmpty()) {
            assertEquals(before.end, status, id);
        }
        rank = Math.max(rank, rank(status));
        attempt = Math.max(attempt, at);
        if (rank(status) == 3) {
            assertTrue(end.isEmpty() || end.equals(status), () -> id + " ended twice: " + end + ", " + status);
            end = status;
        }
    }

    /** A write that was answered as applied. */
    synchronized void applied(Known before, String status, long at, Long sent) {
        saw(before, status, at);
        assertTrue(before.end.isEmpty(), () -> id + " had ended, and became " + status);
        assertFalse(rank(status) <= before.rank, () -> id + " became " + status + " after " + before);
        if (sent != null) {
            assertEquals(at, sent, () -> id + ": a fenced write was applied");
        }
        assertNull(applied.put(status, at), () -> id + " became " + status + " twice");
    }

    synchronized void askedToStop() {
        cancelRequests++;
    }

    /** The result of an end that was taken, or of the same end again. */
    synchronized void brought(String result) {
        results.add(result);
    }

    synchronized void refusedAtItsEnd() {
        refusedEnd = true;
    }

    /** As its events must read: {@code queued=0,dispatched=1,…|cancel requests|whether something came too late}. */
    synchronized String way() {
        var way = new StringBuilder();
        applied.entrySet().stream()
                .sorted((a, b) -> Integer.compare(ORDER.indexOf(a.getKey()), ORDER.indexOf(b.getKey())))
                .forEach(step -> way.append(step.getKey())
                        .append('=')
                        .append(step.getValue())
                        .append(' '));
        return way.append("stop=")
                .append(cancelRequests)
                .append(" late=")
                .append(refusedEnd || results.size() > 1)
                .toString();
    }
}
