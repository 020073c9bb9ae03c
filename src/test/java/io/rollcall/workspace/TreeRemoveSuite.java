package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.UNKNOWN;
import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.create;
import static io.rollcall.workspace.Trees.read;
import static io.rollcall.workspace.Trees.removal;
import static io.rollcall.workspace.Trees.remove;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code DELETE /workspaces/{id}}. */
abstract class TreeRemoveSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void withoutTheNameOrWithAnotherNothingIsRemoved() {
        String id = root("Acme");

        Answer missing = Call.of("DELETE", "/workspaces/" + id).send();

        assertEquals(400, missing.status());
        assertEquals(List.of("X-Confirm-Name"), missing.violations());
        for (String wrong : List.of("acme", "Acm", "Acme ", "%", "%41cmf")) {
            String sent = wrong.replace(" ", "%20");
            assertEquals(
                    400,
                    Call.of("DELETE", "/workspaces/" + id)
                            .header("X-Confirm-Name", sent)
                            .send()
                            .status(),
                    wrong);
        }
        assertEquals("provisioning", read(id).get("status"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme", "Zoë & 🦊", "50% off", "a+b", "100%25", "日本", "A (2)"})
    void aNameMayBeConfirmedPercentEncoded(String name) {
        String id = root(name);

        assertEquals(
                "{\"status\":\"removed\",\"cascade_deleted\":0}",
                remove(id, name).expect(200).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme", "50% off", "a+b", "100%25"})
    void aNameOfPlainLettersMayBeConfirmedAsItIs(String name) {
        String id = root(name);

        Answer answer = Call.of("DELETE", "/workspaces/" + id)
                .header("X-Confirm-Name", name)
                .send();

        assertEquals(200, answer.status(), answer::text);
    }

    @Test
    void childrenMustBeAgreedToAndAreListedInTheRefusal() {
        String acme = root("Acme");
        String ops = child(acme, "Ops");
        String dev = child(acme, "Dev");
        child(dev, "Test");

        Answer refused = removal(acme, "Acme", "").send().expect(409);

        assertEquals("HAS_CHILDREN", refused.code());
        assertEquals(2, refused.json().path("children_count").intValue());
        assertEquals(
                "[{\"id\":\"" + dev + "\",\"name\":\"Dev\"},{\"id\":\"" + ops + "\",\"name\":\"Ops\"}]",
                refused.json().path("children").toString());
        assertEquals(4, Sql.count("SELECT count(*) FROM workspaces WHERE status <> 'removed'"));
    }

    @Test
    void anAgreedRemovalTakesAllBelowAlongAndCountsIt() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        child(child(dev, "Test"), "Deep");
        remove(child(dev, "Gone"), "Gone").expect(200);
        String ops = child(acme, "Ops");

        Answer answer = remove(dev, "Dev").expect(200);

        assertEquals("{\"status\":\"removed\",\"cascade_deleted\":2}", answer.text());
        assertEquals(
                List.of("Acme", "Ops"),
                Sql.rows("SELECT name FROM workspaces WHERE status <> 'removed' ORDER BY name"));
        assertEquals("provisioning", read(ops).get("status"));
        assertEquals(
                3,
                Sql.count(
                                "SELECT count(*) FROM workspaces WHERE status = 'removed' AND removed_at = ("
                                        + "SELECT removed_at FROM workspaces WHERE id = ?::uuid) OR name = 'Gone'",
                                dev)
                        - 1);
    }

    @Test
    void aStaleIfMatchRemovesNothing() {
        String id = root("Acme");
        Trees.change(id, "{\"tier\":2}").expect(200);

        Answer stale =
                removal(id, "Acme", "").header("If-Match", "\"1\"").send().expect(412);
        Answer fresh = removal(id, "Acme", "").header("If-Match", "\"2\"").send();

        assertEquals("\"2\"", stale.header("ETag"));
        assertEquals(200, fresh.status());
    }

    @Test
    void theNameIsFreeAgainForAnotherNode() {
        String acme = root("Acme");
        String first = child(acme, "Dev");
        remove(first, "Dev").expect(200);

        Answer second = create(acme, "Dev").expect(201);

        assertEquals("Dev", second.get("name"));
        assertNotEquals(first, second.id());
    }

    @Test
    void aSecondRemovalIs410AndAnUnknownOne404() {
        String id = root("Acme");
        remove(id, "Acme").expect(200);

        assertEquals("REMOVED", remove(id, "Acme").expect(410).code());
        assertEquals("NOT_FOUND", remove(UNKNOWN, "Acme").expect(404).code());
        assertEquals("NOT_FOUND", remove("x", "Acme").expect(404).code());
    }

    @Test
    void aLongListOfChildrenIsCutButCounted() {
        String acme = root("Acme");
        Sql.run("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                SELECT gen_random_uuid(), ?::uuid, ?::uuid, to_char(n, '000') FROM generate_series(1, 150) n
                """, acme, acme);

        JsonNode refused = removal(acme, "Acme", "").send().expect(409).json();

        assertEquals(150, refused.path("children_count").intValue());
        assertEquals(100, refused.path("children").size());
        assertEquals(
                " 100",
                StreamSupport.stream(refused.path("children").spliterator(), false)
                        .map(child -> child.path("name").textValue())
                        .reduce("", (before, name) -> name));
    }
}
