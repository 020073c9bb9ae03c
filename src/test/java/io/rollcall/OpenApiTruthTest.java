package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.delegation.LedgerRows;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the document says of bodies is what the service reads and writes. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OpenApiTruthTest {

    private static final String NOBODY = "/workspaces/00000000-0000-7000-8000-000000000000";
    private static final String TEMPLATE = """
            name: T
            required_env: [PATH, {any_of: [PATH, NONE]}]
            workspaces:
              - name: A
                role: %s
                labels: {k: v}
                agents: [a, {id: b, more: 1}]
                required_env: [PATH]
                plugins: [kept]
                canvas: {x: 1}
                children: [{name: B}, {name: C, spawning: false}%s]
            """;
    private static final String MORE = ", {name: D, children: [{name: E}]}";

    /** In each workspace an agent that said all it can and one that said nothing, silent, with an incident that ended. */
    private static final List<String> HEARD = List.of("""
            INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at)
            SELECT w.id, a.id, w.org_id, now() - interval '1 h' FROM workspaces w, unnest('{main,quiet}'::text[]) a (id)
             WHERE w.live
            """, """
            UPDATE heartbeats SET started_at = beat_at, silent_since = now() WHERE agent_id = 'main'
            """, """
            INSERT INTO agent_states (workspace_id, agent_id, org_id, status, error_rate, sample_error, active_tasks,
                                      current_task, loop_id, detail, url, delivery_mode, registered_at)
            SELECT workspace_id, agent_id, org_id, 'idle', 0, 'e', 0, 't', 'l', '{}', 'u', 'd', now() FROM heartbeats
             WHERE agent_id = 'main'
            """, """
            INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, cool_down_until,
                                   ended_at, notified_at)
            SELECT org_id, workspace_id, agent_id, 'agent_silent', 'm', now(), 0, now(), silent_since, silent_since
              FROM heartbeats
            """);

    private final Set<String> seen = new TreeSet<>();
    private JsonNode schemas;

    @BeforeEach
    void start() {
        Api.emptyTheDatabase();
        schemas = Call.get("/q/openapi?format=json").expect(200).json().at("/components/schemas");
    }

    @Test
    void everyFieldOfARequestIsRead() {
        assertRead("ImportRequest", "POST", "/org/import", "%s", "");
        assertRead("OrgTemplate", "POST", "/org/import", "{\"template\": %s}", "template.");
        assertRead(
                "TemplateDefaults", "POST", "/org/import", "{\"template\": {\"defaults\": %s}}", "template.defaults.");
        assertRead(
                "TemplateWorkspace",
                "POST",
                "/org/import",
                "{\"template\": {\"workspaces\": [%s]}}",
                "template.workspaces[0].");
        assertRead(
                "TemplateCanvas",
                "POST",
                "/org/import",
                "{\"template\": {\"workspaces\": [{\"canvas\": %s}]}}",
                "template.workspaces[0].canvas.");
        assertRead("NewWorkspace", "POST", "/workspaces", "%s", "");
        assertRead("WorkspacePatch", "PATCH", NOBODY, "%s", "");
        assertRead("Viewport", "PUT", "/canvas/viewport", "%s", "");
        assertRead("NewActivity", "POST", NOBODY + "/activity", "%s", "");
        assertRead("Acknowledgement", "POST", NOBODY + "/inbox/ack", "%s", "");
        assertRead("BootstrapFiles", "PUT", NOBODY + "/bootstrap-files", "%s", "");
        assertRead("BootstrapPing", "POST", NOBODY + "/bootstrap-pings", "%s", "");
        assertRead("SkillPing", "POST", NOBODY + "/skill-pings", "%s", "");
        assertRead("NewWatchdogPause", "PUT", NOBODY + "/watchdog-pauses/main", "%s", "");
        String day = NOBODY + "/agents/main/metrics/2027-01-31";
        assertRead("NewAgentMetrics", "PUT", day, "%s", "");
        assertRead("AgentMetricsIncrement", "POST", day + "/increment", "%s", "");
        assertRead("ReconcileRequest", "POST", "/delegations/reconcile", "%s", "");
        assertRead("RunningDelegation", "POST", "/delegations/reconcile", "{\"running\": [%s]}", "running[0].");
    }

    @Test
    void theExamplesAreAccepted() {
        Call.post("/org/import", example("ImportRequest")).expect(200);
        Call.post("/org/import", "{\"template\": " + example("OrgTemplate") + "}")
                .expect(201);
        String id =
                Call.post("/workspaces", example("NewWorkspace")).expect(201).id();
        Call.patch("/workspaces/" + id, example("WorkspacePatch")).expect(200);
        Call.post("/workspaces/" + id + "/activity", example("NewActivity")).expect(201);
        Call.post("/workspaces/" + id + "/inbox/ack", example("Acknowledgement"))
                .expect(200);
        Call.of("PUT", "/workspaces/" + id + "/bootstrap-files")
                .json(example("BootstrapFiles"))
                .send()
                .expect(200);
        Call.post("/workspaces/" + id + "/bootstrap-pings", example("BootstrapPing"))
                .expect(200);
        Call.post("/workspaces/" + id + "/skill-pings", example("SkillPing")).expect(200);
        Call.of("PUT", "/workspaces/" + id + "/settings/default")
                .json(example("SettingsDocument"))
                .send()
                .expect(201);
        String day = "/workspaces/" + id + "/agents/main/metrics/2027-01-31";
        Call.of("PUT", day).json(example("NewAgentMetrics")).send().expect(200);
        Call.post(day + "/increment", example("AgentMetricsIncrement")).expect(200);
    }

    @Test
    void repliesAreAsDescribed() {
        check(imported("", "r", ""), 201, "ImportResult");
        check(imported("?mode=update", "s", MORE), 201, "ImportResult");
        check(imported("?mode=reconcile&dry_run=true", "s", ""), 200, "ImportResult");
        String parent = named("E").path("id").asText();
        check(Call.post("/workspaces", "{\"name\": \"F\", \"parent_id\": \"" + parent + "\"}"), 201, "Workspace");
        check(imported("?mode=reconcile&confirm=true", "s", ""), 200, "ImportResult");
        check(Call.get("/org/imports?limit=1"), 200, "ImportRunPage");
        check(Call.get("/org/imports"), 200, "ImportRunPage");
        check(Call.get("/org/audit?limit=1"), 200, "AuditPage");
        check(Call.get("/org/audit"), 200, "AuditPage");
        Call.get("/org/templates").json().forEach(summary -> check(summary, "TemplateSummary"));
        check(Call.get("/canvas/viewport"), 200, "Viewport");

        String top = "/workspaces/" + named("A").path("id").asText();
        check(Call.post(top + "/activity", "{\"type\": \"t\", \"detail\": {}}"), 201, "Activity");
        check(Call.get(top + "/activity"), 200, "ActivityPage");
        check(Call.get(top + "/inbox"), 200, "InboxPage");
        check(Call.post(top + "/inbox/ack", "{\"acked_seq\": 0}"), 200, "Acknowledged");
        check(Call.get(top + "/mail/summary"), 200, "MailSummary");
        String file = "{\"files\": {\"f\": \"" + "0".repeat(64) + "\"}}";
        check(Call.of("PUT", top + "/bootstrap-files").json(file).send(), 200, "BootstrapFiles");
        check(Call.get(top + "/bootstrap-files"), 200, "BootstrapFiles");
        check(Call.post(top + "/bootstrap-pings", file.replace("\"f\"", "\"g\"")), 200, "FileReportPage");
        check(Call.get(top + "/bootstrap-pings?limit=1"), 200, "FileReportPage");
        check(Call.post(top + "/skill-pings", "{\"skill\": \"s\", \"commit\": \"c\"}"), 200, "SkillInstall");
        Call.post(top + "/skill-pings", "{\"skill\": \"t\", \"commit\": \"c\"}");
        check(Call.get(top + "/skill-pings"), 200, "SkillInstallPage");
        check(Call.get(top + "/skill-pings?limit=1"), 200, "SkillInstallPage");
        for (String minutes : List.of("5", "500")) {
            Call pause = Call.of("PUT", top + "/watchdog-pauses/main").json("{\"minutes\": " + minutes + "}");
            check(pause.send(), 200, "WatchdogPause");
        }
        check(Call.get(top + "/watchdog-pauses"), 200, "WatchdogPausePage");
        check(Call.get("/watchdog-pauses"), 200, "WatchdogPausePage");
        for (String key : List.of("a", "b")) {
            check(Call.of("PUT", top + "/settings/" + key).json("{}").send(), 201, "SettingsDocument");
        }
        check(Call.get(top + "/settings"), 200, "SettingPage");
        check(Call.get(top + "/settings?limit=1"), 200, "SettingPage");
        String metrics = top + "/agents/main/metrics";
        String rates = "{\"chain_rate\": 0.5, \"own\": 1}";
        check(Call.of("PUT", metrics + "/2027-01-31").json(rates).send(), 200, "AgentMetricDay");
        check(Call.post(metrics + "/2027-01-30/increment", "{\"own\": 1}"), 200, "AgentMetricDay");
        check(Call.get(metrics), 200, "AgentMetricPage");
        check(Call.get(metrics + "?limit=1"), 200, "AgentMetricPage");
        check(Call.get(top + "/metrics/team?from=2027-01-01&to=2027-01-31"), 200, "TeamMetricPage");
        HEARD.forEach(sql -> Sql.run(sql));
        for (String path : List.of(top + "/heartbeats", "/heartbeats/stale", "/heartbeats/stale?limit=1")) {
            check(Call.get(path), 200, "AgentHeartbeatPage");
        }
        check(Call.get("/heartbeats/summary"), 200, "HeartbeatSummary");
        for (String path : List.of(top + "/incidents", "/incidents", "/incidents?limit=1")) {
            check(Call.get(path), 200, "IncidentPage");
        }
        check(Call.get("/org/export?root=" + named("A").path("id").asText()), 200, "OrgTemplate");
        check(Call.of("DELETE", top).send(), 400, "Problem");
        check(remove(top), 409, "Problem");
        check(remove(top + "?confirm=true"), 200, "Removed");
        check(Call.get(top + "?include_removed=true"), 200, "Workspace");
        check(Call.get(top), 410, "Problem");
        tree("?include_removed=true").forEach(node -> check(node, "Workspace"));

        String org = Call.post("/workspaces", "{\"name\": \"G\"}").expect(201).id();
        LedgerRows.insert(org, "d", parent, org);
        LedgerRows.insert(org, "failed", org, parent);
        LedgerRows.fail("failed", "\"too late\"");
        for (String path : List.of("?limit=1", "", "/d/tree")) {
            check(Call.get("/delegations" + path), 200, "DelegationPage");
        }
        check(Call.get("/delegations/d"), 200, "DelegationDetail");
        check(Call.get("/delegations/failed"), 200, "DelegationDetail");
        check(Call.get("/delegations/failed/events"), 200, "DelegationEventPage");
        check(Call.get("/delegations/failed/events?limit=1"), 200, "DelegationEventPage");
        Call.get("/workspaces/" + org + "/delegations").json().forEach(row -> check(row, "OlderDelegation"));
        check(Call.get("/admin/delegations"), 200, "AdminDelegations");
        check(Call.get("/admin/delegations/stats"), 200, "DelegationStats");
        check(
                Call.post(
                        "/delegations/reconcile",
                        "{\"agent_id\": \"a\", \"workspace_id\": \"" + org + "\", \"running\": []}"),
                200,
                "Reconciled");

        // Only a template that somebody mounted and broke has these.
        seen.addAll(List.of("TemplateSummary.error", "TemplateSummary.reason"));
        for (String reply : List.of(
                "Workspace",
                "Removed",
                "Viewport",
                "ImportResult",
                "ImportedWorkspace",
                "Change",
                "ImportRun",
                "ImportRunPage",
                "TemplateSummary",
                "KeptWorkspace",
                "AuditEntry",
                "AuditPage",
                "Delegation",
                "DelegationPage",
                "DelegationEvent",
                "DelegationEventPage",
                "LateResult",
                "AdminDelegations",
                "DelegationStats",
                "Reconciled",
                "BootstrapFiles",
                "FileReport",
                "FileReportPage",
                "SkillInstall",
                "SkillInstallPage",
                "WatchdogPause",
                "WatchdogPausePage",
                "SettingSummary",
                "SettingPage",
                "AgentMetrics",
                "AgentMetricDay",
                "AgentMetricPage",
                "AgentMetricTotals",
                "AgentMetricAverages",
                "TeamMember",
                "TeamTotal",
                "TeamMetricPage",
                "AgentHeartbeat",
                "AgentHeartbeatPage",
                "HeartbeatSummary",
                "Incident",
                "IncidentPage",
                "Problem",
                "Violation")) {
            List<String> never = names(schemas.path(reply).path("properties"))
                    .filter(name -> !seen.contains(reply + "." + name))
                    .toList();
            assertEquals(List.of(), never, reply);
        }
    }

    /** Sends each field as what it cannot be: one that nobody reads would not be complained of, or as unknown. */
    private void assertRead(String schema, String method, String path, String body, String prefix) {
        ObjectNode wrong = JsonNodeFactory.instance.objectNode();
        schemas.path(schema).path("properties").properties().forEach(property -> {
            if (property.getValue().path("type").asText().equals("array")) {
                wrong.put(property.getKey(), "no list");
            } else {
                wrong.putArray(property.getKey());
            }
        });
        JsonNode violations =
                Call.of(method, path).json(body.formatted(wrong)).send().json().path("violations");
        Set<String> read = new TreeSet<>();
        violations.forEach(violation -> {
            String at = violation.path("path").asText();
            if (at.startsWith(prefix) && !violation.path("message").asText().contains("unknown field")) {
                read.add(at.substring(prefix.length()));
            }
        });
        Set<String> said = new TreeSet<>();
        wrong.fieldNames().forEachRemaining(said::add);
        read.retainAll(said);
        assertEquals(said, read, schema + " " + violations);
    }

    private void check(Answer answer, int status, String schema) {
        check(answer.expect(status).json(), schema);
    }

    private void check(JsonNode value, String schema) {
        assertEquals(List.of(), faults(value, schemas.path(schema), schema), value::toString);
    }

    /** As much of JSON Schema as the document uses, and no field that it does not have. */
    private List<String> faults(JsonNode value, JsonNode schema, String where) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().replace("#/components/schemas/", "");
            return faults(value, schemas.path(name), name);
        }
        if (schema.has("oneOf")) {
            long matching = StreamSupport.stream(schema.path("oneOf").spliterator(), false)
                    .filter(choice -> faults(value, choice, where).isEmpty())
                    .count();
            return matching == 1 ? List.of() : List.of(where + ": " + matching + " choices");
        }
        var faults = new ArrayList<String>();
        if (schema.has("type") && !words(schema.path("type")).contains(type(value))) {
            faults.add(where + " is " + value);
        }
        if (schema.has("enum") && !words(schema.path("enum")).contains(value.asText())) {
            faults.add(where + " is " + value);
        }
        words(schema.path("required")).stream()
                .filter(name -> value.isObject() && !value.has(name))
                .forEach(name -> faults.add(where + "." + name + " is absent"));
        value.properties().forEach(field -> {
            String at = where + "." + field.getKey();
            seen.add(at);
            JsonNode property = schema.path("properties").path(field.getKey());
            JsonNode more = schema.path("additionalProperties");
            if (!property.isMissingNode() || more.isObject()) {
                faults.addAll(faults(field.getValue(), property.isMissingNode() ? more : property, at));
            } else if (!more.asBoolean() && schema.has("type")) {
                faults.add(at + " is not described");
            }
        });
        if (value.isArray()) {
            value.forEach(item -> faults.addAll(faults(item, schema.path("items"), where + "[]")));
        }
        return faults;
    }

    private static String type(JsonNode value) {
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A text or a list of texts; what is a number may be an integer. */
    private static List<String> words(JsonNode node) {
        var words = new ArrayList<String>();
        if (node.isTextual()) {
            words.add(node.asText());
        }
        node.forEach(word -> words.add(word.asText()));
        if (words.contains("number")) {
            words.add("integer");
        }
        return words;
    }

    private static java.util.stream.Stream<String> names(JsonNode object) {
        return object.properties().stream().map(java.util.Map.Entry::getKey);
    }

    private String example(String schema) {
        return schemas.path(schema).at("/examples/0").toString();
    }

    private static Answer imported(String query, String role, String more) {
        return Call.of("POST", "/org/import" + query)
                .body("application/yaml", BodyPublishers.ofString(TEMPLATE.formatted(role, more)))
                .send();
    }

    private static Answer remove(String path) {
        return Call.of("DELETE", path).header("X-Confirm-Name", "A").send();
    }

    private static JsonNode tree(String query) {
        return Call.of("GET", "/workspaces" + query)
                .header("Accept", "application/json")
                .send()
                .expect(200)
                .json();
    }

    private static JsonNode named(String name) {
        return StreamSupport.stream(tree("").spliterator(), false)
                .filter(node -> node.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
