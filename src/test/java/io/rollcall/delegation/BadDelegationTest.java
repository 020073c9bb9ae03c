package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input to the ledger: a problem that names what is wrong, and nothing written. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BadDelegationTest {

    private static final String ROWS = "SELECT "
            + List.of(
                            "delegations",
                            "delegation_payloads",
                            "delegation_beats",
                            "delegation_events",
                            "activity_logs",
                            "inboxes",
                            "inbox_messages",
                            "idempotency_keys")
                    .stream()
                    .map(table -> "(SELECT count(*) FROM " + table + ")")
                    .collect(Collectors.joining(", "));

    private Team team;
    private String before;

    @BeforeEach
    void aTeamWithADelegation() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
        team.ask(",\"delegation_id\":\"d\"").expect(201);
        before = state();
    }

    private static String state() {
        return Sql.one(ROWS)
                + Sql.rows("SELECT d.status, d.updated_at, b.beat_at, b.note FROM delegations d"
                        + " LEFT JOIN delegation_beats b ON b.delegation = d.id");
    }

    private void refused(Answer answer, int status, String code, String named) {
        assertEquals(status, answer.status(), answer::text);
        assertEquals(code, answer.code(), answer::text);
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertTrue(answer.text().contains(named), answer::text);
        assertEquals(before, state());
    }

    private Answer create(String more) {
        return Team.post(team.bossToken(), "/delegations", team.asking(more));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\"delegation_id\":\"\"; delegation_id; 1 to 200 visible characters",
                "\"delegation_id\":\"a b\"; delegation_id; 1 to 200 visible characters",
                "\"delegation_id\":\"a\\nb\"; delegation_id; 1 to 200 visible characters",
                "\"delegation_id\":\"a\\u0000b\"; delegation_id; NUL",
                "\"delegation_id\":\"\\ud800\"; delegation_id; surrogate",
                "\"delegation_id\":7; delegation_id; must be text",
                "\"idempotency_key\":\"\"; idempotency_key; 1 to 200 visible characters",
                "\"idempotency_key\":\"\\udc00\"; idempotency_key; surrogate",
                "\"parent_delegation_id\":\"a b\"; parent_delegation_id; 1 to 200 visible characters",
                "\"parent_delegation_id\":\"\\u0000\"; parent_delegation_id; NUL",
                "\"deadline_seconds\":0; deadline_seconds; from 1 to 604800",
                "\"deadline_seconds\":-5; deadline_seconds; from 1 to 604800",
                "\"deadline_seconds\":604801; deadline_seconds; from 1 to 604800",
                "\"deadline_seconds\":99999999999999999999; deadline_seconds; from 1 to 604800",
                "\"deadline_seconds\":1.5; deadline_seconds; whole number",
                "\"deadline_seconds\":\"60\"; deadline_seconds; whole number",
                "\"labels\":[]; labels; must be an object",
                "\"labels\":{\"a\":{}}; labels.a; must be text",
                "\"labels\":{\"a\":\"\\u0000\"}; labels.a; NUL",
                "\"labels\":{\"a\":\"\\ud800\"}; labels.a; surrogate",
            })
    void aFieldOfACreationIsNamed(String field, String path, String rule) {
        Answer answer = create("," + field);

        refused(answer, 422, "VALIDATION_FAILED", rule);
        assertEquals(List.of(path), answer.violations());
    }

    @Test
    void whatIsTooLongOrTooMuchIsNamedWithItsLimit() {
        String id = "x".repeat(201);
        refused(create(",\"delegation_id\":\"" + id + "\""), 422, "VALIDATION_FAILED", "1 to 200 visible");
        refused(create(",\"idempotency_key\":\"" + id + "\""), 422, "VALIDATION_FAILED", "1 to 200 visible");
        String labels =
                IntStream.range(0, 65).mapToObj(i -> "\"l" + i + "\":\"\"").collect(Collectors.joining(","));
        refused(create(",\"labels\":{" + labels + "}"), 422, "VALIDATION_FAILED", "at most 64 entries, has 65");
        refused(
                create(",\"labels\":{\"a\":\"" + "x".repeat(4001) + "\"}"),
                422,
                "VALIDATION_FAILED",
                "at most 4000 characters, has 4001");
        refused(asking("x".repeat(1_000_001)), 422, "VALIDATION_FAILED", "at most 1000000 characters, has 1000001");
        refused(asking("x".repeat(10 * 1024 * 1024)), 413, "BODY_TOO_LARGE", "10485760");
    }

    private Answer asking(String task) {
        return Team.post(team.bossToken(), "/delegations", team.asking("").replace("Count the stars", task));
    }

    @ParameterizedTest
    @CsvSource({"'',is required", "'\\u0000',NUL", "'\\ud800x',surrogate"})
    void aTaskThatIsNoneIsRefused(String task, String rule) {
        refused(asking(task), 422, "VALIDATION_FAILED", rule);
    }

    @Test
    void callerAndCalleeMustBeThereAndTwo() {
        String ask = "{\"caller_id\":%s,\"callee_id\":%s,\"task\":\"t\"}";
        String boss = "\"" + team.boss() + "\"";
        refused(
                Team.post(team.write(), "/delegations", ask.formatted(boss, boss)),
                400,
                "SELF_DELEGATION",
                "callee_id");
        refused(
                Team.post(
                        team.write(),
                        "/workspaces/" + team.boss() + "/delegate",
                        "{\"target_id\":" + boss + ",\"task\":\"t\"}"),
                400,
                "SELF_DELEGATION",
                "itself");
        refused(Team.post(team.write(), "/delegations", ask.formatted("7", "\"x\"")), 422, "VALIDATION_FAILED", "UUID");
        refused(Team.post(team.write(), "/delegations", "{\"task\":\"t\"}"), 422, "VALIDATION_FAILED", "callee_id");
        String nobody = "\"00000000-0000-7000-8000-000000000000\"";
        refused(Team.post(team.write(), "/delegations", ask.formatted(nobody, boss)), 404, "NOT_FOUND", "caller_id");
        refused(Team.post(team.write(), "/delegations", ask.formatted(boss, nobody)), 404, "NOT_FOUND", "callee_id");
        refused(create(",\"parent_delegation_id\":\"nobody\""), 404, "NOT_FOUND", "parent_delegation_id");
        refused(
                create(",\"delegation_id\":\"e\",\"parent_delegation_id\":\"e\""),
                404,
                "NOT_FOUND",
                "parent_delegation_id");
    }

    @Test
    void anUnknownFieldIsNamedWithTheNearestExceptInAHeartbeat() {
        refused(create(",\"deadline_second\":1"), 400, "BAD_REQUEST", "did you mean deadline_seconds?");
        refused(
                team.report("d", "{\"status\":\"failed\",\"error_details\":\"x\"}"),
                400,
                "BAD_REQUEST",
                "did you mean error_detail?");
        refused(team.claim("{\"wait_m\":1}"), 400, "BAD_REQUEST", "did you mean wait_ms?");
        refused(
                Team.post(team.bossToken(), "/delegations/d/cancel", "{\"reasons\":\"x\"}"),
                400,
                "BAD_REQUEST",
                "did you mean reason?");
        team.beat("d", "{\"progres\":1}").expect(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{}; status; is required",
                "{\"status\":\"done\"}; status; queued, dispatched, in_progress, completed, failed, stuck",
                "{\"status\":\"COMPLETED\"}; status; must be one of",
                "{\"status\":1}; status; must be one of",
                "{\"status\":\"in_progress\",\"result\":1}; result; in_progress has none yet",
                "{\"status\":\"completed\",\"outcome\":\"error\"}; outcome; is for failed alone",
                "{\"status\":\"failed\",\"outcome\":\"lost\"}; outcome; error, rejected",
                "{\"status\":\"completed\",\"attempt\":-1}; attempt; from 0 to 2147483647",
                "{\"status\":\"completed\",\"attempt\":\"1\"}; attempt; whole number",
                "{\"status\":\"completed\",\"progress\":1e999}; progress; finite",
                "{\"status\":\"completed\",\"result\":{\"a\":\"\\ud800\"}}; result; surrogate",
                "{\"status\":\"completed\",\"result_preview\":\"\\u0000\"}; result_preview; NUL",
                "{\"status\":\"failed\",\"error_detail\":\"\\udfff\"}; error_detail; surrogate",
                "{\"status\":\"failed\",\"error_detail\":\"\\u0000\"}; error_detail; NUL",
            })
    void aFieldOfAReportIsNamed(String report, String path, String rule) {
        Answer answer = team.report("d", report);

        // A word that is none of the vocabulary's is a malformed request, as everywhere.
        boolean word = answer.text().contains("must be one of");
        refused(answer, word ? 400 : 422, word ? "BAD_REQUEST" : "VALIDATION_FAILED", rule);
        assertEquals(List.of(path), answer.violations());
    }

    @Test
    void aFieldOfAClaimABeatACancelOrAnOlderFormIsNamed() {
        String unprocessable = "VALIDATION_FAILED";
        refused(team.claim("{\"limit\":0}"), 422, unprocessable, "from 1 to 100");
        refused(team.claim("{\"limit\":101}"), 422, unprocessable, "from 1 to 100");
        refused(team.claim("{\"wait_ms\":-1}"), 422, unprocessable, "from 0 to 30000");
        refused(team.claim("{\"wait_ms\":30001}"), 422, unprocessable, "from 0 to 30000");
        refused(team.claim("{\"agent_id\":\"\"}"), 422, unprocessable, "agent_id");
        refused(team.claim("{\"agent_id\":\"\\u0000\"}"), 422, unprocessable, "NUL");
        refused(team.claim("{\"agent_id\":\"" + "x".repeat(201) + "\"}"), 422, unprocessable, "at most 200");
        refused(team.beat("d", "{\"note\":\"\\u0000\"}"), 422, unprocessable, "NUL");
        refused(team.beat("d", "{\"note\":\"\\ud800\"}"), 422, unprocessable, "surrogate");
        refused(team.beat("d", "{\"progress\":\"1\"}"), 422, unprocessable, "must be a number");
        refused(team.beat("d", "{\"attempt\":2147483648}"), 422, unprocessable, "from 0 to 2147483647");
        String cancel = "/delegations/d/cancel";
        refused(Team.post(team.bossToken(), cancel, "{\"reason\":\"\\u0000\"}"), 422, unprocessable, "NUL");
        refused(
                Team.post(team.bossToken(), cancel, "{\"reason\":\"" + "x".repeat(501) + "\"}"),
                422,
                unprocessable,
                "at most 500 characters, has 501");
        String below = "/workspaces/" + team.boss();
        refused(Team.post(team.bossToken(), below + "/delegate", "{}"), 422, unprocessable, "target_id");
        refused(
                Team.post(
                        team.bossToken(),
                        below + "/delegations/record",
                        "{\"target_id\":\"" + team.worker() + "\",\"task\":\"t\"}"),
                422,
                unprocessable,
                "delegation_id");
        refused(
                Team.post(
                        team.workerToken(),
                        "/workspaces/" + team.worker() + "/delegations/d/update",
                        "{\"status\":\"stuck\"}"),
                400,
                "BAD_REQUEST",
                "completed, failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "%20", "a%20b", "%00", "%ff", "%0a"})
    void anIdThatNobodyHasIsUnknown(String id) {
        for (String what : List.of("status", "heartbeat", "cancel")) {
            Answer answer = Team.post(
                    TestDatabase.TOKEN,
                    "/delegations/" + id + "/" + what,
                    "status".equals(what) ? "{\"status\":\"failed\"}" : "{}");
            assertTrue(answer.status() == 404 || answer.status() == 400, answer::text);
            assertEquals(before, state());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "{\"task\":1,\"task\":2}", "{} x"})
    void whatIsNoObjectIsMalformed(String body) {
        refused(Team.post(team.bossToken(), "/delegations", body), 400, "BAD_REQUEST", "body");
        refused(team.report("d", body), 400, "BAD_REQUEST", "body");
    }
}
