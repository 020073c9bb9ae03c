package io.rollcall.delegation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rollcall.access.Transactions;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sweepers of a test's own, each like one of a replica that starts now, with metrics of its own. */
@ApplicationScoped
class Sweepers {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Transactions transactions;
    private final SweepRepository repository;
    private final RetentionRepository retention;

    Sweepers(Transactions transactions, SweepRepository repository, RetentionRepository retention) {
        this.transactions = transactions;
        this.repository = repository;
        this.retention = retention;
    }

    record One(Sweeper sweeper, SimpleMeterRegistry meters) {

        /** What it settled, for the database's clock moved by so much. */
        String sweep(Duration later) {
            Map<Verdict, Integer> settled = new LinkedHashMap<>(
                    sweeper.sweep(OffsetDateTime.now(ZoneOffset.UTC).plus(later))
                            .await()
                            .atMost(LIMIT));
            settled.values().removeIf(count -> count == 0);
            return settled.toString();
        }
    }

    /** Without boot grace, unless these settings (pairs of key and value) say otherwise. */
    One one(String... settings) {
        SmallRyeConfig config = config(settings);
        var meters = new SimpleMeterRegistry();
        return new One(
                new Sweeper(
                        transactions,
                        repository,
                        config.getConfigMapping(SweeperSettings.class),
                        config.getConfigMapping(LedgerSettings.class),
                        new SweeperMeters(meters)),
                meters);
    }

    /** One batch of 500 of a verdict alone, for the database's clock moved by so much. @return how many it settled */
    int batch(Verdict verdict, Duration later) {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).plus(later);
        Duration grace = Duration.ofSeconds(30);
        return transactions
                .runForPlatform(connection -> switch (verdict) {
                    case DEADLINE_EXCEEDED -> repository.deadlineExceeded(connection, now, 500);
                    case CANCELLED -> repository.cancelled(connection, now, 500, grace);
                    case LOST -> repository.lost(connection, now, 500, Duration.ofMinutes(10), grace, true);
                })
                .await()
                .atMost(LIMIT);
    }

    DelegationRetention retention(String... settings) {
        return new DelegationRetention(
                transactions,
                retention,
                config(settings).getConfigMapping(LedgerSettings.class),
                new SweeperMeters(new SimpleMeterRegistry()));
    }

    private static SmallRyeConfig config(String... settings) {
        var values = new LinkedHashMap<>(Map.of("rollcall.sweeper.boot-grace", "0s"));
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SweeperSettings.class)
                .withMapping(LedgerSettings.class)
                .withDefaultValues(values)
                .build();
    }
}
