package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.ParkedInserts;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} in the middle of an import: what was acknowledged is there, what was not left nothing. */
@Tag("full")
class KilledServiceIT {

    private static final String BEFORE = """
            {"template": {"name": "before", "workspaces": [{"name": "Acknowledged %d", "children": [{"name": "Below"}]}]}}
            """;

    @Test
    void aServiceKilledInTheMiddleOfAnImportComesBackByItselfWithAllItAcknowledgedAndNothingHalf() throws IOException {
        String kubernetes = Files.readString(Path.of("src/test/resources/kubernetes-community.org.yaml"));
        Path directory = ServiceProcess.freshDirectory("killed");
        List<String> acknowledged = new ArrayList<>();
        try (ServiceProcess first = ServiceProcess.start(directory);
                Superuser sql = first.superuser()) {
            Http http = first.http();
            for (int i = 0; i < 20; i++) {
                Answer answer = http.importing(BEFORE.formatted(i));
                assertEquals("201", answer.outcome());
                answer.json()
                        .get("workspaces")
                        .forEach(made -> acknowledged.add(made.get("id").asText()));
            }
            ParkedInserts parked = ParkedInserts.park(sql, "AFTER", 3);
            var reply = CompletableFuture.supplyAsync(() -> http.importingYaml(kubernetes));
            parked.awaitParked();

            first.kill();

            assertThrows(CompletionException.class, reply::join, "nobody was answered");
            assertTrue(first.databaseRuns(), "the embedded server is left behind");
            secondStart(directory, acknowledged, kubernetes);
        }
    }

    private static void secondStart(Path directory, List<String> acknowledged, String kubernetes) {
        try (ServiceProcess second = ServiceProcess.start(directory);
                Superuser sql = second.superuser()) {
            assertTrue(second.output().contains("Stopping the PostgreSQL that a killed process left behind"));
            assertEquals("40|20|20|0", TreeChecks.written(sql));
            assertEquals(
                    acknowledged.stream().sorted().toList(),
                    sql.texts("SELECT id::text FROM workspaces WHERE live ORDER BY 1"));
            sql.execute("DROP TRIGGER test_park ON workspaces");
            sql.execute("DROP FUNCTION test_park");

            Answer again = second.http().importingYaml(kubernetes);

            assertEquals("201", again.outcome());
            assertEquals(275, again.json().get("created").asInt());
            assertEquals(315, TreeChecks.liveRows(sql));
            TreeChecks.assertSound(sql, "after the kill");
            assertEquals(
                    275,
                    second.http()
                            .importingYaml(kubernetes)
                            .json()
                            .get("skipped")
                            .asInt());
        }
    }
}
