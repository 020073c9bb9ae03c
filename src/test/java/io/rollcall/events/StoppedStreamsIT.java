package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stop of the service while somebody leaves unread what was sent to him. */
@Tag("full")
class StoppedStreamsIT {

    /** More than all the buffers between the two hold. */
    private static final int EVENTS = 1500;

    @Test
    void whoDoesNotReadDoesNotHoldUpAStop() {
        try (var database = new Replicated("stopped-streams");
                Superuser sql = database.superuser()) {
            ServiceProcess service = database.start();
            Listener slow = Listener.connect("http://localhost:" + service.port(), TestDatabase.TOKEN, "");
            sql.execute("""
                    INSERT INTO event_outbox (org_id, event, at, payload)
                    SELECT '%s', 'ORG_IMPORTED', now(), json_build_object('x', repeat('x', 15000))
                      FROM generate_series(1, %d)""".formatted(database.organisations.get(0), EVENTS));
            database.awaitNumbered();

            long begun = System.nanoTime();
            service.terminate();

            assertEquals(143, service.exitCode());
            assertFalse(service.output().contains("Timed out waiting for graceful shutdown"), service.output());
            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(25).toNanos());
            slow.close();
        }
    }
}
