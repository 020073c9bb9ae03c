package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.proof.LockTrace.Line;
import io.rollcall.proof.Proof.Result;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("proof")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockTraceIT {

    private static final boolean UPDATE = Boolean.getBoolean("update.locks");

    private final Map<Integer, Map<String, List<Line>>> traced = new LinkedHashMap<>();

    @ParameterizedTest
    @MethodSource("io.rollcall.proof.Majors#asked")
    void noMigrationKeepsWritersOutForLongRewritesATableOrWritesManyRowsAtOnce(int major) throws Exception {
        Proof.of("lock trace", major, () -> {
            try (var server = PostgresServer.start(major, "lock-trace", Map.of())) {
                var trace = new LockTrace(Migrations.OURS, server);
                List<String> findings = trace.findings(step -> true);
                traced.put(major, trace.lines());
                Proof.times(major, trace.millis());
                if (!UPDATE) {
                    String now = LockPage.render(Map.of(major, trace.lines()));
                    assertEquals(LockPage.of(major), now, "the locks are others than " + LockPage.PAGE + " says");
                }
                int statements =
                        trace.lines().values().stream().mapToInt(List::size).sum();
                return new Result(
                        statements + " statements, " + LockTrace.ROWS + " rows a table (one in "
                                + String.join(", ", trace.few()) + ")",
                        findings);
            }
        });
    }

    @AfterAll
    void write() throws Exception {
        if (UPDATE) {
            assertEquals(Majors.ALL, List.copyOf(traced.keySet()), "the page needs all majors");
            Files.writeString(LockPage.PAGE, LockPage.render(traced));
        }
    }
}
