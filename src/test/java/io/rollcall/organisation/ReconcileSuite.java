package io.rollcall.organisation;

import static io.rollcall.Api.api;
import static io.rollcall.organisation.Imports.actions;
import static io.rollcall.organisation.Imports.change;
import static io.rollcall.organisation.Imports.count;
import static io.rollcall.organisation.Imports.create;
import static io.rollcall.organisation.Imports.id;
import static io.rollcall.organisation.Imports.names;
import static io.rollcall.organisation.Imports.node;
import static io.rollcall.organisation.Imports.reconcile;
import static io.rollcall.organisation.Imports.totals;
import static io.rollcall.organisation.Imports.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.rollcall.Api;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reconcile removes, and all that it must not: by provenance and place, never by name. */
abstract class ReconcileSuite {

    /** Seven nodes, so that dropping two stays below the limit of 30 %. */
    private static final String FULL = """
            name: T
            workspaces:
              - name: Acme
                children:
                  - name: Keep
                    children: [{name: K1}, {name: K2}, {name: K3}]
                  - name: Drop
                    children: [{name: Leaf}]
            """;

    private static final String DROPPED = """
            name: T
            workspaces:
              - name: Acme
                children:
                  - name: Keep
                    children: [{name: K1}, {name: K2}, {name: K3}]
            """;

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void removesWhatAnEarlierImportOfTheTemplateMadeAndTheTemplateDropped() {
        Response first = yaml(FULL);

        Response reply = reconcile(DROPPED);

        assertEquals(200, reply.statusCode());
        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(reply));
        assertEquals(5, reply.jsonPath().getInt("count"));
        assertEquals(
                List.of("Acme/Drop: removed", "Acme/Drop/Leaf: removed"),
                actions(reply).subList(5, 7));
        assertEquals(id(first, "Acme/Drop"), id(reply, "Acme/Drop"));
        assertEquals(id(first, "Acme"), node(reply, "Acme/Drop").get("parent_id"));
        assertFalse(node(reply, "Acme/Drop").containsKey("skipped"));
        assertFalse(reply.jsonPath().getMap("$").containsKey("kept"));
        assertEquals(List.of("Acme", "K1", "K2", "K3", "Keep"), names());
        api().get("/workspaces/" + id(first, "Acme/Drop/Leaf")).then().statusCode(410);
        assertEquals(
                2,
                api().get("/org/imports/" + reply.jsonPath().getString("import_id"))
                        .jsonPath()
                        .getInt("removed"));
        assertEquals(1, count("audit_log WHERE detail ->> 'removed' = '2' AND detail ->> 'mode' = 'reconcile'"));
    }

    @Test
    void mergeAndUpdateRemoveNothing() {
        yaml(FULL);

        assertEquals("0 created, 5 skipped, 0 updated, 0 removed", totals(yaml(DROPPED)));
        assertEquals("0 created, 5 skipped, 0 updated, 0 removed", totals(yaml(DROPPED, "mode", "update")));
        assertEquals(7, names().size());
    }

    @Test
    void aWholeRootThatTheTemplateDroppedIsRemoved() {
        yaml(FULL.replace("workspaces:", "workspaces:\n  - name: Second"));

        Response reply = reconcile(FULL);

        assertEquals("0 created, 7 skipped, 0 updated, 1 removed", totals(reply));
        assertEquals("Second: removed", actions(reply).get(7));
    }

    @Test
    void aNodeOfTheSameNameElsewhereStays() {
        yaml(FULL);
        yaml("{name: Other, workspaces: [{name: Beta, children: [{name: Drop, children: [{name: Leaf}]}]}]}");
        yaml("{name: T, workspaces: [{name: Drop, children: [{name: Leaf}]}]}", "parent_id", idOf("Beta"));

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(reply));
        assertEquals(List.of("Acme", "Beta", "Drop", "K1", "K2", "K3", "Keep", "Leaf"), names());
    }

    @Test
    void theSameTemplateAtAnotherParentIsNotTouched() {
        String left = idOf("Left", "{name: P, workspaces: [{name: Left}, {name: Right}]}");
        String right = idOf("Right");
        yaml(FULL, "parent_id", left);
        yaml(FULL, "parent_id", right);

        Response reply = reconcile(DROPPED, "parent_id", left);

        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(reply));
        assertEquals("Left/Acme/Drop", Imports.nodes(reply).get(5).get("path"));
        assertEquals("0 created, 7 skipped, 0 updated, 0 removed", totals(yaml(FULL, "parent_id", right)));
    }

    @Test
    void nodesOfAnotherTemplateAtTheSamePlaceStay() {
        yaml(FULL);
        yaml(
                "{name: Other, workspaces: [{name: Acme, children: [{name: Guest, children: [{name: Inner}]}]}, {name: Solo}]}");

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(reply));
        assertEquals(List.of("Acme", "Guest", "Inner", "K1", "K2", "K3", "Keep", "Solo"), names());
    }

    @Test
    void aNodeMadeByHandStays() {
        Response first = yaml(FULL);
        create("Handmade", id(first, "Acme"));
        create("Below", id(first, "Acme/Keep"));

        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(reconcile(DROPPED)));
        assertEquals(List.of("Acme", "Below", "Handmade", "K1", "K2", "K3", "Keep"), names());
    }

    @Test
    void aNodeThatTheTemplateOnlyFoundIsNotItsToRemove() {
        String root = api().contentType("application/json")
                .body("{\"name\": \"Acme\"}")
                .post("/workspaces")
                .path("id");
        create("Drop", root);
        yaml(FULL);

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 0 removed", totals(reply));
        assertTrue(names().containsAll(List.of("Drop", "Leaf")), names().toString());
    }

    @Test
    void aNodeRenamedByHandStaysWithItsDescendants() {
        Response first = yaml(FULL);
        change(id(first, "Acme/Drop"), "{\"name\": \"Ours now\"}");
        assertNull(Imports.workspace(id(first, "Acme/Drop")).get("template"));
        assertEquals("T", Imports.workspace(id(first, "Acme/Keep")).get("template"));

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(List.of("Acme", "K1", "K2", "K3", "Keep", "Leaf", "Ours now"), names());
    }

    @Test
    void aNodeMovedByHandStaysWithItsDescendants() {
        Response first = yaml(FULL);
        change(id(first, "Acme/Drop"), "{\"parent_id\": \"" + id(first, "Acme/Keep") + "\"}");

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(List.of("Acme", "Drop", "K1", "K2", "K3", "Keep", "Leaf"), names());
    }

    @Test
    void placingANodeOnTheCanvasDoesNotTakeItFromTheTemplate() {
        Response first = yaml(FULL);
        change(id(first, "Acme/Drop"), "{\"x\": 5, \"collapsed\": true, \"role\": \"Mine\", \"name\": \"Drop\"}");

        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(reconcile(DROPPED)));
    }

    @Test
    void anOrphanThatSomebodyBuiltUponStaysAndIsListedAsKept() {
        Response first = yaml(FULL.replace("[{name: Leaf}]", "[{name: Leaf}, {name: Other}]"));
        create("Handmade", id(first, "Acme/Drop/Leaf"));

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 1 removed", totals(reply));
        assertEquals("Acme/Drop/Other: removed", actions(reply).get(5));
        assertEquals(List.of("Acme/Drop", "Acme/Drop/Leaf"), reply.jsonPath().getList("kept.path"));
        assertEquals(
                List.of(id(first, "Acme/Drop"), id(first, "Acme/Drop/Leaf")),
                reply.jsonPath().getList("kept.id"));
        assertEquals(List.of("Drop", "Leaf"), reply.jsonPath().getList("kept.name"));
        assertEquals(
                "has workspaces below it that this template did not create",
                reply.jsonPath().getString("kept[0].reason"));
        assertEquals(List.of("Acme", "Drop", "Handmade", "K1", "K2", "K3", "Keep", "Leaf"), names());
    }

    @Test
    void aNodeRenamedBelowAnOrphanKeepsTheOrphan() {
        Response first = yaml(FULL);
        change(id(first, "Acme/Drop/Leaf"), "{\"name\": \"Mine\"}");

        Response reply = reconcile(DROPPED);

        assertEquals("0 created, 5 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(List.of("Acme/Drop"), reply.jsonPath().getList("kept.path"));
        assertEquals(7, names().size());
    }

    @Test
    void moreThanThirtyPercentIsRefusedAndNothingIsWritten() {
        yaml(FULL);
        long version = count("workspaces WHERE version = 1");
        String onlyFour =
                "{name: T, workspaces: [{name: Acme, tier: 9, children: [{name: New}, {name: Keep, children: [{name: K1}, {name: K2}]}]}]}";

        Response reply = reconcile(onlyFour);

        Refusal.check(reply, 409, "RECONCILE_LIMIT");
        assertEquals(3, reply.jsonPath().getInt("removals"));
        assertEquals(7, reply.jsonPath().getInt("existing"));
        assertEquals(0.3, reply.jsonPath().getDouble("limit"), 1e-6);
        assertEquals(List.of("Acme", "Drop", "K1", "K2", "K3", "Keep", "Leaf"), names());
        assertEquals(version, count("workspaces WHERE version = 1"));
        assertEquals(1, count("import_runs"));
        assertEquals(1, count("audit_log"));
    }

    @Test
    void exactlyThirtyPercentPasses() {
        yaml(
                "{name: T, workspaces: [{name: A, children: [{name: B}, {name: C}, {name: D}, {name: E}, {name: F}, {name: G}, {name: H}, {name: I}, {name: J}]}]}");

        Response reply = reconcile(
                "{name: T, workspaces: [{name: A, children: [{name: B}, {name: C}, {name: D}, {name: E}, {name: F}, {name: G}]}]}");

        assertEquals("0 created, 7 skipped, 0 updated, 3 removed", totals(reply));
    }

    @Test
    void confirmLetsAnyNumberGo() {
        yaml(FULL);

        Response reply = reconcile("{name: T, workspaces: [{name: Acme}]}", "confirm", true);

        assertEquals("0 created, 1 skipped, 0 updated, 6 removed", totals(reply));
        assertEquals(List.of("Acme"), names());
    }

    @Test
    void maxRemovalsTakesThePlaceOfTheShareInBothDirections() {
        yaml(FULL);

        Refusal.check(reconcile(DROPPED, "max_removals", 1), 409, "RECONCILE_LIMIT");
        Refusal.check(reconcile(DROPPED, "max_removals", 0), 409, "RECONCILE_LIMIT");
        assertEquals(7, names().size());
        assertEquals(
                "0 created, 1 skipped, 0 updated, 6 removed",
                totals(reconcile("{name: T, workspaces: [{name: Acme}]}", "max_removals", 6)));
    }

    @Test
    void aDryRunShowsTheRemovalsAndWhetherTheyMustBeConfirmed() {
        yaml(FULL);

        Response few = reconcile(DROPPED, "dry_run", true);
        assertEquals(200, few.statusCode());
        assertEquals("0 created, 5 skipped, 0 updated, 2 removed", totals(few));
        assertFalse(few.jsonPath().getMap("$").containsKey("confirmation_required"));

        String all = "{name: T, workspaces: [{name: Acme}]}";
        Response many = reconcile(all, "dry_run", true);
        assertEquals(200, many.statusCode());
        assertEquals("0 created, 1 skipped, 0 updated, 6 removed", totals(many));
        assertEquals(true, many.jsonPath().getBoolean("confirmation_required"));
        assertEquals(7, names().size());

        Response real = reconcile(all, "confirm", true);
        assertEquals(actions(many), actions(real));
    }

    @Test
    void aRemovedNodesNameIsFreeForTheNextImport() {
        Response first = yaml(FULL);
        reconcile(DROPPED);

        Response again = yaml(FULL);

        assertEquals("2 created, 5 skipped, 0 updated, 0 removed", totals(again));
        assertFalse(id(first, "Acme/Drop").equals(id(again, "Acme/Drop")));
    }

    @Test
    void aNodeThatMovedWithinTheTemplateIsMadeThereAndRemovedHere() {
        yaml(FULL);

        Response reply = reconcile(DROPPED.replace("{name: K3}", "{name: K3, children: [{name: Leaf}]}"));

        assertEquals("1 created, 5 skipped, 0 updated, 2 removed", totals(reply));
        assertEquals(201, reply.statusCode());
        assertEquals("Acme/Keep/K3/Leaf: created", actions(reply).get(5));
        assertEquals(List.of("Acme", "K1", "K2", "K3", "Keep", "Leaf"), names());
    }

    private static String idOf(String name, String template) {
        yaml(template);
        return idOf(name);
    }

    private static String idOf(String name) {
        return api().get("/workspaces").path("find { it.name == '" + name + "' }.id");
    }
}
