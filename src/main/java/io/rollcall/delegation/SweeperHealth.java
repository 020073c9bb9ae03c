package io.rollcall.delegation;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** What operators should see of the sweeper. */
@Wellness
@ApplicationScoped
class SweeperHealth implements HealthCheck {

    private final Sweeper sweeper;

    SweeperHealth(Sweeper sweeper) {
        this.sweeper = sweeper;
    }

    @Override
    public HealthCheckResponse call() {
        return sweeper.watch().health();
    }
}
