package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two of the rival's failures in the field: half a character at a preview's end, and parameters that only a mock took. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FieldFailuresTest {

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "漢", "😀"})
    void aPreviewIsCutBetweenCharacters(String character) {
        int size = character.getBytes(StandardCharsets.UTF_8).length;
        for (int bytes = 4094; bytes <= 4100; bytes++) {
            String text = "a".repeat(bytes % size) + character.repeat(bytes / size);
            String id = "d" + bytes;
            Team.post(
                            team.bossToken(),
                            "/delegations",
                            team.asking(",\"delegation_id\":\"" + id + "\"").replace("Count the stars", text))
                    .expect(201);
            String detail = bytes % 2 == 0 ? "\"result\":\"" : "\"result_preview\":\"";
            team.report(id, "{\"status\":\"failed\"," + detail + text + "\",\"error_detail\":\"" + text + "\"}")
                    .expect(200);

            for (String preview : List.of("task_preview", "result_preview", "error_detail")) {
                String kept = Sql.one("SELECT " + preview + " FROM delegations WHERE delegation_id = ?", id);
                int length = kept.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(text.startsWith(kept), preview);
                assertTrue(length <= 4096 && length > Math.min(bytes, 4096) - size, preview + " " + length);
            }
            assertEquals(
                    text,
                    Sql.one(
                            "SELECT p.body FROM delegation_payloads p JOIN delegations d ON d.id = p.delegation"
                                    + " WHERE d.delegation_id = ? AND p.kind = 'task'",
                            id));
        }
    }

    @Test
    void everyFieldThatMayBeAbsentMayBeAbsentOrNull() {
        var write = List.of(team.write(), team.bossToken(), TestDatabase.TOKEN);
        var work = List.of(team.workerToken(), TestDatabase.TOKEN);
        String delegate = "{\"target_id\":\"" + team.worker() + "\",\"task\":\"t\"%s}";
        for (String token : write) {
            for (String none :
                    nulls("delegation_id", "deadline_seconds", "parent_delegation_id", "idempotency_key", "labels")) {
                Team.post(token, "/delegations", team.asking(none)).expect(201);
            }
            for (String none : nulls("idempotency_key")) {
                Team.post(token, "/workspaces/" + team.boss() + "/delegate", delegate.formatted(none))
                        .expect(202);
            }
        }
        for (String token : work) {
            for (String none : nulls("progress", "attempt", "note")) {
                Team.post(token, "/delegations/" + made() + "/heartbeat", object(none))
                        .expect(200);
            }
            for (String none : nulls("attempt", "progress", "result_preview", "result", "error_detail", "outcome")) {
                for (String status : List.of("dispatched", "in_progress", "completed", "failed", "stuck")) {
                    String path = "/delegations/" + made() + "/status";
                    String report = "{\"status\":\"" + status + "\"" + none + "}";
                    assertEquals(
                            "applied",
                            Team.post(token, path, report).expect(200).get("outcome"));
                    assertEquals(
                            "replayed",
                            Team.post(token, path, report).expect(200).get("outcome"));
                }
            }
            for (String none : nulls("error", "response_preview")) {
                Team.post(
                                token,
                                "/workspaces/" + team.worker() + "/delegations/" + made() + "/update",
                                "{\"status\":\"failed\"" + none + "}")
                        .expect(200);
            }
            for (String none : nulls("limit", "wait_ms", "agent_id")) {
                assertEquals(
                        1,
                        Team.post(token, "/workspaces/" + team.worker() + "/delegations/claim", object(none))
                                .expect(200)
                                .json()
                                .path("items")
                                .size());
            }
        }
        for (String token : write) {
            for (String none : nulls("reason")) {
                Team.post(token, "/delegations/" + made() + "/cancel", object(none))
                        .expect(200);
            }
        }
        LedgerFacts.assertSound();
    }

    private String made() {
        return team.ask("").expect(201).get("delegation_id");
    }

    /** None of the fields; each null; all null. Each preceded by a comma. */
    private static List<String> nulls(String... fields) {
        var bodies = new ArrayList<String>();
        bodies.add("");
        var all = new StringBuilder();
        for (String field : fields) {
            bodies.add(",\"" + field + "\":null");
            all.append(",\"").append(field).append("\":null");
        }
        bodies.add(all.toString());
        return bodies;
    }

    private static String object(String fields) {
        return "{" + (fields.isEmpty() ? "" : fields.substring(1)) + "}";
    }
}
