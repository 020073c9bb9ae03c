package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.UNKNOWN;
import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.read;
import static io.rollcall.workspace.Trees.removal;
import static io.rollcall.workspace.Trees.remove;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /workspaces} and {@code GET /workspaces/{id}}. */
abstract class TreeReadSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void anUnknownOrMalformedIdIs404() {
        assertEquals("NOT_FOUND", read(UNKNOWN).expect(404).code());
        for (String id : List.of("7", "1-1-1-1-1", "not-an-id", UNKNOWN + "0", "%00")) {
            assertEquals("NOT_FOUND", read(id).expect(404).code(), id);
        }
    }

    @Test
    void anIdMayBeWrittenInCapitals() {
        String id = root("Acme");

        assertEquals(id, read(id.toUpperCase(java.util.Locale.ROOT)).expect(200).id());
    }

    @Test
    void aTombstoneIs410WithTheTimeOfItsRemovalUnlessAskedFor() {
        String id = root("Acme");
        remove(id, "Acme").expect(200);
        String removedAt = Sql.one(
                "SELECT to_char(removed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM workspaces");

        Answer gone = read(id).expect(410);
        Answer shown = read(id + "?include_removed=true").expect(200);

        assertEquals("REMOVED", gone.code());
        assertEquals(id, gone.id());
        assertEquals(removedAt, gone.get("removed_at"));
        assertEquals("removed", shown.get("status"));
        assertEquals(removedAt, shown.get("removed_at"));
        assertEquals("\"2\"", shown.header("ETag"));
    }

    @Test
    void aLiveNodeHasNoRemovedAt() {
        assertFalse(read(root("Acme")).json().has("removed_at"));
    }

    @Test
    void anEmptyTreeIsAnEmptyArray() {
        assertEquals("[]", Call.get("/workspaces").expect(200).text().strip());
        assertEquals("", lines("").expect(200).text());
    }

    @Test
    void theListIsFlatAndOfOneOrganisationOrParentOnRequest() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String test = child(dev, "Test");
        String other = root("Other");

        assertEquals(List.of(acme, dev, test, other), ids(Call.get("/workspaces")));
        assertEquals(List.of(dev), ids(Call.get("/workspaces?parent_id=" + acme)));
        assertEquals(List.of(), ids(Call.get("/workspaces?parent_id=" + other)));
        assertEquals(List.of(), ids(Call.get("/workspaces?parent_id=" + UNKNOWN)));
        JsonNode third = Call.get("/workspaces").json().path(2);
        assertEquals("Test", third.path("name").textValue());
        assertEquals(dev, third.path("parent_id").textValue());
        assertEquals(acme, third.path("org_id").textValue());
        assertFalse(third.has("config"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parent_id", "org_id"})
    void aMalformedIdInTheFilterIs400(String parameter) {
        Answer refused = Call.get("/workspaces?" + parameter + "=x").expect(400);

        assertEquals(List.of(parameter), refused.violations());
    }

    @Test
    void thePlatformSeesAllOrganisationsOrTheTreeOfOne() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String other = root("Other");
        String gone = root("Gone");
        remove(gone, "Gone").expect(200);

        assertEquals(List.of(acme, other), ids(Call.get("/workspaces?roots=true")));
        assertEquals(List.of(acme, other, gone), ids(Call.get("/workspaces?roots=true&include_removed=true")));
        assertEquals(List.of(acme, dev), ids(Call.get("/workspaces?org_id=" + acme)));
        assertEquals(List.of(other), ids(Call.get("/workspaces?roots=true&org_id=" + other)));
        assertEquals(List.of(), ids(Call.get("/workspaces?org_id=" + UNKNOWN)));
    }

    @Test
    void anOrganisationsTokenSeesItsOwnWhicheverItNames() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String other = root("Other");
        String token = Call.post("/org/tokens", "{\"org_id\":\"" + acme + "\",\"name\":\"t\",\"scope\":\"read\"}")
                .expect(201)
                .get("token");

        Map<String, List<String>> expected = Map.of(
                "",
                List.of(acme, dev),
                "?roots=true",
                List.of(acme),
                "?org_id=" + acme,
                List.of(acme, dev),
                "?org_id=" + other,
                List.of());
        expected.forEach((query, seen) -> assertEquals(
                seen, ids(Call.of("GET", "/workspaces" + query).as(token).send()), query));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "TRUE", "true%20"})
    void aFlagThatIsNeitherTrueNorFalseIs400(String flag) {
        Call.get("/workspaces?include_removed=" + flag).expect(400);
        removal(root("Acme"), "Acme", "?confirm=" + flag).send().expect(400);
    }

    @Test
    void tombstonesAreInTheListOnlyWhenAskedFor() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        remove(dev, "Dev").expect(200);

        assertEquals(List.of(acme), ids(Call.get("/workspaces")));
        assertEquals(List.of(acme, dev), ids(Call.get("/workspaces?include_removed=true")));
        assertEquals(List.of(dev), ids(Call.get("/workspaces?include_removed=true&parent_id=" + acme)));
    }

    @Test
    void childrenAreCountedWithoutTombstonesAndWithoutGrandchildren() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        child(acme, "Ops");
        child(dev, "Test");
        remove(child(acme, "Gone"), "Gone").expect(200);

        assertEquals(2, read(acme).json().path("children_count").intValue());
        assertEquals(1, read(dev).json().path("children_count").intValue());
        assertEquals(
                List.of(2, 1, 0, 0),
                nodes(Call.get("/workspaces"))
                        .map(n -> n.path("children_count").intValue())
                        .toList());
    }

    @Test
    void jsonLinesAreWrittenOnlyToThoseWhoAskForThem() throws IOException {
        String acme = root("Acme");
        child(acme, "Dev");
        var mapper = new ObjectMapper();

        Answer lines = lines("").expect(200);

        assertEquals("application/x-ndjson", lines.header("Content-Type"));
        assertTrue(lines.text().endsWith("}\n"));
        String[] split = lines.text().split("\n");
        JsonNode array = Call.get("/workspaces").json();
        assertEquals(2, split.length);
        assertEquals(array.path(0), mapper.readTree(split[0]));
        assertEquals(array.path(1), mapper.readTree(split[1]));
        for (String accept : List.of("*/*", "application/*", "application/json", "application/json, */*;q=0.1")) {
            Answer answer =
                    Call.of("GET", "/workspaces").header("Accept", accept).send();
            assertEquals(array, answer.expect(200).json(), accept);
            assertEquals("application/json", answer.header("Content-Type"), accept);
        }
        assertEquals(
                lines.text(),
                Call.of("GET", "/workspaces")
                        .header("Accept", "application/json;q=0.5, application/x-ndjson")
                        .send()
                        .text());
    }

    @Test
    void tenThousandNodesAreAllThereInBothForms() {
        String acme = root("Acme");
        Sql.run("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                SELECT gen_random_uuid(), ?::uuid, ?::uuid, 'node ' || n FROM generate_series(1, 9999) n
                """, acme, acme);
        var stored = new TreeSet<>(Sql.rows("SELECT id FROM workspaces"));

        List<String> array = ids(Call.get("/workspaces").expect(200));
        List<String> lines = lines("")
                .expect(200)
                .text()
                .lines()
                .map(line -> line.substring(7, 43))
                .toList();

        assertEquals(10_000, array.size());
        assertEquals(stored, new TreeSet<>(array));
        assertEquals(array, lines);
    }

    private static Answer lines(String query) {
        return Call.of("GET", "/workspaces" + query)
                .header("Accept", "application/x-ndjson")
                .send();
    }

    private static Stream<JsonNode> nodes(Answer list) {
        return StreamSupport.stream(list.json().spliterator(), false);
    }

    private static List<String> ids(Answer list) {
        return nodes(list).map(node -> node.path("id").textValue()).toList();
    }
}
