package io.rollcall.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rollcall.events.SequenceRepository.Numbered;
import jakarta.inject.Singleton;

/** How live events go on this replica, as metrics. */
@Singleton
class EventMeters {

    private final MeterRegistry registry;
    private final Counter sequenced;
    private final Counter resyncs;
    private volatile double waited;
    private final Outage outage = new Outage(System::nanoTime);

    EventMeters(MeterRegistry registry) {
        this.registry = registry;
        sequenced = Counter.builder("rollcall.events.sequenced")
                .description("Events that this replica numbered")
                .register(registry);
        resyncs = Counter.builder("rollcall.events.resyncs")
                .description("Listeners that were told to read all again")
                .register(registry);
        Gauge.builder("rollcall.events.outbox", this, EventMeters::seconds)
                .baseUnit("seconds")
                .description("How long the oldest event has been waiting for its number, or had when it got it")
                .register(registry);
    }

    void watch(EventFeed feed) {
        Gauge.builder("rollcall.events.listeners", feed, EventFeed::size)
                .description("Streams and sockets that are open")
                .register(registry);
    }

    void numbered(Numbered batch) {
        sequenced.increment(batch.count());
        waited = batch.waited();
    }

    /** Of numbering. */
    Outage outage() {
        return outage;
    }

    void resynced() {
        resyncs.increment();
    }

    private double seconds() {
        return waited + outage.seconds();
    }
}
