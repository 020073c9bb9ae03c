package io.rollcall.delegation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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

/** Sweepers of a test's own, each like one of a replica that starts now, with metrics of its own. */
@ApplicationScoped
class Sweepers {

    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofMinutes(10);

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
            return sweeper.sweep(OffsetDateTime.now(ZoneOffset.UTC).plus(later))
                    .await()
                    .atMost(LIMIT)
                    .toString();
        }
    }

    /** Without boot grace, unless these settings (pairs of key and value) say otherwise. */
    One one(String... settings) {
        SmallRyeConfig config = config(settings);
        var meters = new SimpleMeterRegistry();
        return new One(
                new Sweeper(
                        transactions,
                        new SweepRepository(config.getConfigMapping(LedgerSettings.class)),
                        new HearingRepository(),
                        config.getConfigMapping(SweeperSettings.class),
                        config.getConfigMapping(LedgerSettings.class),
                        new SweeperMeters(meters),
                        meters),
                meters);
    }

    /** The first that are picked of a batch of 500, for the database's clock moved by so much. */
    List<Long> pick(Verdict verdict, Duration later) {
        return transactions
                .readForPlatform(connection -> repository.pick(connection, verdict, now(later), SILENCE, 500))
                .await()
                .atMost(LIMIT);
    }

    /** @return how many of these it settled */
    int settle(Verdict verdict, Duration later, List<Long> ids) {
        return transactions
                .runForPlatform(connection -> repository.settle(connection, verdict, now(later), SILENCE, ids))
                .await()
                .atMost(LIMIT);
    }

    private static OffsetDateTime now(Duration later) {
        return OffsetDateTime.now(ZoneOffset.UTC).plus(later);
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
