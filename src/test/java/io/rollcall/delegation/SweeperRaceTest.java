package io.rollcall.delegation;

import static io.rollcall.delegation.SweepRows.COMPLETE;
import static io.rollcall.delegation.SweepRows.beat;
import static io.rollcall.delegation.SweepRows.make;
import static io.rollcall.delegation.SweepRows.state;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A verdict meets what happens at the same time: the sweeper is stopped between reading and locking, or meets locks. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SweeperRaceTest {

    private static final Duration NOW = Duration.ZERO;
    private static final Duration LATE = Duration.ofHours(7);
    private static final String BEAT = "UPDATE delegation_beats SET beat_at = now() WHERE delegation ="
            + " (SELECT id FROM delegations WHERE delegation_id = 'acme-1')";

    @Inject
    Sweepers sweepers;

    @BeforeEach
    void emptyLedger() {
        SweepRows.empty();
        make("acme", 2);
        beat("acme-%", "11 minutes");
    }

    @Test
    void aBeatThatLandsBetweenReadingAndLockingWins() {
        assertEquals(1, settledWhile(Verdict.LOST, BEAT));

        assertEquals("queued|-|f", state("acme-1"));
        assertEquals("stuck|lost|t", state("acme-2"));
    }

    @Test
    void aBeatThatIsBeingWrittenIsNotWaitedForAndWins() {
        try (Superuser agent = Superuser.connect()) {
            agent.begin();
            agent.execute(BEAT);

            assertEquals("{LOST=1}", sweepers.one().sweep(NOW));

            agent.execute("COMMIT");
        }
        assertEquals("{}", sweepers.one().sweep(NOW));
        assertEquals("queued|-|f", state("acme-1"));
    }

    @Test
    void aCompletionBetweenReadingAndLockingWinsOverSilence() {
        assertEquals(1, settledWhile(Verdict.LOST, COMPLETE.formatted("acme-1")));

        assertCompletedOnce();
    }

    @Test
    void aCompletionBetweenReadingAndLockingWinsOverTheDeadline() {
        assertEquals(1, settledWhile(Verdict.DEADLINE_EXCEEDED, COMPLETE.formatted("acme-1")));

        assertCompletedOnce();
    }

    @Test
    void aCompletionThatIsBeingWrittenIsNotWaitedForAndWins() {
        try (Superuser agent = Superuser.connect()) {
            agent.begin();
            agent.execute("SELECT id FROM delegations WHERE delegation_id = 'acme-1' FOR UPDATE");

            assertEquals("{DEADLINE_EXCEEDED=1}", sweepers.one().sweep(LATE));

            agent.execute(COMPLETE.formatted("acme-1"));
            agent.execute("COMMIT");
        }
        assertEquals("{}", sweepers.one().sweep(LATE));
        assertCompletedOnce();
    }

    @Test
    void aCompletionAfterTheVerdictIsRefused() {
        assertEquals("{LOST=2}", sweepers.one().sweep(NOW));

        assertEquals("RC202", Sql.refusal(COMPLETE.formatted("acme-1")));

        assertEquals("2", Sql.one("SELECT count(*) FROM inbox_messages"));
    }

    /** The verdict's statement has its snapshot when this is written, and none of its locks. */
    private int settledWhile(Verdict verdict, String sql) {
        Duration later = verdict == Verdict.DEADLINE_EXCEEDED ? LATE : NOW;
        List<Long> picked = sweepers.pick(verdict, later);
        assertEquals(2, picked.size());
        try (Superuser superuser = Superuser.connect()) {
            SweepRows.park(superuser);
            try {
                var settled = CompletableFuture.supplyAsync(() -> sweepers.settle(verdict, later, picked));
                SweepRows.awaitParked(superuser);
                superuser.execute(sql);
                SweepRows.release(superuser);
                return settled.join();
            } finally {
                SweepRows.unpark(superuser);
            }
        }
    }

    private static void assertCompletedOnce() {
        assertEquals("completed|-|t", state("acme-1"));
        assertEquals(
                "1|1",
                Sql.one("SELECT (SELECT count(*) FROM delegation_events e WHERE e.delegation = d.id"
                        + " AND e.to_status IN ('completed', 'failed', 'stuck')),"
                        + " (SELECT count(*) FROM inbox_messages m WHERE m.delegation = d.id)"
                        + " FROM delegations d WHERE d.delegation_id = 'acme-1'"));
    }
}
