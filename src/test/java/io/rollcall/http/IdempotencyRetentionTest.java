package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kept replies are forgotten after a day, not earlier, however many there are. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class IdempotencyRetentionTest {

    @Inject
    IdempotencyRetention retention;

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void onlyRepliesOlderThanADayAreForgotten() {
        create("young");
        create("old");
        age("young", "23 hours 59 minutes");
        age("old", "24 hours 1 second");

        retention.forgetOld().await().atMost(Duration.ofSeconds(10));

        assertEquals(List.of("young"), Sql.rows("SELECT key FROM idempotency_keys"));
        assertEquals("true", create("young").header("Idempotency-Replayed"));
        assertEquals("old (2)", create("old").get("name"));
    }

    @Test
    void moreThanOneBatchIsForgottenInOneRun() {
        Sql.run("""
                INSERT INTO idempotency_keys (actor, method, path, key, fingerprint, status, headers, body, created_at)
                SELECT 'a', 'POST', '/workspaces', n::text, '', 201, '{}', '', now() - interval '25 hours'
                  FROM generate_series(1, 2500) n
                """);
        create("young");

        retention.forgetOld().await().atMost(Duration.ofSeconds(10));

        assertEquals(List.of("young"), Sql.rows("SELECT key FROM idempotency_keys"));
    }

    private static void age(String key, String by) {
        Sql.run("UPDATE idempotency_keys SET created_at = now() - ?::interval WHERE key = ?", by, key);
    }

    private static Answer create(String key) {
        return Call.of("POST", "/workspaces")
                .header("Idempotency-Key", key)
                .json("{\"name\":\"" + key + "\"}")
                .send()
                .expect(201);
    }
}
