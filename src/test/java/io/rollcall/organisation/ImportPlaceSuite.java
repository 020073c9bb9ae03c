package io.rollcall.organisation;

import static io.rollcall.organisation.Imports.actions;
import static io.rollcall.organisation.Imports.count;
import static io.rollcall.organisation.Imports.id;
import static io.rollcall.organisation.Imports.ids;
import static io.rollcall.organisation.Imports.names;
import static io.rollcall.organisation.Imports.node;
import static io.rollcall.organisation.Imports.totals;
import static io.rollcall.organisation.Imports.workspace;
import static io.rollcall.organisation.Imports.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.rollcall.Api;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where an import puts its nodes: below a parent, beside tombstones, and which ones it leaves out. */
abstract class ImportPlaceSuite {

    private static final String TEAM = "{name: Team, workspaces: [{name: Lead, children: [{name: Worker}]}]}";

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void belowAParentPathsBeginAtTheRootAndRowsBelongToItsOrganisation() {
        Response acme = yaml("{name: T, workspaces: [{name: Acme, children: [{name: Engineering}]}]}");
        String engineering = id(acme, "Acme/Engineering");

        Response team = yaml(TEAM, "parent_id", engineering);

        assertEquals(201, team.statusCode());
        assertEquals(List.of("Acme/Engineering/Lead: created", "Acme/Engineering/Lead/Worker: created"), actions(team));
        assertEquals(engineering, node(team, "Acme/Engineering/Lead").get("parent_id"));
        assertEquals(
                id(acme, "Acme"),
                workspace(id(team, "Acme/Engineering/Lead/Worker")).getString("org_id"));
        assertEquals("0 created, 2 skipped, 0 updated, 0 removed", totals(yaml(TEAM, "parent_id", engineering)));
        assertEquals("2 created, 0 skipped, 0 updated, 0 removed", totals(yaml(TEAM)));
    }

    @Test
    void anUnknownParentIsAConflictAndNothingIsWritten() {
        Response reply = yaml(TEAM, "parent_id", "01890000-0000-7000-8000-000000000000");

        Refusal.check(reply, 409, "PARENT_NOT_FOUND");
        assertEquals(0, count("workspaces"));
        assertEquals(0, count("import_runs"));
    }

    @Test
    void aRemovedParentIsAConflictAlsoInADryRun() {
        String root = id(yaml("{name: T, workspaces: [{name: Acme}]}"), "Acme");
        Imports.remove(root, "Acme");

        Refusal.check(yaml(TEAM, "parent_id", root), 409, "PARENT_NOT_FOUND");
        Refusal.check(yaml(TEAM, "parent_id", root, "dry_run", true), 409, "PARENT_NOT_FOUND");
        assertEquals(1, count("workspaces"));
        assertEquals(1, count("import_runs"));
    }

    @Test
    void aTombstoneFreesItsNameForANewNodeWithANewId() {
        Response first = yaml(TEAM);
        Imports.remove(id(first, "Lead"), "Lead");

        Response second = yaml(TEAM);

        assertEquals(201, second.statusCode());
        assertEquals("2 created, 0 skipped, 0 updated, 0 removed", totals(second));
        assertNotEquals(id(first, "Lead"), id(second, "Lead"));
        assertNotEquals(id(first, "Lead/Worker"), id(second, "Lead/Worker"));
        assertEquals(List.of("Lead", "Worker"), names());
        assertEquals(2, count("workspaces WHERE status = 'removed'"));
    }

    @Test
    void aRemovedChildIsMadeAgainUnderItsLivingParent() {
        Response first = yaml(TEAM);
        Imports.remove(id(first, "Lead/Worker"), "Worker");

        Response second = yaml(TEAM);

        assertEquals(List.of("Lead: skipped", "Lead/Worker: created"), actions(second));
        assertEquals(id(first, "Lead"), node(second, "Lead/Worker").get("parent_id"));
        assertNotEquals(id(first, "Lead/Worker"), id(second, "Lead/Worker"));
    }

    @Test
    void rootsOfDifferentTemplatesCollideByName() {
        Response one = yaml("{name: One, workspaces: [{name: Acme}]}");
        Response other = yaml("{name: Other, workspaces: [{name: Acme}, {name: Beta}]}");

        assertEquals(List.of("Acme: skipped", "Beta: created"), actions(other));
        assertEquals(id(one, "Acme"), id(other, "Acme"));
        assertEquals(List.of("Acme", "Beta"), names());
    }

