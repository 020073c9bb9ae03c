package io.rollcall.heartbeat;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** What operators should see of the liveness sweep. */
@Wellness
@ApplicationScoped
class LivenessHealth implements HealthCheck {

    private final LivenessSweeper sweeper;

    LivenessHealth(LivenessSweeper sweeper) {
        this.sweeper = sweeper;
    }

    @Override
    public HealthCheckResponse call() {
        return sweeper.watch().health();
    }
}
