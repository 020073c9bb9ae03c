package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A table under its old name beside one of its present name is said until one is gone, and keeps nobody from serving. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LegacyTablesTest {

    @Inject
    LegacyTables legacy;

    @Test
    void bothNamesAreSaidInReadinessAndMetricsAndOneAloneIsNot() {
        Http http = Http.toTest();
        try (Superuser sql = Superuser.connect()) {
            sql.execute("CREATE SCHEMA agentmux; CREATE TABLE agentmux.db_memories (id text);"
                    + " CREATE TABLE agentmux.db_forge_agents (id text)");
            try {
                assertSaid(http, 0, "");

                sql.execute("CREATE TABLE agentmux.db_memory_bundles (id text)");
                assertSaid(http, 1, "agentmux.db_memories and db_memory_bundles");
            } finally {
                sql.execute("DROP SCHEMA agentmux CASCADE");
            }
            assertSaid(http, 0, "");
        }
    }

    private void assertSaid(Http http, int pairs, String names) {
        legacy.look().await().atMost(Duration.ofSeconds(10));
        Answer ready = http.get("/q/health/ready");
        assertEquals(200, ready.status(), ready.body());
        if (names.isEmpty()) {
            assertFalse(ready.body().contains("legacy_tables"), ready.body());
        } else {
            assertTrue(ready.body().contains("\"legacy_tables\": \"" + names + "\""), ready.body());
        }
        String metrics = http.get("/q/metrics").body();
        assertTrue(metrics.contains("\nrollcall_legacy_tables " + pairs + ".0\n"), metrics);
    }
}
