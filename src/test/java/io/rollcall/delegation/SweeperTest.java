package io.rollcall.delegation;

import static io.rollcall.delegation.SweepRows.beat;
import static io.rollcall.delegation.SweepRows.count;
import static io.rollcall.delegation.SweepRows.make;
import static io.rollcall.delegation.SweepRows.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each verdict: on whom, with what consequences, how often, and how it is shared between organisations. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SweeperTest {

    private static final Duration NOW = Duration.ZERO;
    private static final Duration LATE = Duration.ofHours(6).plusSeconds(3);

    private static final String RECOVERABLE = "rollcall.delegations.stuck";

    /** Of delegation, its end's event, line and message. */
    private static final String CONSEQUENCES = """
            SELECT (SELECT string_agg(concat_ws(' ', e.from_status, e.to_status, e.actor), ', ' ORDER BY e.seq)
                      FROM delegation_events e WHERE e.delegation = d.id AND e.from_status IS NOT NULL),
                   (SELECT count(*) FROM activity_logs a WHERE a.delegation_id = d.delegation_id
                       AND a.method = 'delegate_result'),
                   (SELECT count(*) FROM inbox_messages m WHERE m.delegation = d.id)
              FROM delegations d WHERE d.delegation_id = ?
            """;

    @Inject
    Sweepers sweepers;

    @BeforeEach
    void emptyLedger() {
        SweepRows.empty();
    }

    @Test
    void whatIsPastItsDeadlineFailsWhateverElseIsTheMatterWithIt() {
        make("acme", 2);
        beat("acme-1", "5 minutes");
        SweepRows.askToStop("acme-1");

        assertEquals("{DEADLINE_EXCEEDED=2}", sweepers.one().sweep(LATE));

        assertEquals("failed|deadline_exceeded|t", state("acme-1"));
        assertEquals("failed|deadline_exceeded|t", state("acme-2"));
        assertEquals("queued failed sweeper|1|1", Sql.one(CONSEQUENCES, "acme-1"));
        String detail = Sql.one("SELECT error_detail FROM delegations WHERE delegation_id = 'acme-2'");
        assertTrue(
                detail.matches("deadline \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z exceeded by [2-9] s"),
                detail);
        assertEquals(
                detail,
                Sql.one("SELECT e.reason FROM delegation_events e JOIN delegations d ON d.id = e.delegation"
                        + " WHERE d.delegation_id = 'acme-2' AND e.to_status = 'failed'"));
    }

    @Test
    void whoWasAskedToStopHasTheGraceForIt() {
        make("acme", 2);
        SweepRows.askToStop("acme-1");
        var one = sweepers.one();

        assertEquals("{}", one.sweep(Duration.ofSeconds(25)));
        assertEquals("{CANCELLED=1}", one.sweep(Duration.ofSeconds(31)));

        assertEquals("failed|cancelled|t", state("acme-1"));
        assertEquals("queued failed sweeper|1|1", Sql.one(CONSEQUENCES, "acme-1"));
        assertEquals("queued|-|f", state("acme-2"));
        assertTrue(Sql.one("SELECT error_detail FROM delegations WHERE delegation_id = 'acme-1'")
                .matches("asked to stop, and not ended after 3\\d s"));
    }

    @Test
    void whoFellSilentIsStuckAndWhoWasNeverHeardIsLeftAlone() {
        make("acme", 3);
        beat("acme-1", "11 minutes 3 seconds");
        beat("acme-2", "9 minutes 30 seconds");

        assertEquals("{LOST=1}", sweepers.one().sweep(NOW));

        assertEquals("stuck|lost|t", state("acme-1"));
        assertEquals("queued stuck sweeper|1|1", Sql.one(CONSEQUENCES, "acme-1"));
        assertTrue(Sql.one("SELECT error_detail FROM delegations WHERE delegation_id = 'acme-1'")
                .matches("no heartbeat for 11 min \\d+ s"));
        assertEquals("queued|-|f", state("acme-2"));
        assertEquals("queued|-|f", state("acme-3"));
        assertEquals("{LOST=1}", sweepers.one().sweep(Duration.ofHours(5)));
        assertEquals("queued|-|f", state("acme-3"));
    }

    @Test
    void whoIsSilentAndWasAskedToStopIsCancelled() {
        make("acme", 1);
        beat("acme-1", "11 minutes");
        SweepRows.askToStop("acme-1");

        assertEquals("{CANCELLED=1}", sweepers.one().sweep(Duration.ofSeconds(31)));
    }

    @Test
    void nothingIsWrittenTwice() {
        make("acme", 3);
        beat("acme-1", "11 minutes");
        SweepRows.askToStop("acme-2");
        var one = sweepers.one();
        assertEquals("{CANCELLED=1, LOST=1}", one.sweep(Duration.ofMinutes(1)));
        List<String> before = SweepRows.versions();

        assertEquals("{}", one.sweep(Duration.ofMinutes(1)));
        assertEquals("{}", sweepers.one().sweep(Duration.ofMinutes(1)));

        assertEquals(before, SweepRows.versions());
    }

    @Test
    void aSweepThatFindsNothingWritesNothing() {
        make("acme", 20);
        make("beta", 20);
        beat("acme-1%", "9 minutes");
        SweepRows.askToStop("beta-1%");
        List<String> before = SweepRows.versions();

        assertEquals("{}", sweepers.one().sweep(Duration.ofSeconds(20)));

        assertEquals(before, SweepRows.versions());
    }

    @Test
    void aStuckOneThatMayRecoverIsWarnedOfOnceAndEndsByItsResultOrItsDeadline() {
        make("acme", 2);
        beat("acme-%", "11 minutes");
        var one = sweepers.one(RECOVERABLE, "recoverable");
        assertEquals("{LOST=2}", one.sweep(NOW));
        assertEquals("stuck|lost|f", state("acme-1"));
        assertEquals("queued stuck sweeper|0|0", Sql.one(CONSEQUENCES, "acme-1"));
        List<String> before = SweepRows.versions();
        assertEquals("{}", one.sweep(NOW));
        assertEquals(before, SweepRows.versions());

        Sql.run("UPDATE delegations SET status = 'completed', outcome = NULL, event_actor = 'agent'"
                + " WHERE delegation_id = 'acme-2'");
        assertEquals("{DEADLINE_EXCEEDED=1}", one.sweep(LATE));

        assertEquals("failed|deadline_exceeded|t", state("acme-1"));
        assertEquals("queued stuck sweeper, stuck failed sweeper|1|1", Sql.one(CONSEQUENCES, "acme-1"));
        assertEquals("queued stuck sweeper, stuck completed agent|1|1", Sql.one(CONSEQUENCES, "acme-2"));
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void aBatchIsSharedByTheOrganisations(Verdict verdict) {
        make("large", 2000);
        make("small", 3);
        beat("%", "11 minutes");
        if (verdict == Verdict.CANCELLED) {
            SweepRows.askToStop("%");
        }

        Duration later = verdict == Verdict.DEADLINE_EXCEEDED ? LATE : Duration.ofSeconds(31);

        assertEquals(verdict == Verdict.DEADLINE_EXCEEDED ? 253 : 500, batch(verdict, later));

        String status = verdict == Verdict.LOST ? "stuck" : "failed";
        assertEquals(3, count("small-%", status));
        assertEquals(500, batch(verdict, later));
        assertEquals(verdict == Verdict.DEADLINE_EXCEEDED ? 750 : 997, count("large-%", status));
    }

    @Test
    void aSweepSettlesAllThatIsDueInBatches() {
        make("large", 700);
        make("small", 3);

        assertEquals(
                "{DEADLINE_EXCEEDED=703}",
                sweepers.one("rollcall.sweeper.batch", "100").sweep(LATE));

        assertEquals(703, count("%", "failed"));
        assertEquals(
                "703|703|8",
                Sql.one("SELECT count(*), count(DISTINCT delegation), count(DISTINCT xmin::text)"
                        + " FROM delegation_events WHERE to_status = 'failed'"));
        assertEquals("703", Sql.one("SELECT count(*) FROM inbox_messages"));
    }

    private int batch(Verdict verdict, Duration later) {
        return sweepers.settle(verdict, later, sweepers.pick(verdict, later));
    }
}
