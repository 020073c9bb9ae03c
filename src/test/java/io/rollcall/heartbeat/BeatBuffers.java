package io.rollcall.heartbeat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rollcall.access.Transactions;
import io.rollcall.delegation.DelegationBeats;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** Buffers of a test's own, each like one of another replica. */
@ApplicationScoped
class BeatBuffers {

    private final Transactions transactions;
    private final BeatRepository beats;
    private final DelegationBeats delegations;
    private final LivenessSweepers sweepers;

    BeatBuffers(
            Transactions transactions, BeatRepository beats, DelegationBeats delegations, LivenessSweepers sweepers) {
        this.transactions = transactions;
        this.beats = beats;
        this.delegations = delegations;
        this.sweepers = sweepers;
    }

    /** With these settings, pairs of key and value. */
    BeatBuffer one(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        HeartbeatSettings of = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(HeartbeatSettings.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(HeartbeatSettings.class);
        return new BeatBuffer(transactions, beats, delegations, of, new BeatMeters(new SimpleMeterRegistry()));
    }

    void sweep() {
        sweepers.one("rollcall.sweeper.brake", "1").found("0 s");
    }
}
