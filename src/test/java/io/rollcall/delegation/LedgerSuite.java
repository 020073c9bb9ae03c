package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A delegation's way through the ledger, and what its writes leave behind. */
abstract class LedgerSuite {

    static final String EVENTS = """
            SELECT e.kind, e.from_status, e.to_status, e.attempt FROM delegation_events e
              JOIN delegations d ON d.id = e.delegation WHERE d.delegation_id = ? ORDER BY e.seq""";

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    @Test
    void aDelegationGoesFromItsCallerToItsCalleeAndItsResultBack() {
        Answer made = team.ask(",\"delegation_id\":\"stars\",\"labels\":{\"sky\":\"north\"}")
                .expect(201);
        assertEquals("/delegations/stars", made.header("Location"));
        assertEquals("queued", made.get("status"));
        assertEquals("0", made.get("attempt"));
        assertEquals("stars", made.get("root_delegation_id"));
        assertEquals("unknown", made.get("liveness"));
        assertEquals("north", made.json().at("/labels/sky").asText());

        JsonNode claimed =
                team.claim("{\"agent_id\":\"a1\"}").expect(200).json().path("items");
        assertEquals(1, claimed.size());
        assertEquals("dispatched", claimed.at("/0/status").asText());
        assertEquals(1, claimed.at("/0/attempt").asInt());
        assertEquals("Count the stars", claimed.at("/0/task").asText());
        assertEquals("a1", claimed.at("/0/agent_id").asText());

        Answer started = team.report("stars", "{\"status\":\"in_progress\",\"attempt\":1,\"progress\":0.25}")
                .expect(200);
        assertEquals("applied", started.get("outcome"));
        assertEquals(0.25, started.json().at("/delegation/progress").asDouble());
        Answer beaten = team.beat("stars", "{\"attempt\":1,\"progress\":0.5,\"newer\":true}")
                .expect(200);
        assertEquals("true", beaten.get("recorded"));
        assertEquals("in_progress", beaten.get("status"));
        long next = beaten.json().path("next_heartbeat_ms").asLong();
        assertTrue(next >= 27_000 && next <= 33_000, beaten.text());
        assertTrue(beaten.json().path("deadline_in_ms").asLong() > 21_000_000, beaten.text());
        Answer done = team.report("stars", "{\"status\":\"completed\",\"attempt\":1,\"result\":{\"stars\":[1,2.50]}}")
                .expect(200);
        assertEquals("completed", done.json().at("/delegation/status").asText());
        assertEquals(
                "{\"stars\":[1,2.50]}",
                done.json().at("/delegation/result_preview").asText());
        assertEquals(0.5, done.json().at("/delegation/progress").asDouble());
        assertTrue(done.json().at("/delegation/last_heartbeat").isTextual(), done.text());

        assertEquals(
                List.of(
                        "transition|-|queued|0",
                        "transition|queued|dispatched|1",
                        "transition|dispatched|in_progress|1",
                        "transition|in_progress|completed|1"),
                Sql.rows(EVENTS, "stars"));
        assertEquals(
                List.of(
                        "delegate|queued",
                        "delegate_status|dispatched",
                        "delegate_status|in_progress",
                        "delegate_result|completed"),
                Sql.rows("SELECT method, status FROM activity_logs WHERE type = 'delegation' ORDER BY id"));
        assertEquals(team.boss() + "|1", Sql.one("SELECT workspace_id, seq FROM inbox_messages"));
        assertEquals(0, Sql.count("SELECT count(*) FROM delegation_beats"));
        assertEquals("false", team.beat("stars", "{\"attempt\":1}").expect(200).get("recorded"));
    }

    @Test
    void theSameAgainIsTheSameDelegationAndAnotherUnderItsIdOrKeyIsRefused() {
        String first = team.ask(",\"idempotency_key\":\"k\"").expect(201).get("delegation_id");
        Answer again = team.ask(",\"idempotency_key\":\"k\"").expect(200);
        assertEquals(first, again.get("delegation_id"));
        assertEquals("true", again.get("idempotent_hit"));
        assertEquals(
                "true",
                team.ask(",\"delegation_id\":\"" + first + "\"").expect(200).get("idempotent_hit"));

        assertEquals(
                "IDEMPOTENCY_KEY_REUSED",
                team.ask(",\"idempotency_key\":\"k\",\"deadline_seconds\":60")
                        .expect(422)
                        .code());
        assertEquals(
                "DELEGATION_ID_REUSED",
                team.ask(",\"delegation_id\":\"" + first + "\",\"deadline_seconds\":60")
                        .expect(422)
                        .code());
        String second = team.ask("").expect(201).get("delegation_id");
        assertEquals(
                422,
                team.ask(",\"delegation_id\":\"" + second + "\",\"idempotency_key\":\"k\"")
                        .status());
        assertEquals(2, Sql.count("SELECT count(*) FROM delegations"));
    }

