package io.rollcall.organisation;

import static io.rollcall.Api.api;
import static io.rollcall.Api.importYaml;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.response.Response;
import io.rollcall.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real organisation, imported, imported again, exported and imported once more. */
abstract class KubernetesImportSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void importingTwiceCreatesOnceAndAnswersTheSameIds() throws IOException {
        String template = kubernetes();

        Response first = importYaml(template);
        Response second = importYaml(template);

        assertEquals(201, first.statusCode());
        assertEquals(275, first.jsonPath().getInt("created"));
        assertEquals(
                4,
                first.jsonPath().getList("workspaces.path", String.class).stream()
                        .mapToInt(path -> path.split("/").length)
                        .max()
                        .orElse(0));
        assertEquals(200, second.statusCode());
        assertEquals(275, second.jsonPath().getInt("skipped"));
        assertEquals(
                first.jsonPath().getList("workspaces.id"), second.jsonPath().getList("workspaces.id"));
    }

    @Test
    void theExportReimportsToNothingCreatedAndNothingChanged() throws IOException {
        String root = importYaml(kubernetes()).jsonPath().getString("workspaces[0].id");
        String export = api().accept("application/yaml")
                .queryParam("root", root)
                .get("/org/export")
                .asString();

        Response again = api().contentType("application/yaml")
                .queryParam("mode", "reconcile")
                .body(export)
                .post("/org/import");

        assertEquals(200, again.statusCode());
        assertEquals(
                "0 created, 275 skipped, 0 updated, 0 removed",
                "%d created, %d skipped, %d updated, %d removed"
                        .formatted(
                                again.jsonPath().getInt("created"),
                                again.jsonPath().getInt("skipped"),
                                again.jsonPath().getInt("updated"),
                                again.jsonPath().getInt("removed")));
    }

    private static String kubernetes() throws IOException {
        return Files.readString(Path.of("src/test/resources/kubernetes-community.org.yaml"));
    }
}
