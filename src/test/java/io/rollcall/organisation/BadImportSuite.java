package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.rollcall.Api;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports that can be read but not accepted: every fault under its path, all at once, nothing written. */
abstract class BadImportSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    /**
     * @param faults what the message under each path contains; no path more, none less
     */
    private record Bad(String what, String json, int status, Map<String, String> faults) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Bad request(String what, String json, int status, String path, String message) {
        return new Bad(what, json, status, Map.of(path, message));
    }

    private static Bad template(String what, String members, String path, String message) {
        return request(what, "{\"template\": {" + members + "}}", 422, "template." + path, message);
    }

    private static Bad node(String what, String members, String path, String message) {
        return template(what, "\"name\": \"T\", \"workspaces\": [{" + members + "}]", "workspaces[0]." + path, message);
    }

    private static Bad named(String what, String nameAsJson, String message) {
        return node(what, "\"name\": " + nameAsJson, "name", message);
    }

    private static Bad field(String what, String member, String path, String message) {
        return node(what, "\"name\": \"A\", " + member, path, message);
    }

    static Stream<Bad> names() {
        return Stream.of(
                named("no text", "\"\"", "must not be empty"),
                named("blanks", "\"   \"", "must not be empty"),
                named("null", "null", "is required"),
                node("nothing", "\"role\": \"r\"", "name", "is required"),
                named("a blank before", "\" A\"", "must not begin or end with white space"),
                named("a blank behind", "\"A \"", "must not begin or end with white space"),
                named("an ideographic blank behind", "\"A\\u3000\"", "must not begin or end with white space"),
                named("256 characters", "\"" + "n".repeat(256) + "\"", "must have at most 255 characters, has 256"),
                named("NUL", "\"A\\u0000B\"", "must not contain the NUL character"),
                named("half a surrogate pair", "\"A\\ud800B\"", "half of a surrogate pair"),
                named("the other half", "\"A\\udc00\"", "half of a surrogate pair"),
                named("a control character", "\"A\\u0007B\"", "must not contain control characters"),
                named("two lines", "\"A\\nB\"", "must not contain control characters"),
                named("a number", "7", "must be text, is a number (put it in quotes)"),
                named("true", "true", "must be text, is true or false (put it in quotes)"),
                named("a list", "[\"A\"]", "must be text, is a list"),
                named("an object", "{}", "must be text, is an object"));
    }

    @ParameterizedTest(name = "a name of {0} is refused under its path")
    @MethodSource("names")
    void badName(Bad bad) {
        refuse(bad);
    }

    static Stream<Bad> fields() {
        return Stream.of(
                field("a role of 1001 characters", "\"role\": \"" + "r".repeat(1001) + "\"", "role", "at most 1000"),
                field("a role with NUL", "\"role\": \"a\\u0000\"", "role", "NUL"),
                field("a role in a list", "\"role\": [\"a\"]", "role", "must be text, is a list"),
                field(
                        "a runtime of 101 characters",
                        "\"runtime\": \"" + "r".repeat(101) + "\"",
                        "runtime",
                        "at most 100"),
                field(
                        "a model that is a number",
                        "\"model\": 4",
                        "model",
                        "must be text, is a number (put it in quotes)"),
                field("a tier in quotes", "\"tier\": \"2\"", "tier", "must be a whole number, is text"),
                field("a tier with a fraction", "\"tier\": 2.5", "tier", "must be a whole number"),
                field("a negative tier", "\"tier\": -1", "tier", "must be from 0 to 1000"),
                field("a tier beyond int", "\"tier\": 99999999999999999999", "tier", "must be from 0 to 1000"),
                field("no tasks", "\"max_concurrent_tasks\": 0", "max_concurrent_tasks", "must be from 1 to"),
                field("external as text", "\"external\": \"yes\"", "external", "must be true or false, is text"),
                field("spawning as a number", "\"spawning\": 0", "spawning", "must be true or false, is a number"),
                field(
                        "a url without scheme",
                        "\"url\": \"example.com\"",
                        "url",
                        "must be an absolute http or https URL"),
                field("a url of a file", "\"url\": \"file:///etc/passwd\"", "url", "must be an absolute http"),
                field("a url that is none", "\"url\": \"https://a b\"", "url", "must be an absolute http"),
                field("a canvas that is a number", "\"canvas\": 3", "canvas", "must be an object, is a number"),
                field("a canvas as a list", "\"canvas\": [1, 2]", "canvas", "must be an object, is a list"),
                field("x as text", "\"canvas\": {\"x\": \"1\"}", "canvas.x", "must be a number, is text"),
                field("x of 1e400", "\"canvas\": {\"x\": 1e400}", "canvas.x", "must be finite"),
                field("labels as a list", "\"labels\": []", "labels", "must be an object, is a list"),
                field("a label that is an object", "\"labels\": {\"a\": {}}", "labels.a", "must be text, is an object"),
                field("a label that is null", "\"labels\": {\"a\": null}", "labels.a", "must be text, is empty"),
                field("a label with NUL", "\"labels\": {\"a\": \"\\u0000\"}", "labels.a", "NUL"),
                field(
                        "65 labels",
                        "\"labels\": {" + labels(65) + "}",
                        "labels",
                        "must have at most 64 entries, has 65"),
                field("children as an object", "\"children\": {}", "children", "must be a list, is an object"),
                field("a child that is text", "\"children\": [\"B\"]", "children[0]", "must be an object, is text"),
                field("a child that is null", "\"children\": [null]", "children[0]", "must be an object, is empty"),
                field("agents as text", "\"agents\": \"a\"", "agents", "must be a list"),
                field("required_env as text", "\"required_env\": \"PATH\"", "required_env", "must be a list, is text"),
                field(
                        "a variable in lower case",
                        "\"required_env\": [\"path\"]",
                        "required_env[0]",
                        "a variable's name"),
                field("no variable of several", "\"required_env\": [{\"any_of\": []}]", "required_env[0]", "any_of"),
                node("a kept key with NUL", "\"name\": \"A\", \"x-a\": {\"k\": \"\\u0000\"}", "", "NUL"),
                node("a kept key named with NUL", "\"name\": \"A\", \"x-a\": {\"k\\u0000\": 1}", "", "NUL"),
                node("a kept number of 1e400", "\"name\": \"A\", \"x-a\": 1e400", "", "beyond the range"),
                node("a kept number of 1e-20000", "\"name\": \"A\", \"x-a\": 1e-20000", "", "beyond the range"));
    }

    @ParameterizedTest(name = "{0} is refused under its path")
    @MethodSource("fields")
    void badField(Bad bad) {
        refuse(bad);
    }

    static Stream<Bad> templates() {
        return Stream.of(
                template("a template without a name", "\"workspaces\": [{\"name\": \"A\"}]", "name", "is required"),
                template("no workspaces", "\"name\": \"T\"", "workspaces", "must have at least one workspace"),
                template(
                        "an empty list", "\"name\": \"T\", \"workspaces\": []", "workspaces", "at least one workspace"),
                template(
                        "workspaces as an object",
                        "\"name\": \"T\", \"workspaces\": {}",
                        "workspaces",
                        "must be a list, is an object"),
                template(
                        "a workspace that is a list",
                        "\"name\": \"T\", \"workspaces\": [[]]",
                        "workspaces[0]",
                        "must be an object, is a list"),
                template(
                        "defaults as text",
                        "\"name\": \"T\", \"defaults\": \"x\", \"workspaces\": [{\"name\": \"A\"}]",
                        "defaults",
                        "must be an object, is text"),
                template(
                        "a tier of the defaults in quotes",
                        "\"name\": \"T\", \"defaults\": {\"tier\": \"2\"}, \"workspaces\": [{\"name\": \"A\"}]",
                        "defaults.tier",
                        "must be a whole number, is text"),
                template(
                        "an unknown key at the top",
                        "\"name\": \"T\", \"workspace\": [], \"workspaces\": [{\"name\": \"A\"}]",
                        "workspace",
                        "unknown field, did you mean workspaces?"),
                template(
                        "an unknown key of the defaults",
                        "\"name\": \"T\", \"defaults\": {\"teir\": 1}, \"workspaces\": [{\"name\": \"A\"}]",
                        "defaults.teir",
                        "did you mean tier?"),
                field(
                        "an unknown key of a node",
                        "\"childern\": []",
                        "childern",
                        "unknown field, did you mean children?; keys of your own begin with x-"),
                request(
                        "an unknown key of the canvas",
                        "{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"A\", \"canvas\": {\"z\": 1}}]}}",
                        422,
                        "template.workspaces[0].canvas.z",
                        "unknown field"),
                template(
                        "twins among siblings",
                        "\"name\": \"T\", \"workspaces\": [{\"name\": \"A\", \"children\": [{\"name\": \"B\"}, {\"name\": \"C\"}, {\"name\": \"B\"}]}]",
                        "workspaces[0].children[2].name",
                        "is also the name of its sibling template.workspaces[0].children[0].name"),
                template(
                        "twin roots",
                        "\"name\": \"T\", \"workspaces\": [{\"name\": \"A\"}, {\"name\": \"A\"}]",
                        "workspaces[1].name",
                        "is also the name of its sibling template.workspaces[0].name"),
                template(
                        "twins but for their Unicode form",
                        "\"name\": \"T\", \"workspaces\": [{\"name\": \"\\u00e9\"}, {\"name\": \"e\\u0301\"}]",
                        "workspaces[1].name",
                        "is also the name of its sibling template.workspaces[0].name"),
                template(
                        "a description of 4001 characters",
                        "\"description\": \"" + "d".repeat(4001)
                                + "\", \"name\": \"T\", \"workspaces\": [{\"name\": \"A\"}]",
                        "description",
                        "at most 4000"));
    }

    @ParameterizedTest(name = "{0}: refused under its path")
    @MethodSource("templates")
    void badTemplate(Bad bad) {
        refuse(bad);
    }

    static Stream<Bad> requests() {
        String template = "\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"A\"}]}";
        return Stream.of(
                request(
                        "an unknown mode",
                        "{\"mode\": \"replace\", " + template + "}",
                        400,
                        "mode",
                        "must be one of merge, update, reconcile"),
                request("a mode in capitals", "{\"mode\": \"MERGE\", " + template + "}", 400, "mode", "must be one of"),
                request("a mode that is true", "{\"mode\": true, " + template + "}", 400, "mode", "must be one of"),
                request(
                        "a misspelt field",
                        "{\"mod\": \"reconcile\", " + template + "}",
                        400,
                        "mod",
                        "unknown field, did you mean mode?"),
                request("a foreign field", "{\"zzzzzzzzzz\": 1, " + template + "}", 400, "zzzzzzzzzz", "unknown field"),
                request(
                        "a parent that is no UUID",
                        "{\"parent_id\": \"1-1-1-1-1\", " + template + "}",
                        422,
                        "parent_id",
                        "must be a UUID"),
                request(
                        "a dry_run as text",
                        "{\"dry_run\": \"true\", " + template + "}",
                        422,
                        "dry_run",
                        "must be true or false, is text"),
                request(
                        "a negative max_removals",
                        "{\"max_removals\": -1, " + template + "}",
                        422,
                        "max_removals",
                        "must be from 0"),
                request(
                        "a confirm that is 1",
                        "{\"confirm\": 1, " + template + "}",
                        422,
                        "confirm",
                        "must be true or false"),
                request("neither dir nor template", "{}", 422, "template", "is required, or dir"),
                request(
                        "both dir and template",
                        "{\"dir\": \"product-team\", " + template + "}",
                        422,
                        "dir",
                        "must be absent when there is a template"),
                request(
                        "a template that is text",
                        "{\"template\": \"product-team\"}",
                        422,
                        "template",
                        "must be an object, is text"),
                request("a template that is null", "{\"template\": null}", 422, "template", "is required"),
                request("an unknown dir", "{\"dir\": \"no-such\"}", 422, "dir", "no template of this name"),
                request(
                        "a dir that leads upwards",
                        "{\"dir\": \"../templates/product-team\"}",
                        422,
                        "dir",
                        "no template of this name"),
                request("a dir of dots", "{\"dir\": \"..\"}", 422, "dir", "no template of this name"),
                request("a dir from the root", "{\"dir\": \"/etc\"}", 422, "dir", "no template of this name"),
                request("a dir with NUL", "{\"dir\": \"product-team\\u0000\"}", 422, "dir", "NUL"),
                request("a dir that is a number", "{\"dir\": 1}", 422, "dir", "must be text"),
                request("a dir that is null", "{\"dir\": null}", 422, "template", "is required, or dir"));
    }

    @ParameterizedTest(name = "{0}: the request is refused naming the field")
    @MethodSource("requests")
    void badRequest(Bad bad) {
        refuse(bad);
    }

    @Test
    void everyFaultIsSaidInOneReply() {
        refuse(new Bad(
                "all",
                """
                {"template": {
                  "name": "", "defaults": {"tier": "1", "teir": 1},
                  "required_env": ["lower"],
                  "workspaces": [
                    {"name": "A", "tier": -1, "canvas": {"x": "1"}, "children": [
                      {"name": "B"}, {"name": "B", "labels": {"a": []}}, {"nmae": "C"}]},
                    {"name": 5, "role": 6}, 7]}}
                """,
                422,
                Map.ofEntries(
                        Map.entry("template.name", "must not be empty"),
                        Map.entry("template.defaults.tier", "must be a whole number"),
                        Map.entry("template.defaults.teir", "did you mean tier?"),
                        Map.entry("template.required_env[0]", "a variable's name"),
                        Map.entry("template.workspaces[0].tier", "must be from 0 to 1000"),
                        Map.entry("template.workspaces[0].canvas.x", "must be a number"),
                        Map.entry("template.workspaces[0].children[1].name", "template.workspaces[0].children[0].name"),
                        Map.entry("template.workspaces[0].children[1].labels.a", "must be text"),
                        Map.entry("template.workspaces[0].children[2].nmae", "did you mean name?"),
                        Map.entry("template.workspaces[0].children[2].name", "is required"),
                        Map.entry("template.workspaces[1].name", "(put it in quotes)"),
                        Map.entry("template.workspaces[1].role", "(put it in quotes)"),
                        Map.entry("template.workspaces[2]", "must be an object, is a number"))));
    }

    @Test
    void aBareYamlTemplatesPathsBeginAtTheTemplate() {
        Response reply = Refusal.ofImport(
                "application/yaml",
                "name: T\nworkspaces:\n  - name: A\n  - name: no\n    tier: no\n  - name: A\n"
                        .getBytes(StandardCharsets.UTF_8),
                422,
                "VALIDATION_FAILED");

        assertEquals(
                List.of("workspaces[1].tier", "workspaces[2].name"),
                reply.jsonPath().getList("violations.path"));
        assertEquals(
                "is also the name of its sibling workspaces[0].name",
                reply.jsonPath().getString("violations[1].message"));
    }

    private static void refuse(Bad bad) {
        Response reply = Refusal.ofImport(
                "application/json",
                bad.json().getBytes(StandardCharsets.UTF_8),
                bad.status(),
                bad.status() == 400 ? "BAD_REQUEST" : "VALIDATION_FAILED");
        Map<String, String> found = reply.jsonPath().<Map<String, String>>getList("violations").stream()
                .collect(Collectors.toMap(v -> v.get("path"), v -> v.get("message")));
        var expected =
                bad.faults().keySet().stream().map(BadImportSuite::trimmed).collect(Collectors.toSet());
        assertEquals(expected, found.keySet(), reply.asString());
        bad.faults()
                .forEach((path, message) ->
                        assertTrue(found.get(trimmed(path)).contains(message), path + " " + found.get(trimmed(path))));
    }

    private static String trimmed(String path) {
        return path.endsWith(".") ? path.substring(0, path.length() - 1) : path;
    }

    private static String labels(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> "\"l" + i + "\": \"v\"")
                .collect(Collectors.joining(","));
    }
}
