package io.rollcall.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/activity}: the ledger's rows and the agents' own, in both logs that they concern. */
abstract class ActivitySuite {

    private Ledger acme;
    private String log;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Ledger.make("Acme");
        log = "/workspaces/" + acme.dev() + "/activity";
    }

    @Test
    void aDelegationIsInTheLogsOfBothSides() {
        acme.delegate("a");
        Ledger.move("a", "in_progress");
        Ledger.complete("a");

        List<String> said = List.of(
                "delegation delegate_result completed Did a callee",
                "delegation delegate_status in_progress  callee",
                "delegation delegate queued Do a caller");
        for (String reader : List.of(acme.dev(), acme.qa())) {
            Answer page = Call.get("/workspaces/" + reader + "/activity").expect(200);
            assertEquals(said, texts(page, "type", "method", "status", "summary", "actor"));
            String direction = reader.equals(acme.dev()) ? "sent" : "received";
            assertEquals(
                    Collections.nCopies(
                            3, String.join(" ", "a", direction, acme.dev(), acme.dev(), acme.qa(), acme.root())),
                    texts(page, "delegation_id", "direction", "source_id", "workspace_id", "target_id", "org_id"));
        }
        assertEquals(List.of(), texts(Call.get("/workspaces/" + acme.root() + "/activity"), "id"));
    }

    @Test
    void whatAnAgentAddsIsARowOfItsOwnInItsLogAndTheTargets() {
        String token = Ledger.agent(acme.dev());
        Answer added = Call.of("POST", log)
                .as(token)
                .json("""
                {"type": "a2a_send", "method": "message/send", "target_id": "%s", "delegation_id": "a", "status": "ok",
                 "summary": "two\\nlines", "detail": {"n": [1.10, null, "é"]}, "source_id": "%s"}
                """.formatted(acme.qa(), acme.dev()))
                .send()
                .expect(201);

        JsonNode row = added.json();
        assertTrue(row.path("created_at").asText().matches("\\d{4}-.*\\.\\d{3}Z"), added.text());
        assertEquals(
                "agent (" + Sql.one("SELECT id FROM tokens WHERE scope = 'workspace'") + ")",
                row.path("actor").asText());
        assertEquals(
                "{\"id\":1,\"org_id\":\"" + acme.root() + "\",\"workspace_id\":\"" + acme.dev() + "\",\"source_id\":\""
                        + acme.dev() + "\",\"target_id\":\"" + acme.qa()
                        + "\",\"direction\":\"sent\",\"type\":\"a2a_send\","
                        + "\"method\":\"message/send\",\"delegation_id\":\"a\",\"status\":\"ok\",\"summary\":\"two\\nlines\","
                        + "\"detail\":{\"n\":[1.10,null,\"é\"]},\"actor\":" + row.path("actor") + ",\"created_at\":"
                        + row.path("created_at") + "}",
                added.text().replace("\"n\": ", "\"n\":").replace(", ", ","));
        assertEquals(row, Call.get(log).expect(200).json().at("/items/0"));
        assertEquals(List.of("received"), texts(Call.get("/workspaces/" + acme.qa() + "/activity"), "direction"));
    }

    @Test
    void aRowWithoutTargetIsItsOwn() {
        Answer added = post("{\"type\":\"note\"}").expect(201);

        assertEquals("own", added.get("direction"));
        for (String absent : List.of("target_id", "method", "delegation_id", "status", "summary", "detail")) {
            assertTrue(added.json().path(absent).isNull(), absent);
        }
    }

    @Test
    void pagesGoFromNewToOldThroughSentReceivedAndOwnWithoutGapOrRepetition() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            String poster = i % 3 == 0 ? acme.qa() : acme.dev();
            String target = i % 3 == 0 ? acme.dev() : acme.qa();
            String to = i % 3 == 1 ? "" : ",\"target_id\":\"" + target + "\"";
            all.add(
                    0,
                    Call.post("/workspaces/" + poster + "/activity", "{\"type\":\"t" + i + "\"" + to + "}")
                            .expect(201)
                            .id());
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = Call.get(log + "?limit=4" + cursor).expect(200);
            seen.addAll(texts(page, "id"));
            cursor = page.json().path("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor");
            post("{\"type\":\"meanwhile\"}").expect(201);
        } while (!cursor.isEmpty());

        assertEquals(all, seen);
        assertEquals(List.of("sent", "own", "received"), texts(Call.get(log + "?types=t6,t7,t8"), "direction"));
    }

    @Test
    void typesChooseAmongTheRows() {
        acme.delegate("a");
        post("{\"type\":\"note\"}").expect(201);
        post("{\"type\":\"error\"}").expect(201);

        assertEquals(List.of("note"), texts(Call.get(log + "?types=note"), "type"));
        assertEquals(List.of("error", "delegation"), texts(Call.get(log + "?types=delegation,error"), "type"));
        assertEquals(List.of(), texts(Call.get(log + "?types=none"), "type"));
    }

    /** A page looks through 5,000 rows, so that its time does not grow with the log. */
    @Test
    void whatIsRareIsFoundPageByPage() {
        post("{\"type\":\"rare\",\"summary\":\"first\"}").expect(201);
        Ledger.serve(
                "INSERT INTO activity_logs (org_id, workspace_id, target_id, type, actor) SELECT ?::uuid, ?::uuid, ?::uuid,"
                        + " 'noise', 'a' FROM generate_series(1, 4000)",
                acme.root(),
                acme.dev(),
                acme.qa());
        Ledger.serve(
                "INSERT INTO activity_logs (org_id, workspace_id, target_id, type, actor) SELECT ?::uuid, ?::uuid, ?::uuid,"
                        + " 'noise', 'a' FROM generate_series(1, 4000)",
                acme.root(),
                acme.qa(),
                acme.dev());
        post("{\"type\":\"rare\",\"summary\":\"last\"}").expect(201);

        Answer first = Call.get(log + "?types=rare").expect(200);
        Answer second = Call.get(log + "?types=rare&cursor=" + first.get("next_cursor"));

        assertEquals(List.of("last"), texts(first, "summary"));
        assertEquals(List.of("first"), texts(second, "summary"));
        assertTrue(second.json().path("next_cursor").isNull());
        Answer cut = Call.get(log + "?types=noise&limit=2").expect(200);
        assertEquals(2, cut.json().path("items").size());
        assertEquals(
                List.of("7999", "7998"),
                texts(Call.get(log + "?types=noise&limit=2&cursor=" + cut.get("next_cursor")), "id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"types=a,", "types=a%20b", "types=%00", "limit=501", "cursor=zz"})
    void badParametersAreNamed(String query) {
        assertEquals(
                List.of(query.split("=")[0]),
                Call.get(log + "?" + query).expect(400).violations());
        Call.get(log + "?types=" + "a,".repeat(20) + "a").expect(400);
    }

    @Test
    void anotherSourceIsRefusedAndNothingWritten() {
        for (String source : List.of(acme.qa(), Ledger.UNKNOWN)) {
            Answer refused =
                    post("{\"type\":\"note\",\"source_id\":\"" + source + "\"}").expect(403);
            assertEquals("SPOOFED_SOURCE", refused.code());
        }
        assertEquals(0, rows());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {}~422~type
            {"type":""}~422~type
            {"type":"a b"}~422~type
            {"type":"a,b"}~422~type
            {"type":7}~422~type
            {"type":"delegation"}~422~type
            {"type":"note","method":""}~422~method
            {"type":"note","method":"a\\nb"}~422~method
            {"type":"note","status":" "}~422~status
            {"type":"note","delegation_id":""}~422~delegation_id
            {"type":"note","target_id":"x"}~422~target_id
            {"type":"note","source_id":"x"}~422~source_id
            {"type":"note","summary":"\\u0000"}~422~summary
            {"type":"note","detail":{"a":["\\u0000"]}}~422~detail
            {"type":"note","detail":{"a":"\\ud800"}}~422~detail
            {"type":"note","detail":{"a":1e400}}~422~detail
            {"type":"note","detail":[1]}~422~detail
            {"type":"note","actor":"me"}~400~actor
            {"type":"note","org_id":"00000000-0000-7000-8000-00000000abcd"}~400~org_id
            """)
    void badRowsAreNamedAndNotWritten(String body, int status, String field) {
        assertEquals(List.of(field), post(body).expect(status).violations());
        assertEquals(0, rows());
    }

    @ParameterizedTest
    @CsvSource({"type,100", "method,100", "status,100", "delegation_id,200", "summary,1000"})
    void textsHaveTheirLimits(String field, int limit) {
        String row = field.equals("type") ? "{\"type\":\"%s\"}" : "{\"type\":\"note\",\"" + field + "\":\"%s\"}";
        String letter = field.equals("type") ? "a" : "😀";

        assertEquals(
                letter.repeat(limit),
                post(row.formatted(letter.repeat(limit))).expect(201).get(field));
        Answer refused = post(row.formatted(letter.repeat(limit + 1))).expect(422);
        assertEquals(List.of(field), refused.violations());
        assertTrue(refused.get("detail").contains("" + limit), refused.text());
        assertEquals(1, rows());
    }

    @Test
    void aDetailHasAtMost64KiBAsItIsKept() {
        String most = "é".repeat(32_764);
        post("{\"type\":\"note\",\"detail\": {\"a\": \"" + most + "\"}}").expect(201);
        for (String value : List.of("\"" + most + "x\"", "[" + "1e300,".repeat(300) + "0]")) {
            Answer refused =
                    post("{\"type\":\"note\",\"detail\":{\"a\":" + value + "}}").expect(422);
            assertEquals(List.of("detail"), refused.violations());
            assertTrue(refused.get("detail").contains("65536"), refused.text());
        }
        assertEquals(1, rows());
    }

    @Test
    void aTargetIsAnotherLiveWorkspaceOfTheOrganisation() {
        Ledger other = Ledger.make("Other");
        String gone = Ledger.child(acme.root(), "Gone");
        Ledger.remove(gone, "Gone");

        for (String target : List.of(Ledger.UNKNOWN, other.dev(), gone)) {
            Answer refused =
                    post("{\"type\":\"note\",\"target_id\":\"" + target + "\"}").expect(404);
            assertTrue(refused.get("detail").contains(target + " (target_id)"), refused.text());
        }
        assertEquals(
                List.of("target_id"),
                post("{\"type\":\"note\",\"target_id\":\"" + acme.dev() + "\"}")
                        .expect(422)
                        .violations());
        assertEquals(0, rows());
    }

    @Test
    void aRepetitionUnderTheSameKeyAddsNothing() {
        List<Callable<Answer>> twins = Collections.nCopies(8, () -> keyed("{\"type\":\"note\"}"));
        for (Answer answer : Race.run(twins)) {
            assertTrue(List.of(201, 409).contains(answer.status()), answer::text);
        }

        Answer again = keyed("{\"type\":\"note\"}").expect(201);

        assertEquals("true", again.header("Idempotency-Replayed"));
        assertEquals(again.text(), keyed("{\"type\":\"note\"}").text());
        assertEquals(
                "IDEMPOTENCY_KEY_REUSED",
                keyed("{\"type\":\"other\"}").expect(422).code());
        assertEquals(1, rows());
    }

    @Test
    void agentsSpeakForThemselvesAndReadersNot() {
        String own = Ledger.agent(acme.dev());
        String others = Ledger.agent(acme.qa());
        String reader = acme.token("read");
        String note = "{\"type\":\"note\"}";

        Call.of("POST", log).as(own).json(note).send().expect(201);
        Call.of("POST", log).as(acme.token("write")).json(note).send().expect(201);
        Call.of("POST", log).as(reader).json(note).send().expect(403);
        Call.of("POST", log).as(others).json(note).send().expect(404);
        Call.of("GET", log).as(others).send().expect(404);
        assertEquals(2, texts(Call.of("GET", log).as(own).send(), "id").size());
        assertEquals(2, texts(Call.of("GET", log).as(reader).send(), "id").size());
        assertEquals(2, rows());
    }

    @Test
    void anUnknownWorkspaceHasNoLogAndARemovedOneNoMore() {
        post("{\"type\":\"note\"}").expect(201);
        Ledger.remove(acme.dev(), "Dev");

        for (String of : List.of(Ledger.UNKNOWN, "x")) {
            Call.get("/workspaces/" + of + "/activity").expect(404);
            Call.post("/workspaces/" + of + "/activity", "{\"type\":\"note\"}").expect(404);
        }
        assertFalse(Call.get(log).expect(410).get("removed_at").isEmpty());
        assertEquals("REMOVED", post("{\"type\":\"note\"}").expect(410).code());
        assertEquals(1, rows());
    }

    private Answer post(String body) {
        return Call.post(log, body);
    }

    private Answer keyed(String body) {
        return Call.of("POST", log).header("Idempotency-Key", "k-1").json(body).send();
    }

    private static long rows() {
        return Sql.count("SELECT count(*) FROM activity_logs");
    }

    private static List<String> texts(Answer page, String... members) {
        return StreamSupport.stream(page.expect(200).json().path("items").spliterator(), false)
                .map(item -> String.join(
                        " ",
                        List.of(members).stream()
                                .map(member -> item.path(member).isNull()
                                        ? ""
                                        : item.path(member).asText())
                                .toList()))
                .toList();
    }
}
