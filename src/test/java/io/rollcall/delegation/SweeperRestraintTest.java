package io.rollcall.delegation;

import static io.rollcall.delegation.SweepRows.beat;
import static io.rollcall.delegation.SweepRows.count;
import static io.rollcall.delegation.SweepRows.make;
import static io.rollcall.delegation.SweepRows.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When nobody is held to be silent, how that ends, and how it is said. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SweeperRestraintTest {

    private static final Duration NOW = Duration.ZERO;
    private static final String GRACE = "rollcall.sweeper.boot-grace";
    private static final String BRAKE = "rollcall.sweeper.brake";

    @Inject
    Sweepers sweepers;

    @BeforeEach
    void emptyLedger() {
        SweepRows.empty();
    }

    @Test
    void afterAStartNobodyIsSilentForAsLongAsSilenceTakesWhileDeadlinesAndCancelsGoOn() {
        make("acme", 3);
        beat("acme-1", "15 minutes");
        SweepRows.askToStop("acme-2");
        Sql.run(
                "INSERT INTO delegations (org_id, delegation_id, root_delegation_id, caller_id, callee_id, task_preview,"
                        + " payload_sha256, event_actor, deadline) SELECT org_id, 'brief', 'brief', caller_id, callee_id, '',"
                        + " payload_sha256, 'test', now() + interval '3 minutes' FROM delegations LIMIT 1");
        var one = sweepers.one(GRACE, "10m");

        assertEquals("{}", one.sweep(NOW));
        assertEquals("{CANCELLED=1}", one.sweep(Duration.ofSeconds(100)));
        assertEquals("{DEADLINE_EXCEEDED=1}", one.sweep(Duration.ofSeconds(200)));
        for (int seconds = 300; seconds < 600; seconds += 100) {
            assertEquals("{}", one.sweep(Duration.ofSeconds(seconds)));
        }
        assertEquals("{LOST=1}", one.sweep(Duration.ofSeconds(610)));
    }

    @Test
    void theGraceIsAsLongAsSilenceTakesUnlessSetOtherwise() {
        assertEquals(Duration.ofMinutes(10), graceOf(GRACE, ""));
        assertEquals(Duration.ofMinutes(3), graceOf(GRACE, "", "rollcall.delegations.stuck-after", "3m"));
        assertEquals(Duration.ofMinutes(1), graceOf(GRACE, "1m"));
    }

    private Duration graceOf(String... settings) {
        var one = sweepers.one(settings);
        one.sweep(Duration.ofDays(1));
        return Duration.between(
                        one.sweeper().watch().state().sweptAt(),
                        one.sweeper().watch().state().graceUntil())
                .plusSeconds(1)
                .truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
    }

    @Test
    void afterTheDatabaseWasAwayTheGraceBeginsAgain() {
        make("acme", 1);
        var one = sweepers.one(GRACE, "2m");
        for (int seconds = 0; seconds < 200; seconds += 100) {
            one.sweep(Duration.ofSeconds(seconds));
        }
        beat("acme-1", "15 minutes");

        strike(one, Duration.ofSeconds(200), "pg_terminate_backend");

        assertEquals("{}", one.sweep(Duration.ofSeconds(300)));
        assertEquals("{LOST=1}", one.sweep(Duration.ofSeconds(325)));
    }

    @Test
    void afterAStatementThatTookTooLongTheBatchIsSmallerForAWhileAndTheGraceDoesNotBegin() {
        make("acme", 12);
        make("beta", 1);
        beat("beta-1", "15 minutes");
        var one = sweepers.one("rollcall.sweeper.batch", "8");
        one.sweep(NOW);
        assertEquals("stuck|lost|t", state("beta-1"));

        strike(one, Duration.ofHours(7), "pg_cancel_backend");
        assertEquals("{DEADLINE_EXCEEDED=12}", one.sweep(Duration.ofHours(7)));

        assertEquals(
                "6", Sql.one("SELECT count(DISTINCT xmin::text) FROM delegation_events WHERE to_status = 'failed'"));
        make("gamma", 12);
        one.sweep(Duration.ofHours(7));
        make("delta", 16);
        one.sweep(Duration.ofHours(7));
        assertEquals(
                "2",
                Sql.one("SELECT count(DISTINCT e.xmin::text) FROM delegation_events e JOIN delegations d"
                        + " ON d.id = e.delegation WHERE d.delegation_id LIKE 'delta-%' AND e.to_status = 'failed'"));
    }

    /** A sweep whose first statement is struck by that. */
    private static void strike(Sweepers.One one, Duration later, String how) {
        try (Superuser superuser = Superuser.connect()) {
            SweepRows.park(superuser);
            try {
                var swept = CompletableFuture.supplyAsync(() -> one.sweep(later));
                for (int part = 0; part < 3 && !swept.isDone(); part++) {
                    Await.until("parked or over", () -> swept.isDone() || SweepRows.isParked(superuser));
                    SweepRows.strike(superuser, how);
                    Await.until("struck", () -> swept.isDone() || !SweepRows.isParked(superuser));
                    SweepRows.release(superuser);
                }
                assertEquals("{}", swept.join());
                assertTrue(
                        one.meters().get("rollcall.sweeper.failures").counter().count() > 0);
            } finally {
                SweepRows.unpark(superuser);
            }
        }
    }

    @Test
    void whenMoreThanHalfFallQuietAtOnceNobodyIsSilentUntilTwiceTheTime() {
        make("acme", 10);
        beat("acme-%", "0 s");
        for (int i = 1; i <= 6; i++) {
            // As beats are: not all at the same moment. The first has crossed the line, the last has not yet.
            beat("acme-" + i, 10 * 60 + 15 - 5 * i + " s");
        }
        var one = sweepers.one();

        assertEquals("{}", one.sweep(NOW));

        assertTrue(one.sweeper().watch().state().paused());
        assertEquals(10, one.sweeper().watch().state().live());
        assertEquals(6, one.sweeper().watch().state().quiet());
        assertEquals(1, one.meters().get("rollcall.sweeper.paused").gauge().value());
        stillBeating("8 minutes");
        assertEquals("{}", one.sweep(Duration.ofMinutes(9)));
        stillBeating("11 minutes");
        assertEquals("{LOST=6}", one.sweep(Duration.ofMinutes(11)));
        assertEquals("{}", one.sweep(Duration.ofMinutes(11)));
        assertFalse(one.sweeper().watch().state().paused());
        assertEquals(0, one.meters().get("rollcall.sweeper.paused").gauge().value());
    }

    /** The four that were not cut off, heard of so much later. */
    private static void stillBeating(String later) {
        for (String name : new String[] {"acme-7", "acme-8", "acme-9", "acme-10"}) {
            beat(name, "-" + later);
        }
    }

    @Test
    void aPauseEndsWhenTheyAreHeardOfAgain() {
        make("acme", 10);
        beat("acme-%", "11 minutes");
        var one = sweepers.one();
        assertEquals("{}", one.sweep(NOW));
        assertTrue(one.sweeper().watch().state().paused());

        beat("acme-%", "0 s");
        beat("acme-1", "11 minutes");

        assertEquals("{LOST=1}", one.sweep(NOW));
        assertFalse(one.sweeper().watch().state().paused());
        assertEquals(0, count("acme-%", "queued") - 9);
    }

    @Test
    void halfOfThemOrAFewAreNoReasonToPause() {
        make("acme", 10);
        beat("acme-%", "0 s");
        for (int i = 1; i <= 5; i++) {
            beat("acme-" + i, "11 minutes");
        }
        assertEquals("{LOST=5}", sweepers.one().sweep(NOW));

        SweepRows.empty();
        make("acme", 4);
        beat("acme-%", "11 minutes");
        assertEquals("{LOST=4}", sweepers.one().sweep(NOW));
    }

    @Test
    void theBrakeCanBeSwitchedOff() {
        make("acme", 10);
        beat("acme-%", "11 minutes");

        assertEquals("{LOST=10}", sweepers.one(BRAKE, "1").sweep(NOW));
    }

    @Test
    void healthAndMetricsSayWhatTheSweeperDoesWithoutTakingReadinessDown() {
        Await.until(
                "the first sweep",
                () -> !check("/q/health").at("/data/last_sweep").asText("never").equals("never"));

        JsonNode check = check("/q/health");
        assertEquals("UP", check.path("status").textValue());
        assertEquals("false", check.at("/data/paused").asText());
        assertEquals("0 %", check.at("/data/quiet_share").textValue());
        assertTrue(check.at("/data/boot_grace_until").textValue().endsWith("Z"));
        assertTrue(check("/q/health/ready").isMissingNode());
        assertTrue(check("/q/health/live").isMissingNode());
        String metrics = Call.get("/q/metrics").text();
        for (String line : new String[] {
            "rollcall_delegations_verdicts_total{outcome=\"deadline_exceeded\"} ",
            "rollcall_delegations_verdicts_total{outcome=\"cancelled\"} ",
            "rollcall_delegations_verdicts_total{outcome=\"lost\"} ",
            "rollcall_delegations_forgotten_total ",
            "rollcall_sweeper_sweep_seconds_count ",
            "rollcall_sweeper_failures_total ",
            "rollcall_sweeper_paused 0.0",
            "rollcall_sweeper_last_success_seconds 1."
        }) {
            assertTrue(metrics.contains("\n" + line), line + " in " + metrics);
        }
    }

    private static JsonNode check(String path) {
        return StreamSupport.stream(Call.get(path).json().path("checks").spliterator(), false)
                .filter(check -> check.path("name").textValue().equals("sweeper"))
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }
}
