package io.rollcall.heartbeat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rollcall.Sql;
import io.rollcall.access.Transactions;
import io.rollcall.hearing.HearingRepository;
import io.rollcall.hearing.SweeperSettings;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Liveness sweepers of a test's own, each like one of a replica that starts now, with metrics of its own. */
@ApplicationScoped
class LivenessSweepers {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final Transactions transactions;
    private final LivenessRepository repository;
    private final WorkspaceStatuses statuses;
    private final Webhook webhook;

    LivenessSweepers(
            Transactions transactions, LivenessRepository repository, WorkspaceStatuses statuses, Webhook webhook) {
        this.transactions = transactions;
        this.repository = repository;
        this.statuses = statuses;
        this.webhook = webhook;
    }

    record One(LivenessSweeper sweeper, SimpleMeterRegistry meters) {

        /** What it found, for the database's clock moved by so much. */
        String sweep(String later) {
            return found(later).toString();
        }

        LivenessSweeper.Found found(String later) {
            long seconds = Sql.count("SELECT extract(epoch FROM ?::interval)::bigint", later);
            OffsetDateTime now =
                    seconds == 0 ? null : OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(seconds);
            return sweeper.sweep(now).await().atMost(LIMIT);
        }
    }

    /** Without boot grace, unless these settings (pairs of key and value) say otherwise. */
    One one(String... settings) {
        var values = new LinkedHashMap<>(Map.of("rollcall.sweeper.boot-grace", "0s"));
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SweeperSettings.class)
                .withMapping(HeartbeatSettings.class)
                .withDefaultValues(values)
                .build();
        HeartbeatSettings heartbeats = config.getConfigMapping(HeartbeatSettings.class);
        var meters = new SimpleMeterRegistry();
        return new One(
                new LivenessSweeper(
                        transactions,
                        repository,
                        statuses,
                        new Pace(heartbeats),
                        webhook,
                        new HearingRepository(),
                        heartbeats,
                        config.getConfigMapping(SweeperSettings.class),
                        meters),
                meters);
    }

    /** Who is silent now. */
    List<LivenessRepository.Key> pick() {
        return transactions
                .readForPlatform(connection -> repository.pick(connection, null, SILENCE, 500))
                .await()
                .atMost(LIMIT);
    }

    int judge(List<LivenessRepository.Key> keys) {
        return transactions
                .runForPlatform(connection -> repository.judge(connection, null, SILENCE, keys))
                .await()
                .atMost(LIMIT);
    }
}
