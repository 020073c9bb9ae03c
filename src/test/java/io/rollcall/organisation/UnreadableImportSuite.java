package io.rollcall.organisation;

import static io.rollcall.Api.api;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.rollcall.Api;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are not JSON or YAML, or are made to exhaust whoever reads them. */
abstract class UnreadableImportSuite {

    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    /** @param detail what the problem's detail contains */
    @SuppressWarnings("ArrayRecordComponent")
    private record Body(String what, String type, byte[] bytes, String detail) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Body json(String what, String text, String detail) {
        return new Body(what, JSON, text.getBytes(UTF_8), detail);
    }

    private static Body yaml(String what, String text, String detail) {
        return new Body(what, YAML, text.getBytes(UTF_8), detail);
    }

    static Stream<Body> unreadable() {
        return Stream.of(
                json("cut off", "{\"template\": {\n  \"name\":", "line 2, column"),
                json("no JSON", "name: T", "line 1, column 1"),
                json("a trailing comma", "{\"dir\": \"product-team\",}", "line 1, column"),
                json("two documents", "{\"dir\": \"product-team\"} {}", "Trailing token"),
                json("NaN", "{\"template\": {\"name\": NaN}}", "line 1, column"),
                json("a number of 2000 digits", "{\"x\": " + "9".repeat(2000) + "}", "Number"),
                json(
                        "a field twice",
                        "{\"mode\": \"merge\", \"mode\": \"update\", \"dir\": \"product-team\"}",
                        "'mode'"),
                json(
                        "a node's field twice",
                        "{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"A\", \"name\": \"B\"}]}}",
                        "'name'"),
                new Body(
                        "bytes that are no UTF-8",
                        JSON,
                        new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc3, '"', '}'},
                        "UTF-8"),
                json("nothing", "", "must be an object"),
                json("blanks", "  \n", "must be an object"),
                json("null", "null", "must be an object"),
                json("a list", "[{\"name\": \"T\"}]", "must be an object"),
                json("text", "\"product-team\"", "must be an object"),
                json("5000 brackets", "[".repeat(5000), "allowed (500)"),
                json("5000 objects in each other", "{\"a\":".repeat(5000), "allowed (500)"),
                json(
                        "an exponent that no number has room for",
                        "{\"x\": 1e99999999999999999999}",
                        "a number is too large"),
                yaml("no YAML", "name: T\nworkspaces: [{name: A\nmore: ]", "line 3, column"),
                yaml("a tab as indentation", "name: T\nworkspaces:\n\t- name: A\n", "line 3, column 1"),
                yaml("an undefined alias", "name: *nobody", "line 1, column"),
                yaml("a key twice", "name: T\nname: U\nworkspaces: [{name: A}]", "line 2, column 1"),
                yaml("a node's key twice", "name: T\nworkspaces:\n  - name: A\n    name: B\n", "line 4, column"),
                yaml("two documents", "name: T\nworkspaces: [{name: A}]\n---\nname: U\n", "line"),
                yaml("a key that is a list", "? [a, b]\n: c\nname: T\nworkspaces: [{name: A}]\n", "key"),
                yaml("nothing", "", "must be an object"),
                yaml("a comment", "# nothing\n", "must be an object"),
                yaml("null", "null", "must be an object"),
                yaml("a list", "- name: T\n", "must be an object"),
                yaml("text", "product-team", "must be an object"),
                yaml("NUL", "name: \"T\0\"", "special characters are not allowed"),
                new Body(
                        "bytes that are no UTF-8",
                        YAML,
                        new byte[] {'a', ':', ' ', (byte) 0xc3, '"'},
                        "it is not UTF-8"),
                yaml("5000 brackets", "[".repeat(5000), "deeper than 500"),
                yaml("501 objects in each other", "{a: ".repeat(501) + "}".repeat(501), "deeper than 500"),
                yaml(
                        "a Java type",
                        "name: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]",
                        "line 1"),
                yaml("an include", "name: T\nworkspaces: !include other.yaml\n", "line 2"),
                yaml("a binary value", "name: T\nx-a: !!binary aGVsbG8=\n", "binary has no place in a template"),
                yaml("a set", "name: T\nx-a: !!set {a, b}\n", "set has no place in a template"),
                yaml("a billion laughs", laughs(), "aliases"),
                yaml("a word of 9 MiB", "name: " + "z".repeat(9 << 20), "bytes without a blank"),
                yaml(
                        "many aliases of a long text",
                        "x-a: &a " + "z ".repeat(1 << 19) + "\nx-b: [" + "*a,".repeat(3000) + "]",
                        "once its aliases are written out"),
                yaml("an alias of itself", "name: T\nworkspaces: &a [{name: A, children: *a}]", "ecursive"),
                yaml("a mapping within itself", "&a\nname: T\nx-a: *a\n", "ecursive"));
    }

    @ParameterizedTest(name = "{0} is refused with 400")
    @MethodSource("unreadable")
    void unreadableBody(Body body) {
        Response reply = Refusal.ofImport(body.type(), body.bytes(), 400, "BAD_REQUEST");

        String detail = reply.jsonPath().getString("detail");
        assertTrue(detail.contains(body.detail()), detail);
        assertTrue(detail.length() < 500, detail);
    }

    @Test
    void twoHundredLevelsAreRefusedNamingTheLimitInJsonAndYaml() {
        String nodes = "[{\"name\":\"A\",\"children\":".repeat(199) + "[{\"name\":\"A\"}]" + "}]".repeat(199);
        String template = "{\"name\":\"T\",\"workspaces\":" + nodes + "}";

        Response json = refuseInvalid(JSON, "{\"template\":" + template + "}");
        assertEquals(
                List.of("template.workspaces[0]" + ".children[0]".repeat(63) + ".children"),
                json.jsonPath().getList("violations.path"));
        assertEquals(
                "is level 65; the limit is 64 levels (rollcall.import.max-depth)",
                json.jsonPath().getString("violations[0].message"));

        Api.emptyTheDatabase();
        Response yaml = refuseInvalid(YAML, template);
        assertEquals(
                List.of("workspaces[0]" + ".children[0]".repeat(63) + ".children"),
                yaml.jsonPath().getList("violations.path"));
    }

    @Test
    void thirtyThousandNodesAreRefusedNamingTheirNumberAndTheLimit() {
        String nodes = IntStream.range(0, 30_000)
                .mapToObj(i -> "{\"name\":\"n" + i + "\"}")
                .collect(Collectors.joining(","));

        Response reply = refuseInvalid(JSON, "{\"template\":{\"name\":\"T\",\"workspaces\":[" + nodes + "]}}");

        assertEquals(List.of("template.workspaces"), reply.jsonPath().getList("violations.path"));
        assertEquals(
                "the template has 30000 workspaces; the limit is 20000 (rollcall.import.max-nodes)",
                reply.jsonPath().getString("violations[0].message"));
    }

    @Test
    void defaultsThatWouldFillTheMemoryWhenWrittenToEveryNodeAreRefused() {
        String nodes = IntStream.range(0, 20_000)
                .mapToObj(i -> "{\"name\":\"n" + i + "\"}")
                .collect(Collectors.joining(","));

        Response reply = refuseInvalid(
                JSON,
                "{\"template\":{\"name\":\"T\",\"defaults\":{\"initial_prompt\":\"" + "p".repeat(1 << 20)
                        + "\"},\"workspaces\":[" + nodes + "]}}");

        assertEquals(List.of("template.defaults"), reply.jsonPath().getList("violations.path"));
        assertTrue(reply.jsonPath().getString("violations[0].message").contains("20000"), reply.asString());
    }

    @Test
    void aThousandFaultsAreListedAndTheRestCounted() {
        String nodes = "{\"name\":\"\"},".repeat(1499) + "{\"name\":\"\"}";

        Response reply = refuseInvalid(JSON, "{\"template\":{\"name\":\"T\",\"workspaces\":[" + nodes + "]}}");

        assertEquals(1000, reply.jsonPath().getList("violations").size());
        assertEquals(1500, reply.jsonPath().getInt("violations_total"));
    }

    @Test
    void aYamlNumberBeyondADoubleIsRefusedWhereItIsKept() {
        Response reply = refuseInvalid(YAML, "name: T\nworkspaces: [{name: A, x-a: 1e400}]");

        assertEquals(List.of("workspaces[0]"), reply.jsonPath().getList("violations.path"));
    }

    private static Response refuseInvalid(String type, String body) {
        return Refusal.ofImport(type, body.getBytes(UTF_8), 422, "VALIDATION_FAILED");
    }

    static Stream<String> foreignTypes() {
        return Stream.of("text/plain", "application/xml", "application/octet-stream");
    }

    @ParameterizedTest(name = "{0} is not accepted: 415")
    @MethodSource("foreignTypes")
    void foreignContentType(String type) {
        Refusal.ofImport(type, "{\"dir\": \"product-team\"}".getBytes(UTF_8), 415, "UNSUPPORTED_MEDIA_TYPE");
    }

    /** A parameter of a bare template's import, its bad value and what is said of it. */
    private record Parameter(String name, String value, int status, String message) {}

    static Stream<Parameter> badParameters() {
        return Stream.of(
                new Parameter("mode", "replace", 400, "must be one of merge, update, reconcile"),
                new Parameter("parent_id", "Acme", 422, "must be a UUID"),
                new Parameter("dry_run", "maybe", 422, "must be true or false"),
                new Parameter("confirm", "1", 422, "must be true or false"),
                new Parameter("max_removals", "many", 422, "must be a whole number"),
                new Parameter("max_removals", "-1", 422, "must be from 0"));
    }

    @ParameterizedTest(name = "the query parameter {0} is refused under its name")
    @MethodSource("badParameters")
    void badParameter(Parameter bad) {
        Response reply = Imports.yaml("{name: T, workspaces: [{name: A}]}", bad.name(), bad.value());

        Refusal.check(reply, bad.status(), bad.status() == 400 ? "BAD_REQUEST" : "VALIDATION_FAILED");
        assertEquals(List.of(bad.name()), reply.jsonPath().getList("violations.path"));
        assertTrue(reply.jsonPath().getString("violations[0].message").contains(bad.message()), reply.asString());
        Refusal.leftNothing();
    }

    static Stream<Parameter> badPages() {
        return Stream.of(
                new Parameter("limit", "0", 400, "must be from 1 to 500"),
                new Parameter("limit", "501", 400, "must be from 1 to 500"),
                new Parameter("limit", "ten", 400, "must be from 1 to 500"),
                new Parameter("cursor", "!", 400, "is not a next_cursor"),
                new Parameter("cursor", "MTIz", 400, "is not a next_cursor"),
                new Parameter("cursor", base64("1.2.not-an-id"), 400, "is not a next_cursor"),
                new Parameter(
                        "cursor", base64("99999999999999.0.01890000-0000-7000-8000-000000000000"), 400, "is not a"),
                new Parameter("cursor", base64("-1.0.01890000-0000-7000-8000-000000000000"), 400, "is not a"));
    }

    @ParameterizedTest(name = "the history refuses {0}")
    @MethodSource("badPages")
    void badPage(Parameter bad) {
        Response reply = api().queryParam(bad.name(), bad.value()).get("/org/imports");

        Refusal.check(reply, bad.status(), "BAD_REQUEST");
        assertEquals(List.of(bad.name()), reply.jsonPath().getList("violations.path"));
        assertTrue(reply.jsonPath().getString("violations[0].message").contains(bad.message()), reply.asString());
    }

    private static String base64(String text) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static String laughs() {
        var text = new StringBuilder("x-0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (int level = 1; level < 10; level++) {
            String below = "*l" + (level - 1);
            text.append("x-%d: &l%d [%s]%n"
                    .formatted(level, level, String.join(", ", java.util.Collections.nCopies(9, below))));
        }
        return text.append("name: T\n").toString();
    }
}
