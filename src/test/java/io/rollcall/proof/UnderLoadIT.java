package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.proof.Proof.Result;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("proof")
class UnderLoadIT {

    private static final Path PRESENT = Path.of("target", "quarkus-app", "quarkus-run.jar");

    @ParameterizedTest
    @MethodSource("io.rollcall.proof.Majors#asked")
    void nobodyWhoIsServedByThePreviousReleaseNoticesAMigration(int major) throws Exception {
        Path previous = Releases.jar(Releases.previous());
        Proof.of("under load", major, () -> {
            try (var server = PostgresServer.start(major, "under-load", Map.of())) {
                var load = new UnderLoad(server, previous, Migrations.OURS);
                load.migrate(15, 5);
                load.ahead(5);
                load.behind(PRESENT, 5);
                load.figures().forEach(figure -> System.out.println("proof: PostgreSQL " + major + ": " + figure));
                return new Result(
                        load.requests() + " requests, " + UnderLoad.PER_SECOND + " a second, to release "
                                + Releases.previous() + " and this one; "
                                + String.join("; ", load.figures()),
                        load.findings());
            }
        });
    }

    @Test
    void aMigrationWithoutALockTimeoutIsNoticed(@TempDir Path directory) throws Exception {
        try (var server = PostgresServer.start(Majors.OWN, "under-load", Map.of())) {
            var load = new UnderLoad(
                    server, Releases.jar(Releases.previous()), Migrations.planted("no_lock_timeout", directory));
            load.migrate(5, 5);
            assertTrue(
                    load.findings().stream()
                            .anyMatch(finding ->
                                    finding.contains("planted.sql") && finding.contains(": a request took ")),
                    load.findings() + " of " + load.figures());
        }
    }
}
