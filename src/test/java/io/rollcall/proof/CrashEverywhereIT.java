package io.rollcall.proof;

import io.rollcall.proof.Proof.Result;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * On the product's own PostgreSQL at every point; on the others sessions at all of them, processes and servers at every eighth:
 * {@code -Dproof.share=1} has them die at all of them too, which takes an hour more.
 */
@Tag("proof")
class CrashEverywhereIT {

    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final double SAMPLE = Double.parseDouble(System.getProperty("proof.share", "0.125"));

    static Stream<Arguments> deaths() {
        return Majors.asked().stream()
                .flatMap(major -> Stream.of(Dying.values()).map(way -> Arguments.of(major, way)));
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void aMigrationThatDiesAnywhereIsCompletedByTheNextStart(int major, Dying way) throws Exception {
        double share = major == Majors.OWN || way == Dying.BACKEND ? 1 : SAMPLE;
        // A crash of the server is only one where it relies on what is on the disk.
        Map<String, String> settings = way == Dying.SERVER ? Map.of("fsync", "on") : Map.of();
        Proof.of("crash of the " + way.name().toLowerCase(java.util.Locale.ROOT), major, () -> {
            try (var server = PostgresServer.start(major, "crash", settings)) {
                var crash = new CrashEverywhere(Migrations.OURS, server);
                List<String> findings = crash.findings(step -> true, way, share, SEED);
                String seed = share < 1 ? ", seed " + SEED : "";
                return new Result(crash.deaths() + " deaths" + (share < 1 ? " (sampled" + seed + ")" : ""), findings);
            }
        });
    }
}
