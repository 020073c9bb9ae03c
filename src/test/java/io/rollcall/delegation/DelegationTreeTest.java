package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.ParkedInserts;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of delegations: cancelled whole, whoever comes late, and never beyond the parent's deadline. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DelegationTreeTest {

    private static final String STATUS =
            "SELECT status, outcome, finished_at IS NOT NULL AS ended FROM delegations" + " WHERE delegation_id = ?";

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    private Answer cancel(String id) {
        return Team.post(team.bossToken(), "/delegations/" + id + "/cancel", "{\"reason\":\"enough\"}");
    }

    private Answer askBelow(String parent, String id) {
        return team.ask(",\"delegation_id\":\"" + id + "\",\"parent_delegation_id\":\"" + parent + "\"");
    }

    private void assertSettled(String id) {
        assertEquals("failed|cancelled|t", Sql.one(STATUS, id));
        assertEquals(List.of("transition|-|queued|0", "transition|queued|failed|0"), Sql.rows(LedgerSuite.EVENTS, id));
        assertEquals(
                1,
                Sql.count(
                        "SELECT count(*) FROM inbox_messages m JOIN delegations d ON d.id = m.delegation"
                                + " WHERE d.delegation_id = ?",
                        id));
    }

    /** Ten children each; one in ten is at work. Made in a quiet hour: the planner knows of none in flight. */
    @Test
    void tenThousandAreCancelledAtOnceAndTheNextChildIsSettled() {
        SeededDelegations.quietHour(team);
        SeededDelegations.tree(team, 10_000, "((n - 2) / 10 + 1)");
        Sql.run("UPDATE delegations SET status = 'in_progress', event_actor = 'seed'"
                + " WHERE id % 10 = 0 AND finished_at IS NULL");

        long start = System.nanoTime();
        Answer cancelled = cancel("node-1").expect(200);
        System.out.printf("A tree of 10,000 cancelled in %d ms%n", (System.nanoTime() - start) / 1_000_000);
        Answer child = askBelow("node-10000", "late").expect(201);

        assertEquals("{\"failed\":9000,\"cancel_requested\":1000}", cancelled.text());
        assertEquals("failed", child.get("status"));
        assertEquals("cancelled", child.get("outcome"));
        assertSettled("late");
        assertEquals(10_001, Sql.count("SELECT last_seq FROM inboxes"));
        assertEquals("1000", Sql.one("SELECT count(*) FROM delegation_events WHERE kind = 'cancel_requested'"));
        assertEquals(
                "{\"failed\":0,\"cancel_requested\":0}",
                cancel("node-1").expect(200).text());
        LedgerFacts.assertSound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(n - 1)", "1"})
    void aChainAndAFanOfFiveThousandAreCancelledWhole(String parent) {
        SeededDelegations.tree(team, 5000, parent);

        long start = System.nanoTime();
        Answer cancelled = cancel("node-1").expect(200);
        System.out.printf("5,000 with parent %s cancelled in %d ms%n", parent, (System.nanoTime() - start) / 1_000_000);

        assertEquals("{\"failed\":5000,\"cancel_requested\":0}", cancelled.text());
        LedgerFacts.assertSound();
    }

    @Test
    void aBranchIsCancelledWithoutTheRestOfItsTree() {
        SeededDelegations.tree(team, 15, "(n / 2)");

        assertEquals(
                "{\"failed\":7,\"cancel_requested\":0}",
                cancel("node-2").expect(200).text());

        assertEquals(
                List.of("1", "3", "6", "7", "12", "13", "14", "15"),
                Sql.rows("SELECT substr(delegation_id, 6) FROM delegations WHERE status = 'queued' ORDER BY id"));
        assertEquals(
                "{\"failed\":8,\"cancel_requested\":0}",
                cancel("node-1").expect(200).text());
    }

    @Test
    void aChildOfWhomTheCancelFindsNothingYetIsFoundByItsSecondLook() {
        SeededDelegations.tree(team, 3, "(n - 1)");
        CompletableFuture<Answer> child;
        CompletableFuture<Answer> cancelled;
        try (Superuser sql = Superuser.connect();
                ParkedInserts parked = ParkedInserts.park(sql, "delegations", "AFTER", 1)) {
            child = CompletableFuture.supplyAsync(() -> askBelow("node-3", "child"));
            parked.awaitParked();
            cancelled = CompletableFuture.supplyAsync(() -> cancel("node-1"));
            awaitBlocked(sql);
        }

        assertEquals("queued", child.join().expect(201).get("status"));
        assertEquals(
                "{\"failed\":4,\"cancel_requested\":0}",
                cancelled.join().expect(200).text());
        assertSettled("child");
        LedgerFacts.assertSound();
    }

    @Test
    void aChildThatMeetsACancelInTheMiddleIsSettledAfterIt() {
        SeededDelegations.tree(team, 3, "(n - 1)");
        CompletableFuture<Answer> child;
        CompletableFuture<Answer> cancelled;
        try (Superuser sql = Superuser.connect();
                ParkedInserts parked = ParkedInserts.park(sql, "delegation_events", "AFTER", 1)) {
            cancelled = CompletableFuture.supplyAsync(() -> cancel("node-1"));
            parked.awaitParked();
            child = CompletableFuture.supplyAsync(() -> askBelow("node-3", "child"));
            awaitBlocked(sql);
        }

        assertEquals(
                "{\"failed\":3,\"cancel_requested\":0}",
                cancelled.join().expect(200).text());
        assertEquals("failed", child.join().expect(201).get("status"));
        assertSettled("child");
        LedgerFacts.assertSound();
    }

    private static void awaitBlocked(Superuser sql) {
        Await.until(
                "a transaction waits for a row",
                () -> sql.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rollcall'"
                                + " AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')")
                        > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "stuck"})
    void aChildOfWhatHasEndedIsSettled(String end) {
        team.ask(",\"delegation_id\":\"parent\"").expect(201);
        team.report("parent", "{\"status\":\"" + end + "\"}").expect(200);

        assertEquals("failed", askBelow("parent", "child").expect(201).get("status"));

        assertSettled("child");
        assertEquals("failed", askBelow("parent", "child").expect(200).get("status"));
        assertEquals("[]", team.claim("{}").expect(200).json().path("items").toString());
    }

    @Test
    void aDeadlineIsClampedOverAllLevels() {
        team.ask(",\"delegation_id\":\"a\",\"deadline_seconds\":60").expect(201);
        askBelow("a", "b").expect(201);
        team.ask(",\"delegation_id\":\"c\",\"parent_delegation_id\":\"b\",\"deadline_seconds\":3600")
                .expect(201);
        team.ask(",\"delegation_id\":\"d\",\"parent_delegation_id\":\"c\",\"deadline_seconds\":5")
                .expect(201);

        assertEquals(
                List.of("a|60|a|-", "b|60|a|a", "c|60|a|b", "d|5|a|c"),
                Sql.rows("SELECT d.delegation_id, CASE WHEN d.deadline = a.deadline THEN 60"
                        + " ELSE extract(epoch FROM d.deadline - d.created_at)::int END, d.root_delegation_id,"
                        + " d.parent_delegation_id FROM delegations d, delegations a WHERE a.delegation_id = 'a'"
                        + " ORDER BY d.id"));
    }

    @Test
    void onlyItsCallerCancels() {
        team.ask(",\"delegation_id\":\"d\"").expect(201);

        assertEquals(
                "FORBIDDEN",
                Team.post(team.workerToken(), "/delegations/d/cancel", "{}")
                        .expect(403)
                        .code());
        Team.post(Team.token(team.other()), "/delegations/d/cancel", "{}").expect(404);
        Team.post(Team.make("Globex").write(), "/delegations/d/cancel", "{}").expect(404);
        assertEquals("queued|-|f", Sql.one(STATUS, "d"));
        Team.post(team.write(), "/delegations/d/cancel", "{}").expect(200);
        assertSettled("d");
    }

    @Test
    void whatRunsIsAskedToStopOnceAndMayStillEndAsItWill() {
        team.ask(",\"delegation_id\":\"d\"").expect(201);
        team.claim("{}").expect(200);

        assertEquals(
                "{\"failed\":0,\"cancel_requested\":1}", cancel("d").expect(200).text());
        assertEquals(
                "{\"failed\":0,\"cancel_requested\":0}", cancel("d").expect(200).text());

        assertEquals("true", team.beat("d", "{\"attempt\":1}").expect(200).get("cancel_requested"));
        team.report("d", "{\"status\":\"completed\",\"attempt\":1}").expect(200);
        assertEquals(
                List.of(
                        "transition|-|queued|0",
                        "transition|queued|dispatched|1",
                        "cancel_requested|-|-|1",
                        "transition|dispatched|completed|1"),
                Sql.rows(LedgerSuite.EVENTS, "d"));
        assertEquals(
                "{\"failed\":0,\"cancel_requested\":0}", cancel("d").expect(200).text());
        LedgerFacts.assertSound();
    }

    @Test
    void aRetryStandsBelowTheParentWhileThatIsOpenElseAlone() {
        team.ask(",\"delegation_id\":\"parent\"").expect(201);
        askBelow("parent", "one").expect(201);
        askBelow("parent", "two").expect(201);
        team.report("one", "{\"status\":\"failed\"}").expect(200);
        team.report("two", "{\"status\":\"failed\"}").expect(200);

        Answer below = retry("one").expect(201);
        team.report("parent", "{\"status\":\"completed\"}").expect(200);
        Answer alone = retry("two").expect(201);

        assertEquals("parent", below.get("parent_delegation_id"));
        assertEquals("null", alone.get("parent_delegation_id"));
        assertEquals(alone.get("delegation_id"), alone.get("root_delegation_id"));
        assertEquals("queued", alone.get("status"));
        assertEquals(below.get("delegation_id"), retry("one").expect(200).get("delegation_id"));
    }

    private Answer retry(String id) {
        return Call.of("POST", "/delegations/" + id + "/retry")
                .as(team.bossToken())
                .send();
    }

    /** What the sweeper does to who missed the deadline: it knows nothing of progress. */
    @Test
    void theEndKeepsTheLastProgressWhoeverBringsIt() {
        team.ask(",\"delegation_id\":\"d\"").expect(201);
        team.report("d", "{\"status\":\"in_progress\",\"progress\":0.25}").expect(200);
        team.beat("d", "{\"progress\":0.5}").expect(200);

        Sql.run("UPDATE delegations SET status = 'failed', outcome = 'deadline_exceeded', event_actor = 'sweeper',"
                + " event_reason = NULL WHERE delegation_id = 'd'");

        assertEquals("0.5", Sql.one("SELECT progress FROM delegations"));
    }
}
