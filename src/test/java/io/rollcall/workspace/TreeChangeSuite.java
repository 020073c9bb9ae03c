package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.UNKNOWN;
import static io.rollcall.workspace.Trees.change;
import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.move;
import static io.rollcall.workspace.Trees.read;
import static io.rollcall.workspace.Trees.remove;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code PATCH /workspaces/{id}}: fields, preconditions and moves, one client at a time. */
abstract class TreeChangeSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            name~"Backend"
            role~"Answers the phone"
            tier~5
            x~-3.5
            y~250.0
            collapsed~true
            """)
    void oneFieldIsChangedAndAllOthersStay(String field, String value) {
        String id = child(root("Acme"), "Dev");
        JsonNode before = read(id).json();

        Answer answer = change(id, "{\"" + field + "\":" + value + "}").expect(200);

        assertEquals(value, answer.json().path(field).toString());
        assertNotEquals(before.path(field), answer.json().path(field));
        assertEquals(untouched(before, field), untouched(answer.json(), field));
        assertEquals(answer.json(), read(id).json());
    }

    @ParameterizedTest
    @CsvSource({"name", "role", "tier", "x", "y", "collapsed"})
    void aFieldThatIsNullStaysAsItIs(String field) {
        String id = root("Acme");
        change(id, "{\"role\":\"r\",\"tier\":4,\"x\":1,\"y\":2,\"collapsed\":true}")
                .expect(200);
        JsonNode before = read(id).json();

        Answer answer = change(id, "{\"" + field + "\":null}");

        assertEquals(200, answer.status(), answer::text);
        assertEquals(untouched(before, ""), untouched(answer.json(), ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {"name":""}~422~name
            {"name":7}~422~name
            {"role":7}~422~role
            {"tier":-1}~422~tier
            {"x":"1"}~422~x
            {"y":1e999}~422~y
            {"collapsed":"true"}~422~collapsed
            {"parent_id":"x"}~422~parent_id
            {"parent_id":null}~422~parent_id
            {"status":"online"}~400~status
            {"org_id":"x"}~400~org_id
            {"colapsed":true}~400~colapsed
            """)
    void aBadFieldIsNamedAndNothingIsChanged(String body, int status, String field) {
        String id = child(root("Acme"), "Dev");

        Answer refused = change(id, body);

        assertEquals(status, refused.status(), refused::text);
        assertEquals(List.of(field), refused.violations());
        assertEquals("\"1\"", read(id).header("ETag"));
    }

    @Test
    void mergePatchIsAcceptedAsAMediaType() {
        String id = root("Acme");

        Answer answer = Call.of("PATCH", "/workspaces/" + id)
                .body("application/merge-patch+json", java.net.http.HttpRequest.BodyPublishers.ofString("{\"tier\":2}"))
                .send();

        assertEquals(2, answer.expect(200).json().path("tier").intValue());
    }

    @Test
    void theEntityTagChangesWithEveryChange() {
        String id = root("Acme");

        assertEquals("\"1\"", read(id).header("ETag"));
        assertEquals("\"2\"", change(id, "{\"tier\":2}").header("ETag"));
        assertEquals("\"3\"", change(id, "{\"tier\":3}").header("ETag"));
        assertEquals("\"3\"", read(id).header("ETag"));
    }

    @Test
    void aStaleIfMatchIs412WithThePresentTagAndChangesNothing() {
        String id = root("Acme");
        change(id, "{\"tier\":2}").expect(200);

        for (String stale : List.of("\"1\"", "\"99\"", "2", "W/\"2\"", "\"1\", \"3\"")) {
            Answer refused = ifMatch(id, stale, "{\"tier\":3}");
            assertEquals(412, refused.status(), stale);
            assertEquals("STALE", refused.code());
            assertEquals("\"2\"", refused.header("ETag"));
        }
        assertEquals(2, read(id).json().path("tier").intValue());
        for (String fresh : List.of("\"2\"", "\"1\", \"3\"", " * ")) {
            assertEquals(200, ifMatch(id, fresh, "{\"tier\":3}").status(), fresh);
        }
    }

    @Test
    void ofManyChangesOnOneTagExactlyOneIsMade() {
        String id = root("Acme");
        for (int round = 1; round <= 20; round++) {
            String tag = "\"" + round + "\"";
            Callable<Answer> one = () -> ifMatch(id, tag, "{\"role\":\"r\"}");

            List<Answer> answers = Race.run(Collections.nCopies(8, one));

            assertEquals(1, answers.stream().filter(a -> a.status() == 200).count());
            assertEquals(7, answers.stream().filter(a -> a.status() == 412).count());
        }
    }

    @Test
    void aNameThatASiblingHasIs409AndNoneThatATombstoneHas() {
        String acme = root("Acme");
        child(acme, "Dev");
        String ops = child(acme, "Ops");
        remove(child(acme, "Free"), "Free").expect(200);

        assertEquals("NAME_TAKEN", change(ops, "{\"name\":\"Dev\"}").expect(409).code());
        assertEquals("Ops", read(ops).get("name"));
        assertEquals("Free", change(ops, "{\"name\":\"Free\"}").expect(200).get("name"));
        assertEquals("Free", change(ops, "{\"name\":\"Free\"}").expect(200).get("name"));
    }

    @Test
    void movingToWhereTheNameIsTakenIs409() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String inner = child(dev, "Twin");
        child(acme, "Twin");

        assertEquals("NAME_TAKEN", move(inner, acme).expect(409).code());
        assertEquals(dev, read(inner).get("parent_id"));
    }

    @Test
    void aSubtreeMovesAsAWhole() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String test = child(dev, "Test");
        String ops = child(acme, "Ops");

        Answer moved = move(dev, ops).expect(200);

        assertEquals(ops, moved.get("parent_id"));
        assertEquals(dev, read(test).get("parent_id"));
        assertEquals(
                List.of(1, 1, 0),
                Stream.of(acme, ops, test)
                        .map(id -> read(id).json().path("children_count").intValue())
                        .toList());
    }

    @Test
    void movingBelowItselfOrADescendantIs422() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String test = child(child(dev, "Mid"), "Test");

        for (String below : List.of(dev, test)) {
            Answer refused = move(dev, below).expect(422);
            assertEquals("CYCLE", refused.code());
        }
        assertEquals("CYCLE", move(acme, test).expect(422).code());
        assertEquals(acme, read(dev).get("parent_id"));
    }

    @Test
    void whatBelongsToAnotherOrganisationIsAnsweredAsUnknown() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        String other = root("Other");
        String theirs = child(other, "Theirs");

        for (String target : List.of(other, theirs, UNKNOWN)) {
            assertEquals("no workspace " + target, move(dev, target).expect(404).get("detail"));
        }
        assertEquals("NOT_FOUND", move(acme, other).expect(404).code());
        assertEquals(acme, read(dev).get("parent_id"));
    }

    @Test
    void aRemovedNodeIs410AndARemovedParent404() {
        String acme = root("Acme");
        String gone = child(acme, "Gone");
        String dev = child(acme, "Dev");
        remove(gone, "Gone").expect(200);

        assertEquals("REMOVED", change(gone, "{\"tier\":2}").expect(410).code());
        assertEquals("NOT_FOUND", move(dev, gone).expect(404).code());
        assertEquals("NOT_FOUND", change(UNKNOWN, "{}").expect(404).code());
        assertEquals("NOT_FOUND", change("x", "{}").expect(404).code());
    }

    @Test
    void aTreeMayBe64LevelsDeepAndNotOneMore() {
        String acme = root("Acme");
        String deepest = acme;
        for (int level = 2; level <= 64; level++) {
            deepest = child(deepest, "L" + level);
        }
        String pair = child(acme, "Pair");
        child(pair, "Below");

        Answer created = Trees.create(deepest, "L65").expect(422);
        Answer single = move(child(acme, "Single"), deepest).expect(422);
        String level63 = read(deepest).get("parent_id");
        Answer two = move(pair, level63).expect(422);
        move(pair, read(level63).get("parent_id")).expect(200);

        for (Answer refused : List.of(created, single, two)) {
            assertEquals(List.of("parent_id"), refused.violations());
            assertTrue(refused.get("detail").contains("65 levels deep; the limit is 64"), refused.get("detail"));
        }
    }

    @Test
    void aNodeThatIsRenamedOrMovedIsNoLongerItsTemplates() {
        Api.importYaml(
                "{name: Law firm, workspaces: [{name: Acme, children: [{name: Dev}, {name: Ops}, {name: Law}]}]}");
        String dev = Sql.one("SELECT id FROM workspaces WHERE name = 'Dev'");
        String ops = Sql.one("SELECT id FROM workspaces WHERE name = 'Ops'");
        String law = Sql.one("SELECT id FROM workspaces WHERE name = 'Law'");

        change(dev, "{\"name\":\"Devs\"}").expect(200);
        move(ops, dev).expect(200);
        change(law, "{\"tier\":2,\"name\":\"Law\"}").expect(200);

        assertEquals(
                List.of("Devs|-", "Law|Law firm", "Ops|-"),
                Sql.rows("SELECT name, template FROM workspaces WHERE parent_id IS NOT NULL ORDER BY name"));
    }

    private static Answer ifMatch(String id, String tag, String body) {
        return Call.of("PATCH", "/workspaces/" + id)
                .header("If-Match", tag)
                .json(body)
                .send();
    }

    private static JsonNode untouched(JsonNode workspace, String field) {
        return ((ObjectNode) workspace.deepCopy())
                .without(List.of("updated_at", field.isEmpty() ? "updated_at" : field));
    }
}
