package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The import API stands behind the {@link ImportGate}: one runs, one waits without a connection, a third is refused. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(ImportsInLineTest.OneAtATime.class)
class ImportsInLineTest {

    public static final class OneAtATime implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("rollcall.import.concurrent", "1", "rollcall.import.queue-size", "1");
        }
    }

    private static final String ACME = "{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"Acme\"}]}}";

    @Test
    void aThirdImportIsRefusedWhileOneRunsAndOneWaits() {
        Api.emptyTheDatabase();
        Http http = Http.toTest();
        try (Superuser sql = Superuser.connect()) {
            sql.begin();
            sql.execute("LOCK TABLE workspaces IN ACCESS EXCLUSIVE MODE");
            var clients = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> http.importing(ACME).outcome()))
                    .limit(3)
                    .toList();
            Await.until("one is refused", () -> clients.stream().anyMatch(CompletableFuture::isDone));
            sql.execute("ROLLBACK");

            assertEquals(
                    List.of("200", "201", "503 UNAVAILABLE"),
                    clients.stream().map(CompletableFuture::join).sorted().toList());
        }
    }
}
