package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What monitors and tools ask for without a token, and the methods that clients rarely think of. */
abstract class OperationsSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @ParameterizedTest
    @CsvSource({
        "/q/health/live,\"status\": \"UP\"",
        "/q/health/ready,\"status\": \"UP\"",
        "/q/metrics,# TYPE ",
        "/q/openapi,openapi: 3."
    })
    void monitorsNeedNoToken(String path, String content) {
        Answer answer = Call.of("GET", path).anonymous().send();

        assertEquals(200, answer.status());
        assertTrue(answer.text().contains(content), answer.text());
    }

    @Test
    void readinessSaysWhichSchemaItFound() {
        JsonNode checks = Call.get("/q/health/ready").json().path("checks");

        JsonNode schema = java.util.stream.StreamSupport.stream(checks.spliterator(), false)
                .filter(check -> check.path("name").textValue().equals("database schema"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                io.rollcall.Sql.one("SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1"),
                schema.at("/data/schema_version").textValue());
    }

    @ParameterizedTest
    @CsvSource({"/org/templates", "/org/imports", "/canvas/viewport", "/workspaces", "/workspaces/none"})
    void headAnswersAsGetDoesWithoutABody(String path) {
        Answer get = Call.get(path);

        Answer head = Call.of("HEAD", path).send();

        assertEquals(get.status(), head.status());
        assertEquals(get.header("Content-Type"), head.header("Content-Type"));
        assertEquals(0, head.bytes().length);
    }

    @ParameterizedTest
    @CsvSource({"/workspaces,GET HEAD POST", "/workspaces/none,DELETE GET PATCH", "/canvas/viewport,GET PUT"})
    void optionsNamesTheMethods(String path, String methods) {
        Answer answer = Call.of("OPTIONS", path).send();

        assertEquals(200, answer.status(), answer::text);
        // The framework answers for all paths with the same beginning, so there may be more.
        var allowed = List.of(String.valueOf(answer.header("Allow")).split(", *"));
        assertTrue(allowed.containsAll(List.of(methods.split(" "))), answer.header("Allow"));
    }

    @Test
    void timesAreUtcWithExactlyThreeDecimals() {
        String id = Call.post("/workspaces", "{\"name\":\"Acme\"}").id();
        Api.importYaml("{name: Other, workspaces: [{name: Other}]}");
        // Whole seconds and microseconds: neither shortens nor lengthens what is written.
        io.rollcall.Sql.run(
                "UPDATE workspaces SET created_at = '2026-01-02T03:04:05+02', "
                        + "updated_at = '2026-01-02T03:04:05.123987Z' WHERE id = ?::uuid",
                id);

        JsonNode node = Call.get("/workspaces/" + id).json();

        assertEquals("2026-01-02T01:04:05.000Z", node.path("created_at").textValue());
        assertEquals("2026-01-02T03:04:05.123Z", node.path("updated_at").textValue());
        assertEquals(node.path("created_at"), Call.get("/workspaces").json().at("/0/created_at"));
        String imported =
                Call.get("/org/imports").json().at("/items/0/created_at").textValue();
        assertTrue(imported.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"), imported);
    }
}
