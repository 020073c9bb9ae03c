package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The published contract: the committed document is the one that is served, and a client generator can use it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OpenApiTest {

    private static final Path COMMITTED = Path.of("docs/openapi.yaml");

    @Test
    void theCommittedDocumentIsTheServedOne() throws IOException {
        String served = Call.get("/q/openapi").expect(200).text();
        if (Boolean.getBoolean("update.openapi")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, served);
        }

        assertEquals(
                served,
                Files.readString(COMMITTED),
                "the API has changed; if that is meant: ./mvnw test -Dtest=OpenApiTest -Dupdate.openapi=true");
    }

    @Test
    void everyOperationHasAnIdOfItsOwnATagAndASummary() {
        var ids = new HashSet<String>();
        operations().forEach(operation -> {
            String id = operation.path("operationId").asText();
            assertTrue(id.matches("[a-z][A-Za-z]+"), operation::toString);
            assertTrue(ids.add(id), id + " twice");
            assertEquals(1, operation.path("tags").size(), id);
            assertFalse(operation.path("summary").asText().isBlank(), id);
        });
        assertTrue(ids.contains("importOrganisation") && ids.contains("listWorkspaces"));
    }

    @Test
    void everyOperationAnswersErrorsWithAProblem() {
        operations()
                .forEach(operation -> assertEquals(
                        "#/components/schemas/Problem",
                        operation
                                .at("/responses/default/content/application~1problem+json/schema/$ref")
                                .asText(),
                        operation.path("operationId").asText()));
    }

    @Test
    void everySuccessHasADescriptionAndANamedSchema() {
        operations()
                .forEach(operation -> operation.path("responses").properties().forEach(response -> {
                    String where = operation.path("operationId").asText() + " " + response.getKey();
                    assertFalse(response.getValue().path("description").asText().isBlank(), where);
                    assertFalse(
                            response.getValue().path("description").asText().equals("OK"),
                            where + ": " + "OK says nothing");
                    JsonNode content = response.getValue().path("content");
                    assertEquals(!response.getKey().equals("204"), content.size() > 0, where);
                    content.forEach(media -> {
                        JsonNode schema = media.path("schema");
                        String named = schema.path("type").asText().equals("array")
                                ? schema.at("/items/$ref").asText()
                                : schema.path("$ref").asText();
                        assertTrue(named.startsWith("#/components/schemas/"), where + " " + schema);
                    });
                }));
    }

    @Test
    void everyRequestBodyIsRequiredAndNamed() {
        operations().filter(operation -> operation.has("requestBody")).forEach(operation -> {
            String id = operation.path("operationId").asText();
            assertTrue(operation.at("/requestBody/required").asBoolean(), id);
            operation
                    .at("/requestBody/content")
                    .forEach(media -> assertTrue(
                            media.path("schema").has("$ref")
                                    || media.path("schema").has("anyOf"),
                            id));
        });
    }

    @Test
    void everyReferenceHasItsSchemaAndEverySchemaIsReferred() {
        var referred = new TreeSet<String>();
        references(document(), referred);
        var defined = new TreeSet<String>();
        document().at("/components/schemas").fieldNames().forEachRemaining(defined::add);

        assertEquals(referred, defined);
    }

    @Test
    void whatRepliesAlwaysCarryIsRequired() {
        JsonNode schemas = document().at("/components/schemas");
        for (String reply : List.of(
                "Workspace",
                "Removed",
                "Viewport",
                "ImportResult",
                "ImportedWorkspace",
                "ImportRun",
                "ImportRunPage",
                "TemplateSummary",
                "KeptWorkspace",
                "AuditEntry",
                "AuditPage",
                "Problem",
                "Violation")) {
            var optional = new TreeSet<String>();
            schemas.path(reply).path("properties").fieldNames().forEachRemaining(optional::add);
            assertFalse(optional.isEmpty(), reply);
            schemas.path(reply).path("required").forEach(name -> optional.remove(name.asText()));
            assertEquals(new TreeSet<>(absentAtTimes(reply)), optional, reply);
        }
    }

    @Test
    void whatRepliesMayCarryAsNullSaysSo() {
        assertNullable("Workspace", "parent_id", "role", "runtime", "model", "url", "x", "y", "template");
        assertNullable("ImportedWorkspace", "id", "parent_id");
        assertNullable("ImportRun", "org_id", "dir", "parent_id");
        assertNullable("ImportRunPage", "next_cursor");
        assertNullable("TemplateSummary", "name", "description");
        assertNullable("AuditEntry", "org_id", "sequence", "sha256");
        assertNullable("AuditPage", "next_cursor");
    }

    @Test
    void parametersSayWhatTheyTakeAndWhatTheyAreFor() {
        operations().forEach(operation -> operation.path("parameters").forEach(parameter -> {
            String where = operation.path("operationId").asText() + " "
                    + parameter.path("name").asText();
            assertTrue(
                    parameter.path("schema").has("type")
                            || parameter.path("schema").has("$ref"),
                    where);
            assertFalse(parameter.path("description").asText().isBlank(), where);
        }));
        assertEquals(Set.of("merge", "update", "reconcile"), enumeration("importOrganisation", "mode"));
    }

    @Test
    void theListIsOfferedAsJsonAndAsLines() {
        JsonNode content = operation("listWorkspaces").at("/responses/200/content");

        assertEquals("array", content.at("/application~1json/schema/type").asText());
        assertEquals(
                "#/components/schemas/Workspace",
                content.at("/application~1x-ndjson/schema/$ref").asText());
    }

    /** What a reply leaves out rather than say null. */
    private static List<String> absentAtTimes(String reply) {
        return switch (reply) {
            case "Workspace" -> List.of("config", "removed_at");
            case "ImportResult" -> List.of("confirmation_required", "kept");
            case "ImportedWorkspace" -> List.of("skipped", "changes");
            case "TemplateSummary" -> List.of("error", "reason");
            case "Problem" -> List.of("violations");
            default -> List.of();
        };
    }

    private static void assertNullable(String schema, String... fields) {
        var nullable = new ArrayList<String>();
        document()
                .at("/components/schemas/" + schema + "/properties")
                .properties()
                .forEach(property -> {
                    String text = property.getValue().toString();
                    if (text.contains("\"null\"")) {
                        nullable.add(property.getKey());
                    }
                });
        assertEquals(new TreeSet<>(List.of(fields)), new TreeSet<>(nullable), schema);
    }

    private static Set<String> enumeration(String operation, String parameter) {
        var words = new HashSet<String>();
        operation(operation).path("parameters").forEach(candidate -> {
            if (candidate.path("name").asText().equals(parameter)) {
                candidate.at("/schema/enum").forEach(word -> words.add(word.asText()));
            }
        });
        return words;
    }

    private static void references(JsonNode node, Set<String> found) {
        if (node.has("$ref")) {
            found.add(node.path("$ref").asText().replace("#/components/schemas/", ""));
        }
        node.forEach(child -> references(child, found));
    }

    private static JsonNode operation(String id) {
        return operations()
                .filter(operation -> operation.path("operationId").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonNode> operations() {
        return StreamSupport.stream(document().path("paths").spliterator(), false)
                .flatMap(path -> path.properties().stream())
                .filter(entry ->
                        List.of("get", "put", "post", "patch", "delete").contains(entry.getKey()))
                .map(java.util.Map.Entry::getValue);
    }

    private static JsonNode document() {
        return Call.get("/q/openapi?format=json").expect(200).json();
    }
}
