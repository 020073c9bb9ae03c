package io.rollcall.proof;

import io.rollcall.proof.Proof.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("proof")
class WaitingBehindAReaderIT {

    @ParameterizedTest
    @MethodSource("io.rollcall.proof.Majors#asked")
    void aMigrationThatMeetsAnOpenReaderGivesUpBeforeOthersStall(int major) throws Exception {
        Proof.of("waiting behind a reader", major, () -> {
            try (var server = PostgresServer.start(major, "reader", Map.of())) {
                var check = new WaitingBehindAReader(Migrations.OURS, server);
                List<String> findings = check.findings(step -> true);
                return new Result(check.gaveUp() + " migrations had to wait, and gave up in time", findings);
            }
        });
    }
}
