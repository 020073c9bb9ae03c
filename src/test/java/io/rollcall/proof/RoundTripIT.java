package io.rollcall.proof;

import io.rollcall.proof.Proof.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("proof")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundTripIT {

    private final Map<Integer, String> fingerprints = new LinkedHashMap<>();

    @ParameterizedTest
    @MethodSource("io.rollcall.proof.Majors#asked")
    void everyMigrationIsUndoneByItsRollbackAndMakesTheSameSchemaOnEveryMajor(int major) throws Exception {
        Proof.of("round trip", major, () -> {
            try (var server = PostgresServer.start(major, "round-trip", Map.of());
                    var database = ProofDatabase.empty(server, "round_trip")) {
                List<String> findings = new RoundTrip(Migrations.OURS, database).findings();
                String fingerprint = database.fingerprint();
                fingerprints.forEach((other, lines) -> {
                    if (!lines.equals(fingerprint)) {
                        findings.add("the fingerprint differs from that on PostgreSQL " + other);
                    }
                });
                fingerprints.put(major, fingerprint);
                return new Result(
                        Migrations.OURS.steps().size() + " migrations up, back, up; one fingerprint", findings);
            }
        });
    }
}
