package io.rollcall.organisation;

import static io.rollcall.Api.api;
import static io.rollcall.Api.importJson;
import static io.rollcall.organisation.Imports.count;
import static io.rollcall.organisation.Imports.id;
import static io.rollcall.organisation.Imports.totals;
import static io.rollcall.organisation.Imports.workspace;
import static io.rollcall.organisation.Imports.yaml;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.rollcall.Api;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a template carries beyond its nodes' fields: kept keys, required variables; and the import's Idempotency-Key. */
abstract class ImportDocumentsSuite {

    private static final String KEPT = """
            name: T
            description: Two people.
            global_memories: [{scope: all, text: "no"}]
            x-owner: {team: core, since: 2024-01-01}
            x-controls: "\\x01\\x7F\\x85\\uFFFE"
            category_routing: {bugs: Lead}
            defaults:
              initial_prompt: Begin.
              idle_interval_seconds: 600
              plugins: [git]
            workspaces:
              - name: Lead
                system_prompt: |
                  You lead.
                  Be kind.
                initial_prompt: Start here.
                files_dir: lead
                template: base
                workspace_access: {read: [all], write: []}
                schedules: [{cron: "0 9 * * 1", prompt: plan, enabled: yes, weight: 1.50, none: null}]
                x-foo: {nested: [1, true, null, "01"]}
                children:
                  - name: Worker
            """;

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void keysWithoutBehaviourLandVerbatimInConfigWithThoseOfTheDefaults() {
        Response reply = yaml(KEPT);

        assertEquals(201, reply.statusCode());
        Map<String, Object> lead = workspace(id(reply, "Lead")).getMap("config");
        assertEquals(
                Set.of(
                        "system_prompt",
                        "initial_prompt",
                        "files_dir",
                        "template",
                        "workspace_access",
                        "schedules",
                        "x-foo",
                        "idle_interval_seconds",
                        "plugins"),
                lead.keySet());
        assertEquals("You lead.\nBe kind.\n", lead.get("system_prompt"));
        assertEquals("Start here.", lead.get("initial_prompt"));
        assertEquals("base", lead.get("template"));
        assertEquals(Map.of("read", List.of("all"), "write", List.of()), lead.get("workspace_access"));
        assertEquals(
                "[[cron:0 9 * * 1, none:null, prompt:plan, weight:1.5, enabled:yes]]",
                workspace(id(reply, "Lead")).getString("config.schedules"));
        assertEquals(java.util.Arrays.asList(1, true, null, "01"), ((Map<?, ?>) lead.get("x-foo")).get("nested"));
        assertEquals(
                Map.of("initial_prompt", "Begin.", "idle_interval_seconds", 600, "plugins", List.of("git")),
                workspace(id(reply, "Lead/Worker")).getMap("config"));
    }

    @Test
    void topLevelKeysSurviveIntoTheExportWhichReimportsToNothing() {
        String root = id(yaml(KEPT), "Lead");

        JsonPath export = api().queryParam("root", root).get("/org/export").jsonPath();

        assertEquals("T", export.getString("name"));
        assertEquals("Two people.", export.getString("description"));
        assertEquals(List.of(Map.of("scope", "all", "text", "no")), export.getList("global_memories"));
        assertEquals(Map.of("team", "core", "since", "2024-01-01"), export.getMap("x-owner"));
        assertEquals("\u0001\u007f\u0085\ufffe", export.getString("x-controls"));
        assertEquals(Map.of("bugs", "Lead"), export.getMap("category_routing"));
        assertEquals("You lead.\nBe kind.\n", export.getString("workspaces[0].system_prompt"));
        assertEquals("Begin.", export.getString("workspaces[0].children[0].initial_prompt"));
        for (String type : List.of("application/json", "application/yaml")) {
            String text = api().accept(type)
                    .queryParam("root", root)
                    .get("/org/export")
                    .asString();
            String body = type.endsWith("json") ? "{\"mode\": \"reconcile\", \"template\": " + text + "}" : text;
            Response again = api().contentType(type)
                    .queryParam("mode", "reconcile")
                    .body(body)
                    .post("/org/import");
            assertEquals("0 created, 2 skipped, 0 updated, 0 removed", totals(again), type);
        }
    }