    @Test
    void anEndIsAnEndAndWhatComesAfterIsKept() {
        String id = team.ask("").expect(201).get("delegation_id");
        team.report(id, "{\"status\":\"failed\",\"error_detail\":\"no sky\"}").expect(200);

        Answer late =
                team.report(id, "{\"status\":\"completed\",\"result\":\"42\"}").expect(409);
        team.report(id, "{\"status\":\"completed\",\"result\":\"42\"}").expect(409);

        assertEquals("ILLEGAL_TRANSITION", late.code());
        assertEquals("failed", late.json().at("/delegation/status").asText());
        assertEquals(
                List.of("transition|-|queued|0", "transition|queued|failed|0", "late_result|-|completed|0"),
                Sql.rows(EVENTS, id));
        assertEquals("\"42\"", Sql.one("SELECT result FROM delegation_events WHERE kind = 'late_result'"));
    }

    @Test
    void theSameReportAgainIsReplayedAndFillsInWhatWasMissing() {
        String id = team.ask("").expect(201).get("delegation_id");
        team.report(id, "{\"status\":\"completed\"}").expect(200);

        Answer again =
                team.report(id, "{\"status\":\"completed\",\"result\":\"42\"}").expect(200);
        Answer third =
                team.report(id, "{\"status\":\"completed\",\"result\":\"42\"}").expect(200);
        Answer other =
                team.report(id, "{\"status\":\"completed\",\"result\":\"43\"}").expect(200);

        assertEquals("replayed", again.get("outcome"));
        assertEquals("42", again.json().at("/delegation/result_preview").asText());
        assertEquals("replayed", third.get("outcome"));
        assertEquals("42", other.json().at("/delegation/result_preview").asText());
        assertEquals("\"42\"", Sql.one("SELECT body FROM delegation_payloads WHERE kind = 'result'"));
        assertEquals(
                List.of("transition|-|queued|0", "transition|queued|completed|0", "late_result|-|completed|0"),
                Sql.rows(EVENTS, id));
        assertEquals(1, Sql.count("SELECT count(*) FROM inbox_messages"));
    }

    @Test
    void aStaleAttemptIsFenced() {
        String id = team.ask("").expect(201).get("delegation_id");
        team.claim("").expect(200);

        Answer stale = team.report(id, "{\"status\":\"completed\",\"attempt\":0,\"result\":\"zombie\"}")
                .expect(409);
        Answer beat = team.beat(id, "{\"attempt\":0}").expect(200);

        assertEquals("FENCED", stale.code());
        assertEquals(1, stale.json().at("/delegation/attempt").asInt());
        assertEquals("false", beat.get("recorded"));
        assertEquals("1", beat.get("attempt"));
        assertEquals("dispatched", Sql.one("SELECT status FROM delegations"));
        assertEquals(1, Sql.count("SELECT count(*) FROM delegation_events WHERE kind = 'late_result'"));
    }

    @Test
    void onlyTheCalleeOrAnAdminMovesAndOnlyTheCallerAsks() {
        String id = team.ask("").expect(201).get("delegation_id");
        String path = "/delegations/" + id;
        String done = "{\"status\":\"completed\"}";

        assertEquals(403, Team.post(team.bossToken(), path + "/status", done).status());
        assertEquals(403, Team.post(team.bossToken(), path + "/heartbeat", "{}").status());
        assertEquals(403, Team.post(team.write(), path + "/status", done).status());
        String stranger = Team.token(team.other());
        assertEquals(404, Team.post(stranger, path + "/status", done).status());
        assertEquals(404, Team.post(stranger, path + "/heartbeat", "{}").status());
        assertEquals(403, Team.post(stranger, "/delegations", team.asking("")).status());
        assertEquals(
                404,
                Team.post(stranger, "/workspaces/" + team.worker() + "/delegations/claim", "{}")
                        .status());
        assertEquals("queued", Sql.one("SELECT status FROM delegations"));
        assertEquals(
                201, Team.post(team.write(), "/delegations", team.asking("")).status());
    }

    @Test
    void aChildsDeadlineIsNeverBeyondItsParents() {
        team.ask(",\"delegation_id\":\"p\",\"deadline_seconds\":60").expect(201);

        Answer child = Team.post(
                        team.workerToken(),
                        "/delegations",
                        "{\"caller_id\":\"" + team.worker() + "\",\"callee_id\":\"" + team.other()
                                + "\",\"task\":\"t\",\"parent_delegation_id\":\"p\"}")
                .expect(201);

        assertEquals("p", child.get("parent_delegation_id"));
        assertEquals("p", child.get("root_delegation_id"));
        assertEquals(Sql.one("SELECT count(DISTINCT deadline) FROM delegations"), "1");
    }

