package io.rollcall.heartbeat;

import io.quarkus.runtime.StartupEvent;
import io.rollcall.Misconfigured;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When agents are told to beat again: {@code rollcall.heartbeats.interval}, spread by a tenth so that a fleet that was started
 * together does not beat together; more seldom when the fleet is so large that it would exceed
 * {@code rollcall.heartbeats.rate}, as Nomad does. Never so seldom that two lost beats are taken for silence.
 */
@ApplicationScoped
class Pace {

    private static final int BEATS_IN_SILENCE = 4;
    private static final double SPREAD = 0.1;

    private final HeartbeatSettings settings;
    private volatile long live;

    Pace(HeartbeatSettings settings) {
        this.settings = settings;
    }

    void atStart(@Observes StartupEvent started) {
        if (settings.offlineAfter().compareTo(settings.interval().multipliedBy(2)) < 0) {
            throw new Misconfigured("rollcall.heartbeats.offline-after (" + settings.offlineAfter()
                    + ") must be at least twice rollcall.heartbeats.interval (" + settings.interval()
                    + "), or whoever loses one beat is silent");
        }
    }

    /** How many agents beat, as the sweep counted them last. */
    void fleet(long agents) {
        live = agents;
    }

    long nextHeartbeatMs() {
        double usual = settings.interval().toMillis();
        double longest = Math.max(usual, settings.offlineAfter().toMillis() / (double) BEATS_IN_SILENCE);
        double wanted = Math.min(longest, Math.max(usual, 1000.0 * live / settings.rate()));
        return Math.round(wanted * ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD));
    }
}
