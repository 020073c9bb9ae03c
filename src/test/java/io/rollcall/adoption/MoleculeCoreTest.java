package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.backup.Refusal;
import io.rollcall.maintenance.SchemaCommand;
import io.rollcall.schema.ScratchDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A molecule-core tree and ledger become Rollcall's. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MoleculeCoreTest {

    private static final String BUILD = """
            CREATE UNIQUE INDEX CONCURRENTLY workspaces_parent_name_uniq ON workspaces
                (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name) WHERE status <> 'removed'
            """;

    private static final String TWINS = """
            INSERT INTO workspaces (name, parent_id, status)
            SELECT name, parent_id, 'online' FROM workspaces WHERE status IS DISTINCT FROM 'removed'
             ORDER BY name LIMIT 25;
            INSERT INTO workspaces (name, parent_id, status)
            SELECT name, parent_id, 'removed' FROM workspaces WHERE name = 'Näme 500';
            """;

    @TempDir
    Path directory;

    private ScratchDatabase database;
    private Adopting adopting;

    @BeforeEach
    void create() throws SQLException {
        database = new ScratchDatabase("scratch_molecule");
        adopting = new Adopting("molecule-core", database, directory.resolve("backup"));
        Foreign.moleculeCore(database);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void theTreeAndTheLedgerAreOursAndWhatHasNoPlaceStaysSetAside() throws Exception {
        String said = adopting.run();

        assertTrue(said.contains("left where they are: delegations, not_of_our_ledger: 32 keys, 32 rows"), said);
        assertEquals(
                List.of("3000/3/300"),
                database.rows(
                        "SELECT concat_ws('/', count(*), count(DISTINCT org_id), count(removed_at)) FROM workspaces"));
        assertEquals(
                List.of(),
                database.rows("SELECT o.id FROM workspaces o JOIN molecule_core.workspaces t USING (id)"
                        + " WHERE (o.name, o.parent_id) IS DISTINCT FROM (t.name, t.parent_id)"));
        assertEquals(
                List.of("{\"molecule-core.kind\": \"platform\"}"),
                database.rows("SELECT labels FROM workspaces WHERE name = 'Näme 1'"));
        assertEquals(
                List.of("1.5/-2/t"),
                database.rows("SELECT DISTINCT concat_ws('/', x, y, collapsed) FROM workspaces WHERE tier = 2"));
        assertEquals(
                List.of("0"), database.rows("SELECT count(*) FROM workspaces WHERE status IN ('online', 'degraded')"));
        assertEquals(
                List.of("4000/4000/4000/0/0"),
                database.rows("SELECT concat_ws('/', (SELECT count(*) FROM delegations),"
                        + " (SELECT count(*) FROM delegation_events WHERE reason = 'adopted'),"
                        + " (SELECT count(*) FROM delegation_payloads), (SELECT count(*) FROM activity_logs),"
                        + " (SELECT count(*) FROM inbox_messages))"));
        assertEquals(
                database.rows("SELECT count(*) FROM delegations WHERE finished_at IS NULL"),
                database.rows("SELECT count(*) FROM delegation_beats"));
        assertEquals(
                List.of(),
                database.rows("SELECT o.delegation_id FROM delegations o JOIN molecule_core.delegations t"
                        + " USING (delegation_id) WHERE (o.status, o.caller_id, o.deadline, o.updated_at)"
                        + " IS DISTINCT FROM (t.status, t.caller_id, t.deadline, t.updated_at)"));
        assertEquals(
                List.of("0"),
                database.rows(
                        "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'delegations'::regclass AND tgenabled = 'D'"));
        assertEquals(
                List.of("3000"), database.rows("SELECT count(platform_inbound_secret) FROM molecule_core.workspaces"));
        database.script("UPDATE delegations SET status = 'completed' WHERE delegation_id ="
                + " (SELECT delegation_id FROM delegations WHERE status = 'in_progress' LIMIT 1)");
        assertEquals(List.of("1"), database.rows("SELECT count(*) FROM inbox_messages"));
    }

    @Test
    void endedAfterEveryPartAndRunAgainItComesToTheSame() throws Exception {
        try (ScratchDatabase copy = new ScratchDatabase("scratch_molecule_copy")) {
            assertEquals(
                    0,
                    SchemaCommand.run(
                                    database,
                                    "backup",
                                    "--tables",
                                    "workspaces,delegations,canvas_layouts",
                                    "--to",
                                    directory.resolve("same").toString())
                            .exitCode());
            Foreign.moleculeCore(copy);
            copy.script("TRUNCATE workspaces, delegations, canvas_layouts CASCADE");
            SchemaCommand restored = SchemaCommand.run(
                    copy, "restore", "--from", directory.resolve("same").toString());
            assertEquals(0, restored.exitCode(), restored.said());

            assertTrue(adopting.runKilledAfterEveryPart() > 7);
            new Adopting("molecule-core", copy, directory.resolve("copy")).run();

            assertEquals(Foreign.adopted(copy), Foreign.adopted(database));
        }
    }

    @Test
    void duplicatesBelowAnInvalidIndexAreCountedRefusedAndOnceGoneTheIndexIsBuiltAgain() throws Exception {
        database.script(TWINS);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThrows(SQLException.class, () -> statement.execute(BUILD));
        }
        Refusal refused = assertThrows(Refusal.class, adopting::run);
        assertTrue(
                refused.getMessage().contains("in the way: workspaces, workspaces_parent_name_uniq: 25 keys, 50 rows:"),
                refused.getMessage());
        assertEquals(
                20,
                refused.getMessage()
                        .lines()
                        .filter(line -> line.contains("/Näme"))
                        .count());
        assertEquals(
                List.of("f"),
                database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid ="
                        + " 'workspaces_parent_name_uniq'::regclass"));

        database.script("DELETE FROM workspaces WHERE status = 'online' AND role IS NULL AND url IS NULL");
        String said = adopting.run();

        assertTrue(said.contains("workspaces_parent_name_uniq is invalid: built again"), said);
        assertEquals(
                List.of("t"),
                database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid ="
                        + " 'molecule_core.workspaces_parent_name_uniq'::regclass"));
        assertEquals(List.of("3001"), database.rows("SELECT count(*) FROM workspaces"));
    }

    @Test
    void whatOurTreeDoesNotTakeIsNamedBeforeAnythingIsDone() throws Exception {
        database.script("""
                UPDATE workspaces SET status = 'removed' WHERE name = 'Näme 100';
                UPDATE workspaces SET parent_id = (SELECT id FROM workspaces WHERE name = 'Näme 602')
                 WHERE name = 'Näme 200';
                UPDATE workspaces SET name = '' WHERE name = 'Näme 999';
                UPDATE delegations SET idempotency_key = 'x' WHERE delegation_id IN ('self');
                """);

        Refusal refused = assertThrows(Refusal.class, adopting::run);

        // 300, 301 and 302 hang below 100; 200 below its own grandchild, with all that is below it.
        assertTrue(refused.getMessage().contains("live_below_removed: 3 keys, 3 rows"), refused.getMessage());
        assertTrue(refused.getMessage().contains("not_below_a_root: "), refused.getMessage());
        assertTrue(refused.getMessage().contains("values: 1 keys, 1 rows"), refused.getMessage());
        assertEquals(List.of("t"), database.rows("SELECT to_regnamespace('molecule_core') IS NULL"));
    }
}