    /** A snowflake of 19 digits came out of an export as a tag that an import refuses. */
    @Test
    void numbersOfAnyLengthThatIsLetInAreTheSameAfterAnExportInEitherFormat() {
        String numbers = "[1234567890123456789, 12345678901234567890, -9223372036854775809, 1" + "0".repeat(308)
                + ", 1e308," + " 1E-900, 0." + "3".repeat(900) + ", -0.00000012345678901234567890, 0e900, 1.10]";
        String template = "{\"name\": \"T\", \"x-n\": " + numbers + ", \"workspaces\": [{\"name\": \"A\", \"x-n\": "
                + numbers + "}]}";
        Response reply = importJson("{\"template\": " + template + "}");
        assertEquals(201, reply.statusCode(), reply::asString);
        String root = id(reply, "A");

        for (String type : List.of("application/json", "application/yaml")) {
            Response export = api().accept(type).queryParam("root", root).get("/org/export");
            String text = export.asString();
            String body = type.endsWith("json") ? "{\"mode\": \"update\", \"template\": " + text + "}" : text;
            Response again = api().contentType(type)
                    .queryParam("mode", "update")
                    .body(body)
                    .post("/org/import");
            assertEquals(200, again.statusCode(), () -> again.asString() + text);
            assertEquals("0 created, 1 skipped, 0 updated, 0 removed", totals(again), text);
        }
    }

    @Test
    void anEmptyDefaultOrUnquotedLabelIsTakenAsItWasWritten() {
        Response reply = yaml(
                "{name: T, defaults: {role: null}, workspaces: [{name: A, labels: {n: 1, b: true, y: yes, v: 1.10}}]}");

        assertEquals(201, reply.statusCode());
        assertNull(workspace(id(reply, "A")).get("role"));
        assertEquals(
                Set.of("n", "b", "y", "v"),
                workspace(id(reply, "A")).getMap("labels").keySet());
        assertEquals("yes", workspace(id(reply, "A")).getString("labels.y"));
    }

    @Test
    void anExternalNodeAwaitsItsAgent() {
        Response reply = yaml("{name: T, workspaces: [{name: A, external: true, url: 'https://agent.example/a'}]}");

        assertEquals("awaiting_agent", workspace(id(reply, "A")).getString("status"));
        assertEquals("https://agent.example/a", workspace(id(reply, "A")).getString("url"));
    }

    @Test
    void unmetVariablesAreAllNamedAndNothingIsWritten() {
        Response reply = yaml("""
                name: T
                required_env: [ROLLCALL_TEST_NO_SUCH_A, PATH, {any_of: [ROLLCALL_TEST_NO_SUCH_B, ROLLCALL_TEST_NO_SUCH_C]}]
                workspaces:
                  - {name: A, required_env: [ROLLCALL_TEST_NO_SUCH_D]}
                  - {name: B, spawning: false, required_env: [ROLLCALL_TEST_NO_SUCH_E]}
                """);

        Refusal.check(reply, 412, "MISSING_ENV");
        assertEquals(
                List.of(
                        "ROLLCALL_TEST_NO_SUCH_A",
                        Map.of("any_of", List.of("ROLLCALL_TEST_NO_SUCH_B", "ROLLCALL_TEST_NO_SUCH_C")),
                        "ROLLCALL_TEST_NO_SUCH_D"),
                reply.jsonPath().getList("missing_env"));
        assertEquals(0, count("workspaces"));
        assertEquals(0, count("import_runs"));
    }

    @Test
    void aVariableOfTheServiceMeetsARequirementAloneOrAsOneOfSeveral() {
        Response reply = yaml(
                "{name: T, required_env: [PATH, {any_of: [ROLLCALL_TEST_NO_SUCH_A, PATH]}], workspaces: [{name: A, required_env: [PATH]}]}");

        assertEquals(201, reply.statusCode());
        assertEquals(List.of("PATH"), workspace(id(reply, "A")).getList("required_env"));
    }

    @Test
    void recommendedVariablesAreNotRequired() {
        assertEquals(
                201,
                yaml("{name: T, recommended_env: [ROLLCALL_TEST_NO_SUCH_A], workspaces: [{name: A}]}")
                        .statusCode());
    }

    @Test
    void theSameKeyAndBodyAnswersTheFirstReplyByteForByte() {
        Response first = keyed("k1", TEMPLATE);
        Response again = keyed("k1", TEMPLATE);

        assertEquals(201, first.statusCode());
        assertNull(first.header("Idempotency-Replayed"));
        assertEquals(201, again.statusCode());
        assertEquals("true", again.header("Idempotency-Replayed"));
        assertEquals(first.contentType(), again.contentType());
        assertArrayEquals(first.asByteArray(), again.asByteArray());
        assertEquals(1, count("import_runs"));

        Response anotherKey = keyed("k2", TEMPLATE);
        assertEquals(200, anotherKey.statusCode());
        assertEquals("0 created, 1 skipped, 0 updated, 0 removed", totals(anotherKey));
    }

