package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.ParkedInserts;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who hangs up has asked all the same: the rival tied its writes to the request's cancellation, and lost every delegation for
 * five days (molecule-core). A claim alone is of use to nobody but who asks.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HangUpTest {

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    private String asking(String id) {
        return team.asking(",\"delegation_id\":\"" + id + "\"");
    }

    /** Hangs up while the transaction of the request stands in the middle of its write. */
    private void hangUpInTheMiddle(String table, String token, String path, String body, String... headers) {
        try (Superuser sql = Superuser.connect();
                ParkedInserts parked = ParkedInserts.park(sql, table, "AFTER", 1)) {
            var client = new HungUp(token, path, body, headers);
            parked.awaitParked();
            client.untilNoticed();
        }
    }

    private static void awaitStatus(String id, String status) {
        Await.until(id + " is " + status, () -> Sql.rows("SELECT status FROM delegations WHERE delegation_id = ?", id)
                .contains(status));
    }

    @Test
    void aCreationIsMadeAllTheSame() {
        hangUpInTheMiddle("delegations", team.bossToken(), "/delegations", asking("shared"));
        hangUpInTheMiddle("delegations", team.bossToken(), "/delegations", asking("keyed"), "Idempotency-Key: k");
        hangUpInTheMiddle(
                "delegations",
                team.bossToken(),
                "/workspaces/" + team.boss() + "/delegate",
                "{\"target_id\":\"" + team.worker() + "\",\"task\":\"t\",\"idempotency_key\":\"older\"}",
                "Idempotency-Key: l");
        hangUpInTheMiddle(
                "delegations",
                team.bossToken(),
                "/workspaces/" + team.boss() + "/delegations/record",
                "{\"target_id\":\"" + team.worker() + "\",\"task\":\"t\",\"delegation_id\":\"recorded\"}");

        awaitStatus("shared", "queued");
        awaitStatus("keyed", "queued");
        awaitStatus("recorded", "dispatched");
        Await.until(
                "delegated", () -> Sql.count("SELECT count(*) FROM delegations WHERE idempotency_key = 'older'") == 1);
        LedgerFacts.assertSound();
    }

    @Test
    void aReportACancelAndARetryAreWrittenAllTheSame() {
        team.ask(",\"delegation_id\":\"reported\"").expect(201);
        team.ask(",\"delegation_id\":\"updated\"").expect(201);
        team.ask(",\"delegation_id\":\"cancelled\"").expect(201);
        hangUpInTheMiddle(
                "delegation_events", team.workerToken(), "/delegations/reported/status", "{\"status\":\"failed\"}");
        hangUpInTheMiddle(
                "delegation_events",
                team.workerToken(),
                "/workspaces/" + team.worker() + "/delegations/updated/update",
                "{\"status\":\"completed\"}");
        hangUpInTheMiddle("delegation_events", team.bossToken(), "/delegations/cancelled/cancel", "{}");
        awaitStatus("reported", "failed");
        awaitStatus("updated", "completed");
        awaitStatus("cancelled", "failed");

        hangUpInTheMiddle("delegations", team.bossToken(), "/delegations/reported/retry", "");

        Await.until("retried", () -> Sql.count("SELECT count(*) FROM delegations WHERE retry_of = 'reported'") == 1);
        LedgerFacts.assertSound();
    }

    /** Perhaps before the body, which a worker reads when it is large, has been read. */
    @Test
    void soIsThatOfWhoHangsUpRightAfterSending() {
        // While its token is looked up for the first time nobody has asked yet: from then on it is known.
        team.ask("").expect(201);
        IntStream.range(0, 40).forEach(i -> new HungUp(
                        team.bossToken(),
                        "/delegations",
                        asking("d" + i).replace("stars", i % 4 == 0 ? "stars" : "x".repeat(500_000)),
                        i % 2 == 0 ? "X-Any: 1" : "Idempotency-Key: k" + i)
                .untilClosed());

        Await.until("all are made", () -> Sql.count("SELECT count(*) FROM delegations") == 41);
        LedgerFacts.assertSound();
    }

    @Test
    void aClaimThatWaitsForNobodyTakesNothing() {
        String path = "/workspaces/" + team.worker() + "/delegations/claim";
        for (int i = 0; i < 5; i++) {
            var waiting = new HungUp(team.workerToken(), path, "{\"wait_ms\":30000}");
            for (int look = 0; look < 3; look++) {
                assertEquals("{\"items\":[]}", team.claim("{}").expect(200).text());
            }
            waiting.untilNoticed();
            String id = team.ask("").expect(201).get("delegation_id");

            assertEquals(id, claimed());
        }
    }

    /** It may be at the database when its asker goes; then it has been made, and the agent learns of it by reconciling. */
    @Test
    void aClaimWhoseAskerGoesAtOnceLosesNothing() {
        String path = "/workspaces/" + team.worker() + "/delegations/claim";
        int living = 0;
        for (int i = 0; i < 8; i++) {
            new HungUp(team.workerToken(), path, "{\"wait_ms\":30000}").untilNoticed();
            String id = team.ask("").expect(201).get("delegation_id");

            String claimed = claimed();
            if (claimed.equals(id)) {
                living++;
            } else {
                assertEquals("", claimed);
                assertEquals("dispatched", Sql.one("SELECT status FROM delegations WHERE delegation_id = ?", id));
            }
        }
        assertTrue(living > 0, "whoever is gone waits on, and takes all");
        LedgerFacts.assertSound();
    }

    private String claimed() {
        return team.claim("{}").expect(200).json().at("/items/0/delegation_id").asText();
    }

    @Test
    void aClaimThatHangsUpBeforeItsTurnTakesNothing() {
        String otherToken = Team.token(team.other());
        String otherClaim = "/workspaces/" + team.other() + "/delegations/claim";
        assertEquals("{\"items\":[]}", team.claim("{}").expect(200).text());
        Team.post(team.bossToken(), "/delegations", asking("first").replace(team.worker(), team.other()))
                .expect(201);
        team.ask(",\"delegation_id\":\"d\"").expect(201);
        CompletableFuture<Answer> first;
        try (Superuser sql = Superuser.connect();
                ParkedInserts parked = ParkedInserts.park(sql, "delegation_events", "AFTER", 1)) {
            first = CompletableFuture.supplyAsync(() -> Team.post(otherToken, otherClaim, "{}"));
            parked.awaitParked();
            new HungUp(team.workerToken(), "/workspaces/" + team.worker() + "/delegations/claim", "{}").untilNoticed();
            everyEventLoopHasATurn();
        }
        first.join().expect(200);

        assertEquals(
                "d",
                team.claim("{}").expect(200).json().at("/items/0/delegation_id").asText());
    }

    /** A closed socket is seen before the one who waited on it is told; connections go round the event loops. */
    private static void everyEventLoopHasATurn() {
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            new HungUp("nobody", "/q/health/live", "").untilClosed();
        }
    }
}
