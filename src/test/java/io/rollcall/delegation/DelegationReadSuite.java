package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /delegations/{id}}, its history and its tree. */
abstract class DelegationReadSuite {

    private Parties acme;
    private Parties beta;

    @BeforeEach
    void aTree() {
        Api.emptyTheDatabase();
        acme = Parties.make("Acme");
        beta = Parties.make("Beta");
        LedgerRows.insert(acme.org(), "top", acme.lead(), acme.dev());
        LedgerRows.insert(acme.org(), "a", acme.dev(), acme.other(), "top");
        LedgerRows.insert(acme.org(), "b", acme.dev(), acme.other(), "top");
        LedgerRows.insert(acme.org(), "a1", acme.other(), acme.lead(), "a");
        LedgerRows.insert(acme.org(), "b1", acme.other(), acme.lead(), "b");
        LedgerRows.insert(acme.org(), "a2", acme.other(), acme.lead(), "a");
    }

    @Test
    void oneHasItsTaskNoteResultAndLateResults() {
        Sql.run("UPDATE delegation_beats SET beat_at = now(), note = 'reading' WHERE delegation ="
                + " (SELECT id FROM delegations WHERE delegation_id = 'top')");
        JsonNode running = one(acme.read(), "top").json();
        assertEquals("Do top, all of it", running.path("task").asText());
        assertEquals("reading", running.path("note").asText());
        assertEquals("[]", running.path("late_results").toString());
        assertTrue(!running.has("result") && !running.has("idempotent_hit") && !running.has("id"), running::toString);

        LedgerRows.move("top", "failed");
        Sql.run("INSERT INTO delegation_payloads (delegation, kind, org_id, body)"
                + " SELECT id, 'result', org_id, '{\"n\": [1, null]}' FROM delegations WHERE delegation_id = 'top'");
        LedgerRows.lateResult("top", "{\"late\": 1}");
        LedgerRows.lateResult("top", "\"two\"");

        JsonNode ended = one(acme.read(), "top").json();
        assertEquals(
                "failed error went wrong",
                "%s %s %s"
                        .formatted(
                                ended.path("status").asText(),
                                ended.path("outcome").asText(),
                                ended.path("error_detail").asText()));
        assertEquals("{\"n\":[1,null]}", ended.path("result").toString());
        JsonNode late = ended.path("late_results");
        assertEquals(2, late.size());
        assertEquals("{\"late\":1}", late.get(0).path("result").toString());
        assertEquals(
                "completed agent 1 short",
                "%s %s %s %s"
                        .formatted(
                                late.get(0).path("status").asText(),
                                late.get(0).path("actor").asText(),
                                late.get(0).path("attempt"),
                                late.get(0).path("result_preview").asText()));
        assertEquals("\"two\"", late.get(1).path("result").toString());
    }

    @Test
    void lateResultsThatTogetherAreTooLargeAreShownInShort() {
        LedgerRows.move("top", "failed");
        for (String mark : List.of("x", "y", "z")) {
            LedgerRows.lateResult("top", "\"" + mark.repeat(4_000_000) + "\"");
        }

        JsonNode late = one(acme.read(), "top").json().path("late_results");

        assertEquals(3, late.size());
        assertEquals(4_000_000, late.get(1).path("result").asText().length());
        assertTrue(late.get(2).path("result").isNull());
        assertEquals("short", late.get(2).path("result_preview").asText());
    }

    @Test
    void theTagChangesWithWhateverIsShown() {
        var tags = new HashSet<String>();
        tags.add(one(acme.read(), "top").header("ETag"));
        assertEquals(tags, new HashSet<>(List.of(one(acme.read(), "top").header("ETag"))));
        Sql.run("UPDATE delegation_beats SET beat_at = now()");
        tags.add(one(acme.read(), "top").header("ETag"));
        LedgerRows.claim("top", "main");
        tags.add(one(acme.read(), "top").header("ETag"));
        LedgerRows.move("top", "failed");
        tags.add(one(acme.read(), "top").header("ETag"));
        LedgerRows.lateResult("top", "1");
        tags.add(one(acme.read(), "top").header("ETag"));
        assertEquals(5, tags.size(), tags::toString);
        assertTrue(tags.stream().allMatch(tag -> tag.matches("\"[^\"]+\"")), tags::toString);
    }

    @Test
    void eventsRunFromTheMakingOnInPages() {
        LedgerRows.claim("top", "main");
        LedgerRows.requestCancel("top");
        LedgerRows.move("top", "failed");
        LedgerRows.lateResult("top", "1");

        JsonNode all =
                Parties.get(acme.read(), "/delegations/top/events").expect(200).json();

        assertEquals(
                List.of(
                        "transition null queued 0",
                        "transition queued dispatched 1",
                        "cancel_requested null null 1",
                        "transition dispatched failed 1",
                        "late_result null completed 1"),
                StreamSupport.stream(all.path("items").spliterator(), false)
                        .map(event -> "%s %s %s %s"
                                .formatted(
                                        event.path("kind").asText(),
                                        event.path("from").asText(),
                                        event.path("to").asText(),
                                        event.path("attempt")))
                        .toList());
        assertTrue(all.path("next_cursor").isNull());
        JsonNode last = all.path("items").get(4);
        assertEquals(
                "{\"result_preview\":\"short\",\"error_detail\":null}",
                last.path("detail").toString());
        assertEquals(9, last.size(), last::toString);
        assertEquals(8, all.path("items").get(0).size(), "no detail where there is none");

        var paged = new ArrayList<JsonNode>();
        walk("/delegations/top/events", 2, paged);
        assertEquals(all.path("items").toString(), paged.toString().replace(", {", ",{"));
    }

