package io.rollcall;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Lets the scheduled jobs run only while the service is whole: from the moment when everything has started, to the moment
 * when something begins to stop. Quarkus would start them first and stop them last, so that a job of a start that is
 * refused meets a container that is going away.
 */
@ApplicationScoped
class Jobs {

    private static final int FIRST = 0;
    private static final int LAST = Integer.MAX_VALUE;

    private final Scheduler scheduler;

    Jobs(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void atStart(@Observes @Priority(LAST) StartupEvent started) {
        if (scheduler.isStarted()) {
            scheduler.resume();
        }
    }

    void atStop(@Observes @Priority(FIRST) ShutdownEvent stopping) {
        if (scheduler.isStarted()) {
            scheduler.pause();
        }
    }
}
