package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("full")
@QuarkusTest
class JobsTest {

    private static volatile boolean ranWhileStarting = true;

    @Inject
    Scheduler scheduler;

    @Inject
    Jobs jobs;

    void whileStarting(@Observes StartupEvent started, Scheduler scheduler) {
        ranWhileStarting = scheduler.isRunning();
    }

    @Test
    void jobsWaitUntilEverythingHasStarted() {
        assertFalse(ranWhileStarting);
        assertTrue(scheduler.isRunning());
    }

    @Test
    void noJobBeginsOnceTheServiceStops() {
        try {
            jobs.atStop(new ShutdownEvent());
            assertFalse(scheduler.isRunning());
        } finally {
            jobs.atStart(new StartupEvent());
        }
        assertTrue(scheduler.isRunning());
    }
}
