package io.rollcall.organisation;

import static io.rollcall.Api.api;
import static io.rollcall.organisation.Imports.actions;
import static io.rollcall.organisation.Imports.count;
import static io.rollcall.organisation.Imports.id;
import static io.rollcall.organisation.Imports.ids;
import static io.rollcall.organisation.Imports.node;
import static io.rollcall.organisation.Imports.nodes;
import static io.rollcall.organisation.Imports.totals;
import static io.rollcall.organisation.Imports.workspace;
import static io.rollcall.organisation.Imports.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.rollcall.Api;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What merge, update and a dry run do with a tree, and the reply that says so. */
abstract class ImportModesSuite {

    private static final String ACME = """
            name: Acme Inc
            defaults: {runtime: claude, tier: 2, model: opus, role: Helper}
            workspaces:
              - name: Acme
                role: Lead
                children:
                  - name: Zebra
                    tier: 3
                    children:
                      - {name: Backend, model: haiku, runtime: codex, tier: 0}
                      - name: Api
                  - name: Aardvark
              - name: A Subsidiary
            """;

    private static final List<String> ACME_PATHS =
            List.of("Acme", "Acme/Zebra", "Acme/Zebra/Backend", "Acme/Zebra/Api", "Acme/Aardvark", "A Subsidiary");

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void aFirstImportAnswers201AndEveryNodeDepthFirstInTheTemplatesOrder() {
        Response reply = yaml(ACME);

        assertEquals(201, reply.statusCode());
        assertEquals(
                Set.of(
                        "import_id",
                        "org",
                        "mode",
                        "dry_run",
                        "count",
                        "created",
                        "skipped",
                        "updated",
                        "removed",
                        "workspaces"),
                reply.jsonPath().getMap("$").keySet());
        assertEquals("Acme Inc", reply.jsonPath().getString("org"));
        assertEquals("merge", reply.jsonPath().getString("mode"));
        assertFalse(reply.jsonPath().getBoolean("dry_run"));
        assertEquals("6 created, 0 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(6, reply.jsonPath().getInt("count"));
        assertEquals(ACME_PATHS.stream().map(path -> path + ": created").toList(), actions(reply));
        assertEquals(List.of(2, 3, 0, 2, 2, 2), reply.jsonPath().getList("workspaces.tier"));
        Map<String, String> ids = ids(reply);
        assertEquals(
                Arrays.asList(
                        null, ids.get("Acme"), ids.get("Acme/Zebra"), ids.get("Acme/Zebra"), ids.get("Acme"), null),
                reply.jsonPath().getList("workspaces.parent_id"));
        for (Map<String, Object> node : nodes(reply)) {
            assertEquals(Set.of("id", "name", "path", "parent_id", "tier", "action"), node.keySet());
            JsonPath stored = workspace((String) node.get("id"));
            assertEquals(node.get("name"), stored.getString("name"));
            assertEquals(node.get("parent_id"), stored.getString("parent_id"));
            assertEquals(node.get("tier"), stored.getInt("tier"));
        }
    }

    @Test
    void theSameImportAgainAnswers200TheSameIdsAndSaysSkipped() {
        Response first = yaml(ACME);
        Response second = yaml(ACME);

        assertEquals(200, second.statusCode());
        assertEquals("0 created, 6 skipped, 0 updated, 0 removed", totals(second));
        assertEquals(6, second.jsonPath().getInt("count"));
        assertEquals(ids(first), ids(second));
        assertEquals(
                first.jsonPath().getList("workspaces.parent_id"),
                second.jsonPath().getList("workspaces.parent_id"));
        assertEquals(
                first.jsonPath().getList("workspaces.tier"), second.jsonPath().getList("workspaces.tier"));
        assertEquals(Collections.nCopies(6, true), second.jsonPath().getList("workspaces.skipped"));
        assertEquals(6, count("workspaces"));
    }

    @Test
    void aNodeAddedToTheTemplateIsCreatedUnderTheExistingParentAndOnlyTheOthersAreSkipped() {
        Response first = yaml(ACME);

        Response second = yaml(ACME.replace("- name: Api", "- name: Api\n          - name: Storage"));

        assertEquals(201, second.statusCode());
        assertEquals("1 created, 6 skipped, 0 updated, 0 removed", totals(second));
        assertEquals(7, second.jsonPath().getInt("count"));
        assertEquals(id(first, "Acme/Zebra"), node(second, "Acme/Zebra/Storage").get("parent_id"));
        assertFalse(node(second, "Acme/Zebra/Storage").containsKey("skipped"));
        assertEquals(true, node(second, "Acme/Zebra/Api").get("skipped"));
    }

    @Test
    void childrenOfANodeMadeByHandAreFilledInUnderItsId() {
        String root = api().contentType("application/json")
                .body("{\"name\": \"Acme\"}")
                .post("/workspaces")
                .jsonPath()
                .getString("id");
        String zebra = Imports.create("Zebra", root);

        Response reply = yaml(ACME);

        assertEquals("4 created, 2 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(root, id(reply, "Acme"));
        assertEquals(zebra, id(reply, "Acme/Zebra"));
        assertEquals(zebra, node(reply, "Acme/Zebra/Backend").get("parent_id"));
        assertEquals(root, workspace(id(reply, "Acme/Zebra/Backend")).getString("org_id"));
    }

    @Test
    void defaultsApplyToWhatANodeDoesNotState() {
        Response reply = yaml(ACME);

        JsonPath stating = workspace(id(reply, "Acme/Zebra/Backend"));
        assertEquals(
                "Helper haiku codex 0",
                "%s %s %s %d"
                        .formatted(
                                stating.getString("role"),
                                stating.getString("model"),
                                stating.getString("runtime"),
                                stating.getInt("tier")));
        JsonPath silent = workspace(id(reply, "A Subsidiary"));
        assertEquals(
                "Helper opus claude 2",
                "%s %s %s %d"
                        .formatted(
                                silent.getString("role"),
                                silent.getString("model"),
                                silent.getString("runtime"),
                                silent.getInt("tier")));
    }

    @Test
    void withoutDefaultsANodeHasTierOneOneTaskAndNothingElse() {
        JsonPath node = workspace(id(yaml("{name: T, workspaces: [{name: Bare}]}"), "Bare"));

        assertEquals(1, node.getInt("tier"));
        assertEquals(1, node.getInt("max_concurrent_tasks"));
        assertEquals("provisioning", node.getString("status"));
        assertFalse(node.getBoolean("external"));
        for (String field : List.of("role", "runtime", "model", "url", "x", "y", "parent_id")) {
            assertNull(node.get(field), field);
        }
        assertEquals(
                "{} [] [] {}",
                node.get("labels") + " " + node.get("required_env") + " " + node.get("agents") + " "
                        + node.get("config"));
    }

    @Test
    void mergeLeavesFieldsThatDiffer() {
        Response first = yaml("{name: T, workspaces: [{name: A, role: old, tier: 3, labels: {a: b}}]}");

        Response second = yaml("{name: T, workspaces: [{name: A, role: new, tier: 4, labels: {c: d}}]}");

        assertEquals("0 created, 1 skipped, 0 updated, 0 removed", totals(second));
        assertEquals(3, node(second, "A").get("tier"));
        JsonPath stored = workspace(id(first, "A"));
        assertEquals("old", stored.getString("role"));
        assertEquals(3, stored.getInt("tier"));
        assertEquals(Map.of("a", "b"), stored.getMap("labels"));
    }

    @Test
    void updateWritesTheStatedFieldsThatDifferAndSaysWhatWasAndWhatIs() {
        Response first = yaml("""
                name: T
                workspaces:
                  - {name: A, role: old, runtime: claude, tier: 3, model: opus, url: "https://a.example/", x-note: {v: 1}}
                  - {name: B, role: same}
                """);
        String template = """
                name: T
                workspaces:
                  - name: A
                    role: new
                    tier: 4
                    max_concurrent_tasks: 5
                    external: true
                    labels: {team: core}
                    required_env: [PATH]
                    agents: [builder]
                    x-note: {v: 2}
                  - {name: B, role: same}
                """;

        Response reply = yaml(template, "mode", "update");

        assertEquals(200, reply.statusCode());
        assertEquals("0 created, 1 skipped, 1 updated, 0 removed", totals(reply));
        assertEquals(1, reply.jsonPath().getInt("count"));
        assertEquals(List.of("A: updated", "B: skipped"), actions(reply));
        assertFalse(node(reply, "A").containsKey("skipped"));
        assertFalse(node(reply, "B").containsKey("changes"));
        assertEquals(4, node(reply, "A").get("tier"));
        assertEquals(
                Map.of(
                        "role", Map.of("from", "old", "to", "new"),
                        "tier", Map.of("from", 3, "to", 4),
                        "max_concurrent_tasks", Map.of("from", 1, "to", 5),
                        "external", Map.of("from", false, "to", true),
                        "labels", Map.of("from", Map.of(), "to", Map.of("team", "core")),
                        "required_env", Map.of("from", List.of(), "to", List.of("PATH")),
                        "agents", Map.of("from", List.of(), "to", List.of("builder")),
                        "config",
                                Map.of(
                                        "from",
                                        Map.of("x-note", Map.of("v", 1)),
                                        "to",
                                        Map.of("x-note", Map.of("v", 2)))),
                node(reply, "A").get("changes"));
        JsonPath stored = workspace(id(first, "A"));
        assertEquals("new", stored.getString("role"));
        assertEquals(4, stored.getInt("tier"));
        assertEquals(5, stored.getInt("max_concurrent_tasks"));
        assertEquals(Map.of("team", "core"), stored.getMap("labels"));
        assertEquals("claude", stored.getString("runtime"));
        assertEquals("opus", stored.getString("model"));
        assertEquals("https://a.example/", stored.getString("url"));
        assertEquals("0 created, 2 skipped, 0 updated, 0 removed", totals(yaml(template, "mode", "update")));
    }

    @Test
    void updateOfAnEmptyFieldSaysThatItWasEmpty() {
        Response first = yaml("{name: T, workspaces: [{name: A, x-note: {gone: null}}]}");

        Response reply = yaml(
                "{name: T, workspaces: [{name: A, role: Lead, url: 'https://a.example/', x-note: {kept: null}}]}",
                "mode",
                "update");

        var fromNothing = new java.util.HashMap<String, Object>();
        fromNothing.put("from", null);
        fromNothing.put("to", "Lead");
        Map<String, Map<String, Object>> changes = reply.jsonPath().getMap("workspaces[0].changes");
        assertEquals(Set.of("role", "url", "config"), changes.keySet());
        assertEquals(fromNothing, changes.get("role"));
        assertEquals(
                Map.of(
                        "from", Map.of("x-note", Collections.singletonMap("gone", null)),
                        "to", Map.of("x-note", Collections.singletonMap("kept", null))),
                changes.get("config"));
        assertEquals("Lead", workspace(id(first, "A")).getString("role"));
    }

    @Test
    void updateNeverRewritesWhereANodeStandsOnTheCanvas() {
        String template = "{name: T, workspaces: [{name: A, canvas: {x: 10.5, y: -20}}]}";
        String node = id(yaml(template), "A");
        assertEquals(10.5, workspace(node).getDouble("x"));

        Response elsewhere = yaml(template.replace("10.5", "99"), "mode", "update");
        assertEquals("0 created, 1 skipped, 0 updated, 0 removed", totals(elsewhere));
        assertEquals(10.5, workspace(node).getDouble("x"));
        assertEquals(-20.0, workspace(node).getDouble("y"));

        Imports.change(node, "{\"x\": 1, \"y\": 2}");
        Response mixed = yaml(template.replace("name: A", "name: A, role: r"), "mode", "update");
        assertEquals(
                Set.of("role"), mixed.jsonPath().getMap("workspaces[0].changes").keySet());
        assertEquals(1.0, workspace(node).getDouble("x"));
        assertEquals(2.0, workspace(node).getDouble("y"));
    }

    @Test
    void updateAndReconcileAlsoCreateAndReconcileAlsoUpdates() {
        yaml("{name: T, workspaces: [{name: A}]}");

        Response update = yaml("{name: T, workspaces: [{name: A, children: [{name: B}]}]}", "mode", "update");
        assertEquals(201, update.statusCode());
        assertEquals(List.of("A: skipped", "A/B: created"), actions(update));
        assertEquals("update", update.jsonPath().getString("mode"));

        Response reconcile = Imports.reconcile("{name: T, workspaces: [{name: A, tier: 5, children: [{name: B}]}]}");
        assertEquals(List.of("A: updated", "A/B: skipped"), actions(reconcile));
        assertEquals(
                Map.of("tier", Map.of("from", 1, "to", 5)), node(reconcile, "A").get("changes"));
    }

    @Test
    void aDryRunWritesNoWorkspaceAndSaysWhatTheRealRunThenDoes() {
        yaml("{name: Acme Inc, workspaces: [{name: Acme, role: Old}]}");
        String before = api().get("/workspaces").asString();

        Response planned = yaml(ACME, "dry_run", true, "mode", "update");

        assertEquals(200, planned.statusCode());
        assertEquals(true, planned.jsonPath().getBoolean("dry_run"));
        assertEquals(before, api().get("/workspaces").asString());
        assertEquals("5 created, 0 skipped, 1 updated, 0 removed", totals(planned));
        for (String path : ACME_PATHS.subList(1, 6)) {
            assertNull(node(planned, path).get("id"), path);
        }
        assertEquals(id(planned, "Acme"), node(planned, "Acme/Zebra").get("parent_id"));
        assertNull(node(planned, "Acme/Zebra/Backend").get("parent_id"));

        Response real = yaml(ACME, "mode", "update");
        assertEquals(201, real.statusCode());
        assertEquals(totals(planned), totals(real));
        assertEquals(actions(planned), actions(real));
        assertEquals(
                planned.jsonPath().getList("workspaces.tier"), real.jsonPath().getList("workspaces.tier"));
        assertEquals(node(planned, "Acme").get("changes"), node(real, "Acme").get("changes"));
    }

    @Test
    void everyImportIsRecordedWithItsTotalsAndADryRunAsPlanned() {
        Response real = yaml(ACME);
        Response planned = yaml(ACME, "dry_run", true, "mode", "update");

        JsonPath runs = api().get("/org/imports").jsonPath();
        assertEquals(
                List.of(
                        planned.jsonPath().getString("import_id"),
                        real.jsonPath().getString("import_id")),
                runs.getList("items.import_id"));
        assertEquals(List.of("planned", "completed"), runs.getList("items.outcome"));
        assertEquals(List.of(true, false), runs.getList("items.dry_run"));
        assertEquals(List.of("update", "merge"), runs.getList("items.mode"));
        assertEquals(List.of("Acme Inc", "Acme Inc"), runs.getList("items.template"));
        assertEquals(List.of(0, 6), runs.getList("items.created"));
        assertEquals(List.of(6, 0), runs.getList("items.skipped"));
        JsonPath one = api().get("/org/imports/" + real.jsonPath().getString("import_id"))
                .jsonPath();
        assertEquals(runs.getMap("items[1]"), one.getMap("$"));
        assertEquals(
                1,
                count("audit_log WHERE action = 'organisation.imported' AND target = '"
                        + real.jsonPath().getString("import_id") + "'"));
        assertEquals(1, count("audit_log"));
    }
}