    @Test
    void theSameNameUnderAnotherParentIsAnotherNode() {
        Response reply = yaml(
                "{name: T, workspaces: [{name: A, children: [{name: Ops}]}, {name: B, children: [{name: Ops}]}, {name: Ops}]}");

        assertEquals("5 created, 0 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(5, ids(reply).values().stream().distinct().count());
    }

    @Test
    void namesDifferByCaseAndEqualByUnicodeComposition() {
        Response decomposed = yaml("{name: T, workspaces: [{name: \"Cafe\\u0301\"}, {name: CAF\u00c9}]}");
        Response composed = yaml("{name: T, workspaces: [{name: Caf\u00e9}]}");

        assertEquals("2 created, 0 skipped, 0 updated, 0 removed", totals(decomposed));
        assertEquals(List.of("Caf\u00e9: skipped"), actions(composed));
    }

    @Test
    void spawningFalseLeavesOutTheNodeAndAllBelowIt() {
        Response reply = yaml("""
                name: T
                workspaces:
                  - name: A
                    children:
                      - name: Later
                        spawning: false
                        tier: 4
                        children: [{name: Below, spawning: true}]
                      - {name: Now, spawning: true}
                """);

        assertEquals(201, reply.statusCode());
        assertEquals("2 created, 0 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(2, reply.jsonPath().getInt("count"));
        assertEquals(
                List.of("A: created", "A/Later: not_spawned", "A/Later/Below: not_spawned", "A/Now: created"),
                actions(reply));
        assertNull(node(reply, "A/Later").get("id"));
        assertEquals(id(reply, "A"), node(reply, "A/Later").get("parent_id"));
        assertNull(node(reply, "A/Later/Below").get("id"));
        assertNull(node(reply, "A/Later/Below").get("parent_id"));
        assertEquals(List.of("A", "Now"), names());
    }

    @Test
    void aTemplateOfWhichNothingIsSpawnedCreatesNothing() {
        Response reply = yaml("{name: T, workspaces: [{name: A, spawning: false}]}");

        assertEquals(200, reply.statusCode());
        assertEquals(List.of("A: not_spawned"), actions(reply));
        assertEquals(0, reply.jsonPath().getInt("count"));
        assertEquals(0, count("workspaces"));
    }

    @Test
    void anExistingNodeThatIsNoLongerSpawnedIsNotRemovedByReconcile() {
        String template = "{name: T, workspaces: [{name: A, children: [{name: B, children: [{name: C}]}]}, {name: D}]}";
        yaml(template);

        Response reply = Imports.reconcile(
                template.replace("name: B", "name: B, spawning: false").replace("name: D", "name: D, spawning: false"),
                "confirm",
                true);

        assertEquals("0 created, 1 skipped, 0 updated, 0 removed", totals(reply));
        assertEquals(List.of("A", "B", "C", "D"), names());
    }

    @Test
    void theDepthLimitCountsTheLevelsAboveTheParent() {
        Response chain = yaml(chain("Base", 62));
        assertEquals(201, chain.statusCode());
        String deepest = (String) Imports.nodes(chain).get(61).get("id");

        Response three = yaml(chain("Three", 3), "parent_id", deepest);
        Refusal.check(three, 422, "VALIDATION_FAILED");
        assertEquals(List.of("parent_id"), three.jsonPath().getList("violations.path"));
        assertTrue(
                three.jsonPath().getString("violations[0].message").contains("65 levels deep; the limit is 64"),
                three.asString());
        assertEquals(62, count("workspaces"));

        Response two = yaml(chain("Two", 2), "parent_id", deepest);
        assertEquals(201, two.statusCode());
        assertEquals(64, count("workspaces"));
    }

    @Test
    void aTreeOf64LevelsIsImportedAndOneOf65Refused() {
        assertEquals(201, yaml(chain("Deep", 64)).statusCode());
        assertEquals(64, count("workspaces"));

        Response deeper = yaml(chain("Deeper", 65));
        Refusal.check(deeper, 422, "VALIDATION_FAILED");
        assertEquals(
                "workspaces[0]" + ".children[0]".repeat(63) + ".children",
                deeper.jsonPath().getString("violations[0].path"));
        assertTrue(deeper.jsonPath().getString("violations[0].message").contains("limit is 64"), deeper.asString());
        assertEquals(64, count("workspaces"));
    }

    @Test
    void severalRootsEachBecomeAnOrganisation() {
        Response reply = yaml("{name: T, workspaces: [{name: A, children: [{name: C}]}, {name: B}]}");

        List<String> organisations = Arrays.asList(
                workspace(id(reply, "A")).getString("org_id"),
                workspace(id(reply, "A/C")).getString("org_id"),
                workspace(id(reply, "B")).getString("org_id"));
        assertEquals(List.of(id(reply, "A"), id(reply, "A"), id(reply, "B")), organisations);
    }

    private static String chain(String name, int levels) {
        return "{name: " + name + ", workspaces: [{name: " + name + "1"
                + java.util.stream.IntStream.rangeClosed(2, levels)
                        .mapToObj(level -> ", children: [{name: " + name + level)
                        .collect(java.util.stream.Collectors.joining())
                + "}]".repeat(levels)
                + "}";
    }
}
