package io.rollcall.heartbeat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How beats go on this replica, as metrics. */
@Singleton
class BeatMeters {

    private final MeterRegistry registry;
    private final DistributionSummary batches;
    private final Timer flushes;
    private final Map<Outcome.Verdict, Counter> written = new EnumMap<>(Outcome.Verdict.class);
    private final Counter refused;
    private final Counter failed;

    BeatMeters(MeterRegistry registry) {
        this.registry = registry;
        batches = DistributionSummary.builder("rollcall.beats.batch")
                .description("Rows of a transaction of beats")
                .register(registry);
        flushes = Timer.builder("rollcall.beats.flush")
                .description("How long a transaction of beats took, with all that it had to try again")
                .register(registry);
        for (Outcome.Verdict verdict : Outcome.Verdict.values()) {
            written.put(
                    verdict,
                    Counter.builder("rollcall.beats.written")
                            .tag("outcome", verdict.name().toLowerCase(Locale.ROOT))
                            .description("Beats of agents, by what became of them")
                            .register(registry));
        }
        refused = Counter.builder("rollcall.beats.refused")
                .description("Requests with beats that found the queue full")
                .register(registry);
        failed = Counter.builder("rollcall.beats.failed")
                .description("Rows that the database refused, or was away for")
                .register(registry);
    }

    void watch(Waiting waiting) {
        registry.gauge("rollcall.beats.waiting", waiting, Waiting::count);
    }

    void flushed(int rows, Duration took) {
        batches.record(rows);
        flushes.record(took);
    }

    void written(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            Counter counter = written.get(outcome.verdict());
            if (counter != null) {
                counter.increment();
            }
        }
    }

    void refused() {
        refused.increment();
    }

    void failed(int rows) {
        failed.increment(rows);
    }
}
