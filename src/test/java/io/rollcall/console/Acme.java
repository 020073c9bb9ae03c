package io.rollcall.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Http;
import java.util.LinkedHashMap;
import java.util.Map;

/** A small organisation with agents and work, and another one beside it. */
record Acme(Http http, String root, String other, Map<String, String> workspaces) {

    private static final String TEMPLATE = """
            name: %s
            workspaces:
              - name: %s
                role: leads
                children:
                  - {name: Engineering, role: builds, children: [{name: Backend}, {name: Frontend}, {name: Platform}]}
                  - {name: Research, role: finds out, children: [{name: Papers}, {name: Experiments}]}
                  - {name: Support, role: answers}
            """;

    static Acme imported(Http http) {
        JsonNode tree = http.importingYaml(TEMPLATE.formatted("Acme", "Acme")).json();
        JsonNode beside =
                http.importingYaml(TEMPLATE.formatted("Globex", "Globex")).json();
        Map<String, String> ids = new LinkedHashMap<>();
        tree.path("workspaces")
                .forEach(each ->
                        ids.put(each.path("name").textValue(), each.path("id").textValue()));
        return new Acme(
                http,
                ids.get("Acme"),
                beside.path("workspaces").path(0).path("id").textValue(),
                ids);
    }

    String id(String name) {
        return workspaces.get(name);
    }

    String token(String scope) {
        return made("/org/tokens", "{\"org_id\":\"%s\",\"name\":\"window\",\"scope\":\"%s\"}".formatted(root, scope))
                .path("token")
                .textValue();
    }

    /** @return its delegation_id */
    String delegate(String caller, String callee, String task) {
        return made(
                        "/delegations",
                        "{\"caller_id\":\"%s\",\"callee_id\":\"%s\",\"task\":\"%s\"}"
                                .formatted(id(caller), id(callee), task))
                .path("delegation_id")
                .textValue();
    }

    void claim(String callee) {
        made("/workspaces/" + id(callee) + "/delegations/claim", "{\"limit\":10}");
    }

    void report(String delegation, String body) {
        made("/delegations/" + delegation + "/status", body);
    }

    void beat(String workspace, String more) {
        made("/registry/heartbeat", "{\"workspace_id\":\"" + id(workspace) + "\"" + more + "}");
    }

    JsonNode made(String path, String body) {
        Http.Answer answer = http.send("POST", path, "application/json", body);
        assertEquals(2, answer.status() / 100, path + ": " + answer.body());
        return answer.json();
    }
}
