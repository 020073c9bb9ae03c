package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /org/audit}: who did what, newest first. */
abstract class AuditSuite {

    private String acme;
    private String beta;

    @BeforeEach
    void twoOrganisations() {
        Api.emptyTheDatabase();
        acme = create("Acme", "r-1");
        beta = create("Beta", "r-2");
        Call.of("PATCH", "/workspaces/" + acme)
                .header("X-Request-Id", "r-3")
                .json("{\"tier\":2}")
                .send()
                .expect(200);
    }

    @Test
    void anEntrySaysWhoDidWhatToWhatAndWhen() {
        Await.until("all is sealed", () -> Sql.count("SELECT count(*) FROM audit_log WHERE sequence IS NULL") == 0);

        JsonNode items = page("");

        assertEquals(
                List.of(
                        acme + " workspace.changed " + acme + " r-3 2",
                        beta + " workspace.created " + beta + " r-2 1",
                        acme + " workspace.created " + acme + " r-1 1"),
                texts(items, "org_id", "action", "target", "request_id", "sequence"));
        JsonNode newest = items.get(0);
        assertEquals("platform admin", newest.path("actor").textValue());
        assertEquals("{}", newest.path("detail").toString());
        assertTrue(newest.path("at").textValue().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertEquals(
                Sql.rows("SELECT id, encode(sha256, 'hex') FROM audit_log ORDER BY id DESC"),
                texts(items, "id", "sha256").stream()
                        .map(text -> text.replace(' ', '|'))
                        .toList());
    }

    @Test
    void anEntryThatIsNotSealedYetHasNoPlaceAndNoHash() {
        try (var sealer = io.rollcall.Superuser.connectAsSealer()) {
            Sql.run("INSERT INTO audit_log (actor, action, target, request_id, detail)"
                    + " VALUES ('a', 'b', 'c', 'd', '{\"n\": [1]}')");

            JsonNode newest = page("").get(0);

            assertTrue(newest.path("sequence").isNull() && newest.path("sha256").isNull(), newest::toString);
            assertTrue(newest.path("org_id").isNull(), newest::toString);
            assertEquals("{\"n\":[1]}", newest.path("detail").toString());
        }
    }

    @Test
    void oneOrganisationsEntriesAreThoseAlone() {
        assertEquals(List.of("r-3", "r-1"), texts(page("?org_id=" + acme), "request_id"));
        assertEquals(List.of("r-2"), texts(page("?org_id=" + beta), "request_id"));
        assertEquals(List.of(), texts(page("?org_id=00000000-0000-7000-8000-000000000000"), "request_id"));
    }

    @Test
    void thePagesTogetherAreTheTrailWhateverIsWrittenMeanwhile() {
        List<String> before = Sql.rows("SELECT request_id FROM audit_log ORDER BY id DESC");
        var paged = new ArrayList<String>();
        String cursor = "";
        do {
            JsonNode page = Call.get("/org/audit?limit=1" + cursor).expect(200).json();
            paged.addAll(texts(page.path("items"), "request_id"));
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").textValue();
            create("Meanwhile " + paged.size(), "r-meanwhile");
        } while (!cursor.isEmpty());

        assertEquals(before, paged);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%20", "AAAA", "LTE", "MS4x", "OTk5OTk5OTk5OTk5OTk5OTk5OQ"})
    void aCursorThatNoReplyGaveIs400(String cursor) {
        assertEquals(
                List.of("cursor"),
                Call.get("/org/audit?cursor=" + cursor).expect(400).violations());
    }

    @Test
    void anOrganisationThatIsNoUuidAndALimitBeyond500Are400() {
        assertEquals(
                List.of("org_id"),
                Call.get("/org/audit?org_id=1-1-1-1-1").expect(400).violations());
        assertEquals(
                List.of("limit"), Call.get("/org/audit?limit=501").expect(400).violations());
    }

    @Test
    void withoutATokenThereIsNothing() {
        Call.of("GET", "/org/audit").anonymous().send().expect(401);
    }

    private static String create(String name, String requestId) {
        return Call.of("POST", "/workspaces")
                .header("X-Request-Id", requestId)
                .json("{\"name\":\"" + name + "\"}")
                .send()
                .expect(201)
                .id();
    }

    private static JsonNode page(String query) {
        return Call.get("/org/audit" + query).expect(200).json().path("items");
    }

    private static List<String> texts(JsonNode items, String... members) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> {
                    var words = new ArrayList<String>();
                    for (String member : members) {
                        words.add(item.path(member).asText());
                    }
                    return String.join(" ", words);
                })
                .toList();
    }
}
