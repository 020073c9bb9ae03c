package io.rollcall.hearing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How a kind of sweep goes on this replica, as metrics. */
final class WatchMeters {

    private final Timer sweeps;
    private final Counter failures;
    private final AtomicInteger paused = new AtomicInteger();
    private final AtomicLong lastSuccess = new AtomicLong();

    WatchMeters(String name, MeterRegistry registry) {
        sweeps = Timer.builder("rollcall." + name + ".sweep")
                .description("How long a sweep took")
                .register(registry);
        failures = Counter.builder("rollcall." + name + ".failures")
                .description("Parts of a sweep that failed")
                .register(registry);
        registry.gauge("rollcall." + name + ".paused", paused);
        TimeGauge.builder("rollcall." + name + ".last.success", lastSuccess, TimeUnit.MILLISECONDS, AtomicLong::get)
                .description("When a sweep last did all it should, as a Unix time")
                .register(registry);
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
