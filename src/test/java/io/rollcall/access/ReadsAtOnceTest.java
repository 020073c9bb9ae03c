package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reads on a pool that is only now opening its connections: none begins on a connection before the one before it there has
 * ended. PostgreSQL says so in its log, and the second tenant would have been the first one's.
 */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(ReadsAtOnceTest.FreshPool.class)
class ReadsAtOnceTest {

    public static class FreshPool implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.datasource.reactive.max-size", "16");
        }
    }

    private static final Path SERVER_LOG = Path.of("target", "test-database", "postgres.log");
    private static final int CLIENTS = 24;
    private static final int READS = 60;

    @Test
    void aReadBeginsWhenTheOneBeforeItOnItsConnectionHasEnded() throws IOException {
        Api.emptyTheDatabase();
        Organisation acme = Organisation.make("Acme");
        long before = overlaps();

        Callable<List<Integer>> client = () -> Collections.nCopies(READS, acme.child()).stream()
                .map(id -> Call.get("/workspaces/" + id))
                .map(Answer::status)
                .distinct()
                .toList();
        List<List<Integer>> statuses = Race.run(Collections.nCopies(CLIENTS, client));

        assertEquals(Collections.nCopies(CLIENTS, List.of(200)), statuses);
        assertEquals(before, overlaps(), "transactions that began in another one");
    }

    private static long overlaps() throws IOException {
        try (var lines = Files.lines(SERVER_LOG)) {
            return lines.filter(line -> line.contains("already a transaction in progress"))
                    .count();
        }
    }
}