    @Test
    void aTreeIsItsTopAndAllBelowParentsBeforeChildren() {
        assertEquals("top a b a1 b1 a2", tree(acme.read(), "top"));
        assertEquals("a a1 a2", tree(acme.read(), "a"));
        assertEquals("b1", tree(acme.read(), "b1"));
        for (int limit : List.of(1, 2, 4)) {
            var paged = new ArrayList<JsonNode>();
            walk("/delegations/top/tree", limit, paged);
            assertEquals("top a b a1 b1 a2", names(paged));
            paged.clear();
            walk("/delegations/a/tree", limit, paged);
            assertEquals("a a1 a2", names(paged));
        }
    }

    @Test
    void aWholeTreeIsShownAlsoWhereAParentIsForgotten() {
        LedgerRows.move("a", "completed");
        Sql.run("DELETE FROM delegations WHERE delegation_id = 'a'");

        assertEquals("top b a1 b1 a2", tree(acme.read(), "top"));
    }

    @Test
    void aTreeOfTenThousandIsReadInPages() {
        Sql.run("""
                INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, payload_sha256,
                                         parent_delegation_id, root_delegation_id, event_actor)
                SELECT ?::uuid, 'n' || i, ?::uuid, ?::uuid, 'x', sha256('x'),
                       CASE WHEN i < 5000 THEN CASE WHEN i = 1 THEN 'top' ELSE 'n' || i - 1 END ELSE 'n' || i - 4999 END, 'top', 't'
                  FROM generate_series(1, 9994) i
                """, acme.org(), acme.lead(), acme.dev());
        for (String from : List.of("top", "n1")) {
            var paged = new ArrayList<JsonNode>();
            walk("/delegations/" + from + "/tree", 500, paged);
            assertEquals(from.equals("top") ? 10_000 : 9_994, paged.size());
            var seen = new HashSet<String>(List.of("-", "top"));
            paged.forEach(row -> {
                assertTrue(seen.contains(row.path("parent_delegation_id").asText("-")), row::toString);
                seen.add(row.path("delegation_id").asText());
            });
            assertEquals(paged.size() + (from.equals("top") ? 1 : 2), seen.size(), "each once");
        }
    }

    @Test
    void aWorkspacesTokenSeesOnlyWhatItAskedOrWasAsked() {
        one(acme.leadToken(), "top");
        one(acme.leadToken(), "a1");
        for (String path : List.of("", "/events", "/tree")) {
            assertEquals(
                    404, Parties.get(acme.leadToken(), "/delegations/a" + path).status(), path);
            assertEquals(
                    Parties.get(acme.leadToken(), "/delegations/a" + path).get("detail"),
                    Parties.get(acme.leadToken(), "/delegations/x" + path)
                            .get("detail")
                            .replace(" x", " a"));
        }
        assertEquals("top a1 b1 a2", tree(acme.leadToken(), "top"), "without what is between others");
        assertEquals("a", tree(acme.devToken(), "a"), "of a part of a tree too");
    }

    @Test
    void anIdMeansItsOrganisationsOwnAndThePlatformHasToSayWhich() {
        LedgerRows.insert(beta.org(), "top", beta.lead(), beta.dev());
        for (String path : List.of("", "/events", "/tree")) {
            assertEquals(
                    "AMBIGUOUS_ID",
                    Call.get("/delegations/top" + path).expect(409).code(),
                    path);
            Call.get("/delegations/a" + path).expect(200);
            Parties.get(beta.read(), "/delegations/a" + path).expect(404);
        }
        assertEquals(beta.org(), one(beta.read(), "top").get("org_id"));
        assertEquals(acme.org(), one(acme.read(), "top").get("org_id"));
        assertEquals("top", tree(beta.read(), "top"));
        assertNotEquals(
                one(beta.read(), "top").header("ETag"), one(acme.read(), "top").header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "a%00b", "a%0Ab", "a%20b", "%F0%9F%A6%8A", "%ED%A0%80"})
    void anIdThatNobodyHasIs404(String id) {
        for (String path : List.of("", "/events", "/tree")) {
            assertEquals(
                    "NOT_FOUND",
                    Call.get("/delegations/" + id + path).expect(404).code(),
                    path);
        }
        Call.get("/delegations/" + "i".repeat(201)).expect(404);
    }

    @Test
    void anIdOfAllVisibleCharactersIsFound() {
        LedgerRows.insert(acme.org(), "ä/🦊?#%", acme.lead(), acme.dev());
        assertEquals(
                "ä/🦊?#%", one(acme.read(), "%C3%A4%2F%F0%9F%A6%8A%3F%23%25").get("delegation_id"));
    }

    @Test
    void badPagesAre400() {
        for (String path : List.of("/delegations/top/events", "/delegations/top/tree")) {
            assertEquals(
                    List.of("cursor"), Call.get(path + "?cursor=x").expect(400).violations());
            assertEquals(
                    List.of("limit"), Call.get(path + "?limit=501").expect(400).violations());
        }
    }

    private void walk(String path, int limit, List<JsonNode> into) {
        String cursor = "";
        do {
            JsonNode page = Parties.get(acme.read(), path + "?limit=" + limit + cursor)
                    .expect(200)
                    .json();
            assertTrue(page.path("items").size() <= limit);
            page.path("items").forEach(into::add);
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").asText();
        } while (!cursor.isEmpty());
    }

    private static Answer one(String token, String id) {
        return Parties.get(token, "/delegations/" + id).expect(200);
    }

    private static String tree(String token, String id) {
        JsonNode page =
                Parties.get(token, "/delegations/" + id + "/tree").expect(200).json();
        assertTrue(page.path("next_cursor").isNull());
        return names(page.path("items"));
    }

    private static String names(Iterable<JsonNode> rows) {
        return String.join(
                " ",
                StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.path("delegation_id").asText())
                        .toList());
    }
}