    @Test
    void anIdThatAnotherOrganisationHasIsFree() {
        Team globex = Team.make("Globex");
        team.ask(",\"delegation_id\":\"d\"").expect(201);

        globex.ask(",\"delegation_id\":\"d\",\"deadline_seconds\":9").expect(201);
        globex.report("d", "{\"status\":\"completed\"}").expect(200);

        assertEquals("queued", Sql.one("SELECT status FROM delegations WHERE org_id = ?::uuid", team.root()));
        assertEquals(
                "AMBIGUOUS_ID",
                Call.post("/delegations/d/status", "{\"status\":\"failed\"}")
                        .expect(409)
                        .code());
        assertEquals(
                "AMBIGUOUS_ID",
                Call.post("/delegations/d/cancel", "{}").expect(409).code());
        assertEquals(
                "AMBIGUOUS_ID",
                Call.post("/delegations/d/heartbeat", "{}").expect(409).code());
    }

    @Test
    void theOlderFormsOfAgentsDoTheSame() {
        String body = "{\"target_id\":\"" + team.worker() + "\",\"task\":\"t\",\"idempotency_key\":\"k\"}";
        Answer delegated = Team.post(team.bossToken(), "/workspaces/" + team.boss() + "/delegate", body)
                .expect(202);
        Answer again = Team.post(team.bossToken(), "/workspaces/" + team.boss() + "/delegate", body)
                .expect(200);
        assertEquals("delegated", delegated.get("status"));
        assertEquals(team.worker(), delegated.get("target_id"));
        assertEquals("true", again.get("idempotent_hit"));
        String id = delegated.get("delegation_id");
        assertEquals(id, again.get("delegation_id"));

        String updating = "/workspaces/" + team.worker() + "/delegations/" + id + "/update";
        String done = "{\"status\":\"completed\",\"response_preview\":\"done\"}";
        assertEquals(
                "completed",
                Team.post(team.workerToken(), updating, done).expect(200).get("status"));
        assertEquals("done", Sql.one("SELECT result_preview FROM delegations"));
        assertEquals(
                403,
                Team.post(team.bossToken(), updating.replace(team.worker(), team.boss()), done)
                        .status());

        String record = "{\"target_id\":\"" + team.worker() + "\",\"task\":\"t\",\"delegation_id\":\"r\"}";
        String recording = "/workspaces/" + team.boss() + "/delegations/record";
        assertEquals(
                "recorded",
                Team.post(team.bossToken(), recording, record).expect(202).get("status"));
        assertEquals(
                "true",
                Team.post(team.bossToken(), recording, record).expect(202).get("idempotent_hit"));
        assertEquals("dispatched", Sql.one("SELECT status FROM delegations WHERE delegation_id = 'r'"));
    }

    @Test
    void aRetryAsksTheSameOnceHoweverOftenItIsClicked() {
        String id = team.ask(",\"deadline_seconds\":100,\"labels\":{\"a\":\"b\"}")
                .expect(201)
                .get("delegation_id");
        String retrying = "/delegations/" + id + "/retry";
        assertEquals("IN_FLIGHT", retry(team.bossToken(), retrying).expect(409).code());
        team.report(id, "{\"status\":\"failed\"}").expect(200);
        assertEquals(403, retry(team.workerToken(), retrying).status());

        Answer retry = retry(team.bossToken(), retrying).expect(201);
        Answer again = retry(team.bossToken(), retrying).expect(200);

        assertEquals(id, retry.get("retry_of"));
        assertEquals("1", retry.get("retry_count"));
        assertEquals("queued", retry.get("status"));
        assertEquals("b", retry.json().at("/labels/a").asText());
        assertEquals(retry.get("delegation_id"), again.get("delegation_id"));
        assertEquals("true", again.get("idempotent_hit"));
        assertEquals(
                "Count the stars",
                team.claim("{}").expect(200).json().at("/items/0/task").asText());
    }

    @Test
    void aClaimTakesNoMoreThanAReplyCanCarry() {
        String task = "x".repeat(999_999);
        for (int i = 0; i < 6; i++) {
            Team.post(team.bossToken(), "/delegations", team.asking("").replace("Count the stars", task))
                    .expect(201);
        }

        assertEquals(
                5, team.claim("{\"limit\":10}").expect(200).json().path("items").size());
        assertEquals(
                1, team.claim("{\"limit\":10}").expect(200).json().path("items").size());
    }

    private static Answer retry(String token, String path) {
        return Call.of("POST", path).as(token).send();
    }
}
