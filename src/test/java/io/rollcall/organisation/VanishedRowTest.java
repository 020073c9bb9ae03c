package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.ParkedInserts;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A row that an import counted on is removed under it, at the worst moments. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class VanishedRowTest {

    private static final String ACME = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme", "children": [
                {"name": "Engineering", "children": [{"name": "Backend"}]}]}]}}
            """;

    private static final String TOP_ONLY = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme"}]}}
            """;

    private Http http;
    private Superuser sql;
    private Superuser other;

    @BeforeEach
    void begin() {
        Api.emptyTheDatabase();
        http = Http.toTest();
        sql = Superuser.connect();
        other = Superuser.connect();
    }

    @AfterEach
    void end() {
        sql.close();
        other.close();
    }

    @Test
    void aRowRemovedBetweenInsertAndReselectIsMadeAgain() {
        String removed = id(http.importing(ACME), 2);
        try (var parked = ParkedInserts.park(sql, "AFTER", 3)) {
            var reply = importing(ACME);
            parked.awaitParked();
            other.execute(tombstone(removed));
            parked.release();

            Answer answer = reply.join();

            assertEquals("201", answer.outcome());
            assertEquals(1, answer.json().get("created").asInt());
            assertEquals(2, answer.json().get("skipped").asInt());
            assertNotEquals(removed, id(answer, 2));
            assertEquals(1, live("Backend"));
            assertEquals(id(answer, 2), sql.text("SELECT id FROM workspaces WHERE live AND name = 'Backend'"));
        }
    }

    @Test
    void aRootRemovedBetweenInsertAndReselectIsMadeAgainWithAllBelowIt() {
        String removed = id(http.importing(TOP_ONLY), 0);
        try (var parked = ParkedInserts.park(sql, "AFTER", 1)) {
            var reply = importing(ACME);
            parked.awaitParked();
            other.execute(tombstone(removed));
            parked.release();

            Answer answer = reply.join();

            assertEquals("201", answer.outcome());
            assertEquals(3, answer.json().get("created").asInt());
            assertNotEquals(removed, id(answer, 0));
            assertEquals(3, TreeChecks.liveRows(sql));
            TreeChecks.assertSound(sql, "after the root vanished");
        }
    }

    @Test
    void aParentRemovedUnderTheChildBeingInsertedMakesTheWholeImportStartAgain() {
        String removed = id(http.importing(TOP_ONLY), 0);
        try (var parked = ParkedInserts.park(sql, "BEFORE", 2)) {
            var reply = importing(ACME);
            parked.awaitParked();
            other.begin();
            other.execute(tombstone(removed));
            parked.release();
            Await.until("the child's foreign key waits for the removal", () -> sql.number("""
                            SELECT count(*) FROM pg_stat_activity
                             WHERE application_name = 'rollcall' AND wait_event_type = 'Lock'
                               AND query LIKE 'INSERT INTO workspaces%'
                            """) > 0);
            other.execute("COMMIT");

            Answer answer = reply.join();

            assertEquals("201", answer.outcome());
            assertEquals(3, answer.json().get("created").asInt());
            assertNotEquals(removed, id(answer, 0));
            assertEquals(3, TreeChecks.liveRows(sql));
            assertEquals(1, sql.number("SELECT count(*) FROM import_runs WHERE created = 3"));
            TreeChecks.assertSound(sql, "after the parent vanished");
        }
    }

    @Test
    void anImportThatMeetsAnUncommittedRemovalWaitsForItAndMakesTheRowAgain() {
        String removed = id(http.importing(ACME), 2);
        other.begin();
        other.execute(tombstone(removed));
        var reply = importing(ACME);
        Await.until("the import waits for the removal", () -> sql.number("""
                        SELECT count(*) FROM pg_stat_activity
                         WHERE application_name = 'rollcall' AND wait_event = 'transactionid'
                        """) > 0);
        other.execute("COMMIT");

        Answer answer = reply.join();

        assertEquals("201", answer.outcome());
        assertEquals(1, live("Backend"));
        assertNotEquals(removed, id(answer, 2));
    }

    @Test
    void aRowThatVanishesEveryTimeEndsIn409WithNothingWritten() {
        sql.execute("""
                CREATE FUNCTION test_vanish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$
                """);
        sql.execute("""
                CREATE TRIGGER test_vanish BEFORE INSERT ON workspaces
                   FOR EACH ROW WHEN (NEW.name = 'Backend') EXECUTE FUNCTION test_vanish()
                """);
        try {
            assertContention(http.importing(ACME, "Idempotency-Key", "vanishing"));
        } finally {
            sql.execute("DROP TRIGGER test_vanish ON workspaces");
            sql.execute("DROP FUNCTION test_vanish");
        }
        assertEquals("201", http.importing(ACME, "Idempotency-Key", "vanishing").outcome());
    }

    @Test
    void aParentThatVanishesEveryTimeEndsIn409WithNothingWritten() {
        refuseEvery("INSERT", "ERRCODE = '23503', CONSTRAINT = 'workspaces_parent_fk'");
        try {
            assertContention(http.importing(ACME, "Idempotency-Key", "vanishing"));
        } finally {
            acceptAgain();
        }
        assertEquals("201", http.importing(ACME, "Idempotency-Key", "vanishing").outcome());
    }

    @Test
    void aRemovalOrMoveThatLosesEveryDeadlockIsToldToTryAgainNotThatWeFailed() {
        Answer made = http.importing(ACME);
        refuseEvery("UPDATE", "ERRCODE = '40P01'");
        try {
            Answer removal = http.delete("/workspaces/" + id(made, 2), "Backend");
            Answer move = http.patch("/workspaces/" + id(made, 2), "{\"parent_id\": \"" + id(made, 0) + "\"}");

            assertEquals("409 CONTENTION", removal.outcome());
            assertEquals("1", removal.header("Retry-After"));
            assertEquals("409 CONTENTION", move.outcome());
        } finally {
            acceptAgain();
        }
        assertEquals("200", http.delete("/workspaces/" + id(made, 2), "Backend").outcome());
    }

    private void assertContention(Answer answer) {
        assertEquals("409 IMPORT_CONTENTION", answer.outcome());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertTrue(Integer.parseInt(answer.header("Retry-After")) >= 1);
        assertEquals("0|0|0|0", TreeChecks.written(sql));
    }

    private void refuseEvery(String operation, String error) {
        sql.execute("CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " RAISE EXCEPTION 'refused by the test' USING " + error + "; END $$");
        sql.execute("CREATE TRIGGER test_refuse BEFORE " + operation
                + " ON workspaces FOR EACH STATEMENT EXECUTE FUNCTION test_refuse()");
    }

    private void acceptAgain() {
        sql.execute("DROP TRIGGER test_refuse ON workspaces");
        sql.execute("DROP FUNCTION test_refuse");
    }

    private CompletableFuture<Answer> importing(String body) {
        return CompletableFuture.supplyAsync(() -> http.importing(body));
    }

    private long live(String name) {
        return sql.number("SELECT count(*) FROM workspaces WHERE live AND name = '" + name + "'");
    }

    private static String tombstone(String id) {
        return "UPDATE workspaces SET status = 'removed', removed_at = now() WHERE id = '" + id + "'";
    }

    private static String id(Answer answer, int index) {
        JsonNode workspace = answer.json().get("workspaces").get(index);
        return workspace.get("id").asText();
    }
}