    @Test
    void theSameKeyWithAnotherBodyOrOtherParametersIsRefused() {
        keyed("k1", TEMPLATE);

        Refusal.check(keyed("k1", TEMPLATE.replace("A", "B")), 422, "IDEMPOTENCY_KEY_REUSED");
        Response otherQuery = api().header("Idempotency-Key", "k1")
                .contentType("application/json")
                .queryParam("mode", "reconcile")
                .body(TEMPLATE)
                .post("/org/import");
        Refusal.check(otherQuery, 422, "IDEMPOTENCY_KEY_REUSED");
        assertEquals(List.of("A"), Imports.names());
    }

    @Test
    void aRefusalIsNotKeptUnderItsKey() {
        String missing = "01890000-0000-7000-8000-000000000000";
        Refusal.check(keyed("k1", TEMPLATE.replace("\"A\"", "\"\"")), 422, "VALIDATION_FAILED");
        Refusal.check(
                keyed("k1", TEMPLATE.replace("{\"template\"", "{\"parent_id\": \"" + missing + "\", \"template\"")),
                409,
                "PARENT_NOT_FOUND");
        assertEquals(0, count("idempotency_keys"));

        Response corrected = keyed("k1", TEMPLATE);
        assertEquals(201, corrected.statusCode());
        assertNull(corrected.header("Idempotency-Replayed"));
    }

    @Test
    void aKeyThatIsTooLongIsRefusedNamingTheHeader() {
        Response reply = keyed("k".repeat(256), TEMPLATE);

        Refusal.check(reply, 400, "BAD_REQUEST");
        assertEquals(List.of("Idempotency-Key"), reply.jsonPath().getList("violations.path"));
        assertEquals(0, count("workspaces"));
    }

    @Test
    void whatTheQuerySaysMustNotContradictTheBody() {
        Response reply = api().contentType("application/json")
                .queryParam("dry_run", true)
                .queryParam("mode", "merge")
                .body(TEMPLATE.replace("{\"template\"", "{\"dry_run\": false, \"mode\": \"merge\", \"template\""))
                .post("/org/import");

        Refusal.check(reply, 422, "VALIDATION_FAILED");
        assertEquals(List.of("dry_run"), reply.jsonPath().getList("violations.path"));
        assertEquals(0, count("workspaces"));
    }

    @Test
    void aDryRunOfANewOrganisationRecordsNoIdThatWillNeverBe() {
        Imports.yaml("{name: T, workspaces: [{name: A}]}", "dry_run", true);
        Imports.yaml("{name: T, workspaces: [{name: A}]}");
        Imports.yaml("{name: T, workspaces: [{name: A}]}", "dry_run", true);

        List<String> organisations = api().get("/org/imports").jsonPath().getList("items.org_id");
        assertEquals(organisations.get(1), organisations.get(0));
        assertNull(organisations.get(2));
    }

    @Test
    void theHistoryOfOneOrganisationIsItsOwn() {
        String a = id(yaml("{name: T, workspaces: [{name: A}]}"), "A");
        String b = id(yaml("{name: U, workspaces: [{name: B}]}"), "B");
        yaml("{name: T, workspaces: [{name: A}]}", "dry_run", true);
        yaml("{name: V, workspaces: [{name: C}]}", "dry_run", true);

        assertEquals(List.of("T", "T"), templates("?org_id=" + a));
        assertEquals(List.of("U"), templates("?org_id=" + b));
        assertEquals(List.of(), templates("?org_id=00000000-0000-7000-8000-000000000000"));
        assertEquals(List.of("V", "T", "U", "T"), templates(""));
        Refusal.check(api().get("/org/imports?org_id=x"), 400, "BAD_REQUEST");
    }

    private static List<String> templates(String query) {
        return api().get("/org/imports" + query).jsonPath().getList("items.template");
    }

    @Test
    void jsonAndYamlSayTheSame() {
        importJson("{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"A\", \"tier\": 3}]}}");
        for (String type : List.of("application/yaml", "text/yaml", "application/x-yaml")) {
            Response reply = api().contentType(type)
                    .body("mode: update\ntemplate:\n  name: T\n  workspaces: [{name: A, tier: 3}]\n")
                    .post("/org/import");
            assertEquals("0 created, 1 skipped, 0 updated, 0 removed", totals(reply), type);
            assertTrue(reply.contentType().startsWith("application/json"), reply.contentType());
        }
    }

    private static final String TEMPLATE = "{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"A\"}]}}";

    private static Response keyed(String key, String body) {
        return api().header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post("/org/import");
    }
}
