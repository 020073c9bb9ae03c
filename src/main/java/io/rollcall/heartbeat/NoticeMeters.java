package io.rollcall.heartbeat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/** What became of this replica's posts to the webhook, as metrics. */
@ApplicationScoped
class NoticeMeters {

    private final Counter delivered;
    private final Counter failed;
    private final Counter givenUp;

    NoticeMeters(MeterRegistry registry) {
        delivered = counter(registry, "delivered");
        failed = counter(registry, "failed");
        givenUp = counter(registry, "given_up");
    }

    void delivered() {
        delivered.increment();
    }

    void failed() {
        failed.increment();
    }

    void givenUp() {
        givenUp.increment();
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("rollcall.incidents.webhook")
                .tag("outcome", outcome)
                .description("Posts of incidents to the webhook")
                .register(registry);
    }
}
