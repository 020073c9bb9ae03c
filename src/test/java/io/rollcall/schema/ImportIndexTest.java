package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.KeptConnections;
import io.rollcall.Race;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The index that imports stand on is invalid, missing or another: said in readiness, mended while serving. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ImportIndexTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CREATE = """
            CREATE UNIQUE INDEX CONCURRENTLY workspaces_parent_name_uniq
                ON workspaces (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
             WHERE status <> 'removed'
            """;

    private static final String OID = "SELECT 'public.workspaces_parent_name_uniq'::regclass::oid";

    private static final String ACME = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme", "children": [{"name": "Backend"}]}]}}
            """;

    @Inject
    ImportIndex index;

    private Http http;
    private Superuser sql;

    @BeforeEach
    void begin() {
        Api.emptyTheDatabase();
        http = Http.toTest();
        sql = Superuser.connect();
    }

    @AfterEach
    void validAgain() {
        Api.emptyTheDatabase();
        if (sql.texts("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('workspaces_parent_name_uniq')"
                        + " AND indisvalid AND pg_get_indexdef(indexrelid) LIKE '%COALESCE(parent_id%'")
                .isEmpty()) {
            sql.execute("DROP INDEX IF EXISTS workspaces_parent_name_uniq");
            sql.execute(CREATE.replace("CONCURRENTLY", ""));
        }
        sql.close();
    }

    @Test
    void anInvalidIndexIsSaidInReadinessAndImportsAnswer503UntilItIsRepaired() {
        assertEquals("201", http.importing(ACME).outcome());
        markInvalid();

        assertNotReady("workspaces_parent_name_uniq is invalid; it is built again within a minute");
        assertSchemaNotReady(http.importing(ACME));
        assertSchemaNotReady(http.send("POST", "/workspaces", "application/json", "{\"name\": \"New\"}"));

        repair();

        assertReady();
        Answer again = http.importing(ACME);
        assertEquals("200", again.outcome());
        assertEquals(2, again.json().get("skipped").asInt());
    }

    @Test
    void duplicatesThatStandInTheWayAreNamedAndTheirRemovalLetsTheRepairThrough() {
        http.importing(ACME);
        sql.execute("DROP INDEX workspaces_parent_name_uniq");
        sql.execute("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                SELECT gen_random_uuid(), org_id, parent_id, name FROM workspaces WHERE name = 'Backend'
                """);
        assertThrows(IllegalStateException.class, () -> sql.execute(CREATE));
        assertEquals("f", sql.text("SELECT indisvalid FROM pg_index WHERE indexrelid = (" + OID + ")"));

        repair();

        assertNotReady("workspaces_parent_name_uniq is invalid; 1 name(s) stand twice under one parent, such as"
                + " \"Backend\": rename or remove the duplicates, then it is built again within a minute");
        assertSchemaNotReady(http.importing(ACME));

        String newer = sql.text("SELECT id FROM workspaces WHERE name = 'Backend' ORDER BY created_at DESC LIMIT 1");
        assertEquals("200", http.delete("/workspaces/" + newer, "Backend").outcome());
        repair();

        assertReady();
        assertEquals(2, http.importing(ACME).json().get("skipped").asInt());
    }

    @Test
    void aMissingIndexIsBuiltAgain() {
        sql.execute("DROP INDEX workspaces_parent_name_uniq");

        assertNotReady("workspaces_parent_name_uniq is missing; it is built again within a minute");
        assertSchemaNotReady(http.importing(ACME));

        repair();

        assertReady();
        assertEquals("201", http.importing(ACME).outcome());
    }

    @Test
    void anIndexOfAnotherDefinitionIsNamedAndLeftAlone() {
        sql.execute("DROP INDEX workspaces_parent_name_uniq");
        sql.execute("CREATE UNIQUE INDEX workspaces_parent_name_uniq ON workspaces (parent_id, name)");
        long oid = sql.number(OID);

        repair();

        assertEquals(oid, sql.number(OID));
        assertTrue(reason().startsWith("workspaces_parent_name_uniq has another definition; expected: CREATE UNIQUE"));
        assertSchemaNotReady(http.importing(ACME));
    }

    @Test
    void aValidIndexIsLeftAlone() {
        long oid = sql.number(OID);

        repair();

        assertEquals(oid, sql.number(OID));
        assertReady();
    }

    @Test
    void repairsAtTheSameTimeBuildOnce() {
        sql.execute("CREATE TABLE test_builds (tag text)");
        sql.execute("""
                CREATE FUNCTION test_count_builds() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                BEGIN INSERT INTO public.test_builds VALUES (tg_tag); END $$
                """);
        sql.execute("""
                CREATE EVENT TRIGGER test_count_builds ON ddl_command_end WHEN TAG IN ('CREATE INDEX')
                EXECUTE FUNCTION test_count_builds()
                """);
        try {
            markInvalid();
            long before = sql.number(OID);

            Race.run(Collections.nCopies(8, (Callable<Boolean>) () -> {
                repair();
                return true;
            }));

            assertNotEquals(before, sql.number(OID));
            assertEquals(1, sql.number("SELECT count(*) FROM test_builds"));
            assertReady();
        } finally {
            sql.execute("DROP EVENT TRIGGER test_count_builds");
            sql.execute("DROP FUNCTION test_count_builds");
            sql.execute("DROP TABLE test_builds");
        }
    }

    @Test
    void aRepairLeavesNoConnectionOfTheOwnerBehind() {
        markInvalid();

        repair();

        Await.until(
                "the owner is gone",
                () -> sql.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'rollcall_owner'"
                                + " AND application_name <> '" + KeptConnections.APPLICATION + "'")
                        == 0);
        assertReady();
    }

    private void repair() {
        index.repair().await().atMost(PATIENCE);
    }

    /** The second statement makes every session plan anew, as the failed build's own invalidation does. */
    private void markInvalid() {
        sql.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = (" + OID + ")");
        sql.execute("ALTER TABLE workspaces ALTER COLUMN url SET STATISTICS -1");
    }

    private void assertReady() {
        Answer ready = http.get("/q/health/ready");
        assertEquals(200, ready.status(), ready.body());
    }

    private void assertNotReady(String reason) {
        assertEquals(503, http.get("/q/health/ready").status());
        assertEquals(reason, reason());
        assertEquals(200, http.get("/q/health/live").status());
    }

    private String reason() {
        for (JsonNode check : http.get("/q/health/ready").json().get("checks")) {
            if (check.get("name").asText().equals("database schema")) {
                return check.path("data").path("reason").asText();
            }
        }
        return "";
    }

    private static void assertSchemaNotReady(Answer answer) {
        assertEquals("503 SCHEMA_NOT_READY", answer.outcome(), answer.body());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertTrue(Integer.parseInt(answer.header("Retry-After")) >= 1);
    }
}
