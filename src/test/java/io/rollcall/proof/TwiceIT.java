package io.rollcall.proof;

import io.rollcall.proof.Proof.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("proof")
class TwiceIT {

    @ParameterizedTest
    @MethodSource("io.rollcall.proof.Majors#asked")
    void theWholeChainAppliedTwiceWritesNothingTheSecondTime(int major) throws Exception {
        Proof.of("twice", major, () -> {
            try (var server = PostgresServer.start(major, "twice", Twice.NOBODY_ELSE)) {
                return new Result(
                        Migrations.OURS.steps().size() + " migrations, transaction number unmoved",
                        Twice.findings(Migrations.OURS, server));
            }
        });
    }
}
