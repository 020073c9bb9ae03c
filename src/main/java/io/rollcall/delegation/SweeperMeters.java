package io.rollcall.delegation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/**
 * What this replica's sweeper settled and forgot, as metrics. How many delegations are in flight is not among them: it is
 * counted over all of them, by every replica and each time anew, which would cost more than the sweep.
 */
@Singleton
class SweeperMeters {

    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final Counter forgotten;

    SweeperMeters(MeterRegistry registry) {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict,
                    Counter.builder("rollcall.delegations.verdicts")
                            .tag("outcome", verdict.word())
                            .description("Delegations that the sweeper settled")
                            .register(registry));
        }
        forgotten = Counter.builder("rollcall.delegations.forgotten")
                .description("Delegations that were deleted after their time")
                .register(registry);
    }

    void settled(Verdict verdict, int count) {
        Counter counter = verdicts.get(verdict);
        if (counter != null) {
            counter.increment(count);
        }
    }

    void forgot(int count) {
        forgotten.increment(count);
    }
}
