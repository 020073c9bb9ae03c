package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Four consumers, one by a socket, over 10,000 transitions of two organisations, with the service told to stop in the middle
 * and killed later, and a transaction that is open over the first restart: each connects again with the last id it heard, as
 * browsers do, and has every event of its own once, in order.
 */
@Tag("full")
class RestartedStreamsIT {

    /** Of three transitions each. */
    private static final int DELEGATIONS = 3334;

    private static final int LATE = 20;

    @Test
    void consumersMissNothingAndHearNothingTwiceOverRestarts() {
        try (var database = new Replicated("restarted-streams");
                Superuser sql = database.superuser();
                Superuser late = database.superuser()) {
            ServiceProcess first = database.start();
            List<Consumer> consumers = database.consumers(first);
            consumers.forEach(consumer -> consumer.connect(first));

            late.begin();
            database.move(late, "late", 1, LATE);
            move(database, sql, 0, 3);
            first.terminate();
            assertEquals(143, first.exitCode());
            assertFalse(first.output().contains("Timed out waiting for graceful shutdown"), "it ends its streams");
            ServiceProcess second = database.start();
            consumers.forEach(consumer -> consumer.goOn(second));
            move(database, sql, 3, 4);
            database.awaitNumbered();
            long before = sql.number("SELECT last FROM event_sequence");
            late.execute("COMMIT");
            move(database, sql, 4, 6);
            second.kill();
            ServiceProcess third = database.start();
            consumers.forEach(consumer -> consumer.goOn(third));
            move(database, sql, 6, 10);
            database.awaitNumbered();
            database.mark(third);

            assertEquals(
                    DELEGATIONS * 3L,
                    sql.number(
                            "SELECT count(*) FROM events WHERE delegation_id LIKE 'd-%' AND event <> 'DELEGATION_SENT'"));
            assertTrue(before < sql.number("SELECT min(seq) FROM events WHERE delegation_id LIKE 'late-%'"));
            for (int i = 0; i < 4; i++) {
                Consumer consumer = consumers.get(i);
                int markers = i < 2 ? 1 : 2;
                Await.until("all came", Consumer.LIMIT, () -> markers(consumer.lines()) >= markers);
                assertEquals(database.expected(i), consumer.lines());
                assertEquals(3, consumer.connections);
                assertEquals(
                        LATE * 4L * markers / 2,
                        consumer.lines().stream()
                                .filter(line -> line.contains(" late-"))
                                .count());
                consumer.hangUp();
            }
            assertTrue(consumers.get(0).all().stream()
                    .allMatch(one -> one.data().path("org_id").asText().equals(database.organisations.get(0))));
        }
    }

    static long markers(List<String> lines) {
        return Stream.of(lines)
                .flatMap(List::stream)
                .filter(line -> line.contains(" WORKSPACE_PROVISIONING "))
                .count();
    }

    /** Tenths, so that restarts come between and beside. */
    private static void move(Replicated database, Superuser sql, int from, int to) {
        for (int tenth = from; tenth < to; tenth++) {
            database.move(sql, "d", tenth * DELEGATIONS / 10 + 1, (tenth + 1) * DELEGATIONS / 10);
        }
    }
}
