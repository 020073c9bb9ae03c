package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.ParkedInserts;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The importing backend dies in the middle: all or nothing, and the service goes on. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class KilledImportTest {

    private Http http;
    private Superuser sql;

    @BeforeEach
    void begin() {
        Api.emptyTheDatabase();
        http = Http.toTest();
        sql = Superuser.connect();
    }

    @AfterEach
    void end() {
        sql.close();
    }

    @ParameterizedTest(name = "{0} insert {1}")
    @CsvSource({"BEFORE, 1", "AFTER, 1", "AFTER, 3", "BEFORE, 5", "AFTER, 5"})
    void aBackendKilledInTheMiddleLeavesNothingAndTheNextImportIsWhole(String timing, int level) {
        Branch tree = Branch.grow("Killed", 200, 5, new Random(7));
        String body = tree.body(new Random(1), request -> {});
        try (var parked = ParkedInserts.park(sql, timing, level)) {
            var reply = CompletableFuture.supplyAsync(() -> http.importing(body, "Idempotency-Key", "killed"));
            parked.awaitParked();

            assertEquals(1, parked.terminate());
            Answer answer = reply.join();

            assertEquals("503 UNAVAILABLE", answer.outcome());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertEquals("1", answer.header("Retry-After"));
            assertEquals("0|0|0|0", TreeChecks.written(sql));
        }

        Answer next = http.importing(body, "Idempotency-Key", "killed");

        assertEquals("201", next.outcome());
        assertEquals(200, next.json().get("created").asInt());
        assertEquals("200|1|1|1", TreeChecks.written(sql));
        TreeChecks.assertSound(sql, "after the kill");
    }
}
