package io.rollcall.proof;

import io.rollcall.proof.Migrations.Step;
import io.rollcall.proof.Proof.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged service; without one, processes that only migrate. */
@Tag("proof")
class FiveReplicasIT {

    /** Of each statement of the last migration, which has two or more: together longer than the 50 tries of a second that are Flyway's default. */
    private static final int LONGER_THAN_FLYWAYS_PATIENCE = 27;

    private static final int SHORT = 2;

    @ParameterizedTest
    @MethodSource("io.rollcall.proof.Majors#asked")
    void fiveReplicasThatStartAtOnceApplyEachMigrationOnceAndAllServe(int major) throws Exception {
        Migrations ours = Migrations.OURS;
        List<Step> steps = ours.steps();
        String who = Replicas.packaged() ? "services" : "migrators";
        try (var server = PostgresServer.start(major, "replicas", Map.of())) {
            Proof.of("five replicas, empty database", major, () -> {
                try (var database = ProofDatabase.empty(server, "replicas")) {
                    return new Result("5 " + who, start(server, database, SHORT));
                }
            });
            int seconds = major == Majors.OWN ? LONGER_THAN_FLYWAYS_PATIENCE : SHORT;
            Proof.of("five replicas, one migration behind", major, () -> {
                try (var database = ProofDatabase.empty(server, "replicas")) {
                    database.migrate(ours, steps.get(steps.size() - 2).version());
                    return new Result(
                            "5 %s, %d s a statement".formatted(who, seconds), start(server, database, seconds));
                }
            });
        }
    }

    private static List<String> start(PostgresServer server, ProofDatabase database, int seconds) throws Exception {
        return FiveReplicas.findings(
                Migrations.OURS,
                database,
                seconds,
                Replicas.packaged()
                        ? Replicas.services(server, database.name())
                        : Replicas.migrators(database, Migrations.OURS));
    }
}
