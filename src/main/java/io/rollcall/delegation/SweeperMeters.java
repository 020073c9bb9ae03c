package io.rollcall.delegation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this replica's sweeper did, as metrics. How many delegations are in flight is not among them: it is counted over all
 * of them, by every replica and each time anew, which would cost more than the sweep.
 */
@ApplicationScoped
class SweeperMeters {

    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final Timer sweeps;
    private final Counter failures;
    private final Counter forgotten;
    private final AtomicInteger paused = new AtomicInteger();
    private final AtomicLong lastSuccess = new AtomicLong();

    SweeperMeters(MeterRegistry registry) {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict,
                    Counter.builder("rollcall.delegations.verdicts")
                            .tag("outcome", verdict.word())
                            .description("Delegations that the sweeper settled")
                            .register(registry));
        }
        sweeps = Timer.builder("rollcall.sweeper.sweep")
                .description("How long a sweep took")
                .register(registry);
        failures = Counter.builder("rollcall.sweeper.failures")
                .description("Parts of a sweep that failed")
                .register(registry);
        forgotten = Counter.builder("rollcall.delegations.forgotten")
                .description("Delegations that were deleted after their time")
                .register(registry);
        registry.gauge("rollcall.sweeper.paused", paused);
        TimeGauge.builder("rollcall.sweeper.last.success", lastSuccess, TimeUnit.MILLISECONDS, AtomicLong::get)
                .description("When a sweep last did all it should, as a Unix time")
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

    void failed() {
        failures.increment();
    }

    void swept(Duration took) {
        sweeps.record(took);
    }

    void succeeded(long atMillis) {
        lastSuccess.set(atMillis);
    }

    void paused(boolean is) {
        paused.set(is ? 1 : 0);
    }
}
