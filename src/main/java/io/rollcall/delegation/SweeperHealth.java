package io.rollcall.delegation;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jspecify.annotations.Nullable;

/** What operators should see of the sweeper. Always up: that verdicts pause is no reason to send requests elsewhere. */
@Wellness
@ApplicationScoped
class SweeperHealth implements HealthCheck {

    private final Sweeper sweeper;

    SweeperHealth(Sweeper sweeper) {
        this.sweeper = sweeper;
    }

    @Override
    public HealthCheckResponse call() {
        SweeperState state = sweeper.state();
        return HealthCheckResponse.named("sweeper")
                .up()
                .withData("paused", state.paused())
                .withData("live_agents", state.hearing().live())
                .withData("quiet_share", Math.round(state.hearing().share() * 100) + " %")
                .withData("last_sweep", time(state.sweptAt()))
                .withData("boot_grace_until", time(state.graceUntil()))
                .build();
    }

    private static String time(@Nullable OffsetDateTime time) {
        return time == null ? "never" : time.toString();
    }
}
