package io.rollcall.organisation;

import static io.rollcall.Api.api;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.rollcall.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Imports as the suites make them, and their replies written short enough to compare whole. */
final class Imports {

    private Imports() {}

    /** A bare YAML template, with query parameters as name, value, name, value. */
    static Response yaml(String template, Object... query) {
        RequestSpecification request = api().contentType("application/yaml").body(template);
        for (int i = 0; i < query.length; i += 2) {
            request.queryParam((String) query[i], query[i + 1]);
        }
        return request.post("/org/import");
    }

    static Response reconcile(String template, Object... query) {
        Object[] all = new Object[query.length + 2];
        System.arraycopy(query, 0, all, 2, query.length);
        all[0] = "mode";
        all[1] = "reconcile";
        return yaml(template, all);
    }

    static String totals(Response reply) {
        JsonPath json = reply.jsonPath();
        return "%d created, %d skipped, %d updated, %d removed"
                .formatted(
                        json.getInt("created"), json.getInt("skipped"), json.getInt("updated"), json.getInt("removed"));
    }

    /** {@code path: action} of every node in the reply's order. */
    static List<String> actions(Response reply) {
        return nodes(reply).stream()
                .map(node -> node.get("path") + ": " + node.get("action"))
                .toList();
    }

    static List<Map<String, Object>> nodes(Response reply) {
        return reply.jsonPath().getList("workspaces");
    }

    static Map<String, Object> node(Response reply, String path) {
        return nodes(reply).stream()
                .filter(node -> path.equals(node.get("path")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + path + " in " + reply.asString()));
    }

    static String id(Response reply, String path) {
        return (String) node(reply, path).get("id");
    }

    /** Ids by path. */
    static Map<String, String> ids(Response reply) {
        var ids = new LinkedHashMap<String, String>();
        nodes(reply).forEach(node -> ids.put((String) node.get("path"), (String) node.get("id")));
        return ids;
    }

    static JsonPath workspace(String id) {
        return api().get("/workspaces/" + id).then().statusCode(200).extract().jsonPath();
    }

    /** The names of all workspaces that are not removed, sorted. */
    static List<String> names() {
        return api().get("/workspaces").jsonPath().getList("name", String.class).stream()
                .sorted()
                .toList();
    }

    static String create(String name, String parentId) {
        String body = "{\"name\": \"%s\", \"parent_id\": \"%s\"}".formatted(name, parentId);
        return api().contentType("application/json")
                .body(body)
                .post("/workspaces")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static void change(String id, String body) {
        api().contentType("application/json")
                .body(body)
                .patch("/workspaces/" + id)
                .then()
                .statusCode(200);
    }

    static void remove(String id, String name) {
        api().header("X-Confirm-Name", name)
                .queryParam("confirm", true)
                .delete("/workspaces/" + id)
                .then()
                .statusCode(200);
    }

    /** Rows of a table; a condition may follow its name. */
    static long count(String tableAndCondition) {
        return Sql.count("SELECT count(*) FROM " + tableAndCondition);
    }
}
