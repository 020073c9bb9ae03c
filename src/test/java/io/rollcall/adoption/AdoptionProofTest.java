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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That an adoption looks at all that it copies, before it and after it. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AdoptionProofTest {

    private static final String P = "org_studio_";

    @TempDir
    Path directory;

    private ScratchDatabase database;

    @BeforeEach
    void create() {
        database = new ScratchDatabase("scratch_adoption_proof");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aBackupOfSomeOfItsTablesOrOfOtherShapesIsNotTakenForItsOwn() throws Exception {
        Foreign.orgStudio(database, P, 300);
        Adopting adopting = new Adopting("org-studio", database, directory.resolve("backup"));
        String to = directory.resolve("backup").toString();
        SchemaCommand.run(database, "backup", "--tables", P + "settings", "--to", to);

        Refusal partial = assertThrows(Refusal.class, adopting::run);
        assertTrue(
                partial.getMessage()
                        .contains("holds a backup of org_studio_settings in the schema public, not of"
                                + " org_studio_agent_metrics, org_studio_heartbeats, org_studio_settings in public"),
                partial.getMessage());

        Path other = directory.resolve("other");
        String all = P + "settings," + P + "heartbeats," + P + "agent_metrics";
        SchemaCommand.run(database, "backup", "--tables", all, "--to", other.toString());
        database.script("ALTER TABLE org_studio_settings ADD COLUMN later text");
        Adopting again = new Adopting("org-studio", database, other);
        Refusal shape = assertThrows(Refusal.class, again::run);
        assertTrue(
                shape.getMessage().contains("a backup of org_studio_settings as it is not any more"),
                shape.getMessage());

        database.script("ALTER TABLE org_studio_settings DROP COLUMN later");
        again.run();
        assertEquals(List.of("300"), database.rows("SELECT count(*) FROM public.agent_metrics"));
    }

    @Test
    void everyColumnThatIsCopiedIsCompared() throws Exception {
        Foreign.moleculeCore(database);
        new Adopting("molecule-core", database, directory.resolve("backup")).run();
        allAreCompared(
                new MoleculeCore(),
                Stream.concat(
                                Stream.of(
                                                "max_concurrent_tasks = max_concurrent_tasks + 1",
                                                "labels = labels || '{\"x\": \"y\"}'",
                                                "x = x + 1",
                                                "y = y + 1",
                                                "collapsed = NOT collapsed",
                                                "created_at = created_at + interval '1 s'",
                                                "updated_at = updated_at + interval '1 s'",
                                                "removed_at = removed_at + interval '1 s'")
                                        .map(set -> "workspaces SET " + set),
                                Stream.of(
                                                "task_preview = 'x'",
                                                "result_preview = 'x'",
                                                "error_detail = 'x'",
                                                "retry_count = retry_count + 1",
                                                "idempotency_key = idempotency_key || 'x'",
                                                "finished_at = finished_at + interval '1 s'",
                                                "outcome = CASE WHEN outcome IS NOT NULL THEN 'rejected' END")
                                        .map(set -> "delegations SET " + set))
                        .toList());
    }

    @Test
    void theTimesOfSettingsAndMetricsAreComparedWhereThereAreAny() throws Exception {
        Foreign.orgStudio(database, P, 300);
        database.script(
                "UPDATE org_studio_agent_metrics SET created_at = NULL, updated_at = NULL WHERE id LIKE 'agent-1-%'");
        new Adopting("org-studio", database, directory.resolve("backup")).run();

        allAreCompared(
                new OrgStudio(P),
                List.of(
                        "settings SET updated_at = updated_at + interval '1 s'",
                        "agent_metrics SET created_at = created_at + interval '1 s'",
                        "agent_metrics SET updated_at = updated_at + interval '1 s'"));
    }

    @Test
    void whatOnlyTheCopyWouldStumbleOverIsFoundBefore() throws Exception {
        Foreign.orgStudio(database, P, 300);
        database.script("""
                ALTER TABLE org_studio_agent_metrics ALTER agent_id DROP NOT NULL, ALTER date DROP NOT NULL;
                UPDATE org_studio_agent_metrics SET agent_id = NULL WHERE id = 'agent-1-2026-01-01-all';
                ALTER TABLE org_studio_settings ALTER data DROP NOT NULL;
                UPDATE org_studio_settings SET data = NULL WHERE id = 'extra';
                ALTER TABLE org_studio_heartbeats ALTER last_heartbeat DROP NOT NULL;
                UPDATE org_studio_heartbeats SET last_heartbeat = NULL WHERE agent_id IN ('agent-1', 'agent-2');
                """);

        String found = SchemaCommand.run(database, "preflight").out();

        assertTrue(found.contains("in the way: org_studio_agent_metrics, values: 1 keys, 1 rows"), found);
        assertTrue(found.contains("in the way: org_studio_settings, values: 1 keys, 1 rows"), found);
        assertTrue(found.contains("in the way: org_studio_heartbeats, values: 2 keys, 2 rows"), found);
    }

    @Test
    void statusesThatOurTablesDoNotKnowAreFoundBefore() throws Exception {
        Foreign.moleculeCore(database);
        database.script("""
                ALTER TABLE workspaces ALTER status TYPE text;
                UPDATE workspaces SET status = 'dreaming' WHERE name IN ('Näme 2999', 'Näme 3000');
                UPDATE delegations SET status = 'lost' WHERE delegation_id =
                    (SELECT delegation_id FROM delegations WHERE status = 'queued' AND delegation_id LIKE '%-%-%' LIMIT 1);
                """);

        String found = SchemaCommand.run(database, "preflight").out();

        assertTrue(found.contains("in the way: workspaces, values: 2 keys, 2 rows"), found);
        assertTrue(found.contains("left where they are: delegations, not_of_our_ledger: 33 keys, 33 rows"), found);
    }

    @Test
    void theStatusesThatItKnowsAreThoseOfOurTables() {
        database.migrate("latest");

        assertEquals(words(MoleculeCore.STATUSES_OF_WORKSPACES), words(constraint("workspaces_status")));
        assertEquals(words(MoleculeCore.STATUSES_OF_DELEGATIONS), words(constraint("delegations_status")));
    }

    private String constraint(String name) {
        return database.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '" + name + "'")
                .get(0)
                .replace("::text", "");
    }

    private static List<String> words(String text) {
        return java.util.regex.Pattern.compile("'(\\w+)'")
                .matcher(text)
                .results()
                .map(word -> word.group(1))
                .toList();
    }

    /** Each change is made behind the copy, without the guards, and taken back again. */
    private void allAreCompared(ForeignSystem system, List<String> changes) throws Exception {
        try (Connection connection = database.connect()) {
            check(system, connection);
            for (String change : changes) {
                String table = change.substring(0, change.indexOf(' '));
                database.script("CREATE TABLE kept AS SELECT * FROM public." + table);
                update(table, change);
                assertThrows(Refusal.class, () -> check(system, connection), change);
                String columns = change.replaceAll("^\\w+ SET (\\w+) = .*", "$1");
                update(table, table + " o SET " + columns + " = k." + columns + " FROM kept k WHERE " + key(table));
                database.script("DROP TABLE kept");
            }
            check(system, connection);
        }
    }

    private void update(String table, String change) throws Exception {
        database.script("ALTER TABLE public." + table + " DISABLE TRIGGER USER; UPDATE public." + change
                + "; ALTER TABLE public." + table + " ENABLE TRIGGER USER");
    }

    private static String key(String table) {
        return switch (table) {
            case "settings" -> "k.workspace_id = o.workspace_id AND k.id = o.id";
            case "agent_metrics" ->
                "(k.workspace_id, k.agent_id, k.date, k.section) = (o.workspace_id, o.agent_id, o.date, o.section)";
            default -> "k.id = o.id";
        };
    }

    private static void check(ForeignSystem system, Connection connection) throws Exception {
        Database theirs = new Database(connection);
        for (Proof proof : system.proofs(theirs)) {
            proof.check(theirs);
        }
    }
}
