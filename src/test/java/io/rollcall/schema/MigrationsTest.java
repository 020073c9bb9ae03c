package io.rollcall.schema;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every migration in the tree, forward, back and forward again, on a database of its own. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MigrationsTest {

    private static final String TABLES = """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               AND relname <> 'flyway_schema_history' ORDER BY relname
            """;

    /** One row for each table, since no generator guesses what the CHECKs want. A new table needs its line here. */
    private static final Map<String, String> ROW = Map.ofEntries(
            entry("schema_version", "SELECT 1"),
            entry("instances", "INSERT INTO instances (id, version) VALUES (gen_random_uuid(), '0.1.0')"),
            entry("workspaces", """
            INSERT INTO workspaces (id, org_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                   '00000000-0000-7000-8000-000000000001', 'Acme')"""),
            entry("import_runs", """
            INSERT INTO import_runs (id, template, mode, dry_run, created, skipped, updated, removed, duration_ms,
                   outcome, actor) VALUES (gen_random_uuid(), 't', 'merge', false, 0, 0, 0, 0, 0, 'completed', 'a')"""),
            entry("audit_log", "INSERT INTO audit_log (actor, action, target, request_id) VALUES ('a', 'b', 'c', 'd')"),
            entry(
                    "audit_heads",
                    "INSERT INTO audit_heads (sequence, sha256) VALUES (1, decode(repeat('00', 32), 'hex'))"),
            entry("idempotency_keys", """
            INSERT INTO idempotency_keys (actor, method, path, key, fingerprint, status, headers, body)
            VALUES ('a', 'POST', '/x', 'k', '', 201, '{}', '')"""),
            entry("admin_token", "INSERT INTO admin_token (sha256) VALUES (decode(repeat('00', 32), 'hex'))"),
            entry("tokens", """
            INSERT INTO tokens (id, org_id, workspace_id, name, scope, sha256, created_by, revoked_at)
            VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'n', 'workspace',
                    decode(repeat('00', 32), 'hex'), 'a', now())"""),
            entry(
                    "canvas_viewports",
                    "INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES (gen_random_uuid(), 0, 0, 1)"),
            entry("delegations", """
            INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, root_delegation_id,
                   payload_sha256, event_actor)
            VALUES (gen_random_uuid(), 'd', gen_random_uuid(), gen_random_uuid(), 't', 'd',
                    decode(repeat('00', 32), 'hex'), 'a')"""),
            entry("delegation_payloads", """
            INSERT INTO delegation_payloads (delegation, kind, org_id, body)
            VALUES (1, 'task', gen_random_uuid(), 'b')"""),
            entry("delegation_beats", """
            INSERT INTO delegation_beats (delegation, org_id) VALUES (1, gen_random_uuid())"""),
            entry("delegation_events", """
            INSERT INTO delegation_events (delegation, org_id, kind, actor, attempt, at)
            VALUES (1, gen_random_uuid(), 'transition', 'a', 0, now())"""),
            entry("activity_logs", """
            INSERT INTO activity_logs (org_id, workspace_id, type, actor)
            VALUES (gen_random_uuid(), gen_random_uuid(), 't', 'a')"""),
            entry("inboxes", """
            INSERT INTO inboxes (workspace_id, org_id, last_seq) VALUES (gen_random_uuid(), gen_random_uuid(), 0)"""),
            entry("inbox_messages", """
            INSERT INTO inbox_messages (workspace_id, seq, org_id, delegation, created_at)
            VALUES (gen_random_uuid(), 1, gen_random_uuid(), 1, now())"""),
            entry("heartbeats", """
            INSERT INTO workspaces (id, org_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                   '00000000-0000-7000-8000-000000000001', 'Acme') ON CONFLICT DO NOTHING;
            INSERT INTO heartbeats (workspace_id, org_id, agent_id)
            VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'main')"""),
            entry("agent_states", """
            INSERT INTO workspaces (id, org_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                   '00000000-0000-7000-8000-000000000001', 'Acme') ON CONFLICT DO NOTHING;
            INSERT INTO heartbeats (workspace_id, org_id, agent_id)
            VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'main')
                ON CONFLICT DO NOTHING;
            INSERT INTO agent_states (workspace_id, org_id, agent_id)
            VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'main')"""),
            entry("incidents", """
            INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak,
                   cool_down_until)
            VALUES (gen_random_uuid(), gen_random_uuid(), 'main', 'agent_silent', 'm', now(), 0, now())"""),
            entry("watchdog_pauses", """
            INSERT INTO watchdog_pauses (workspace_id, agent_id, org_id, until_at, paused_by)
            VALUES (gen_random_uuid(), 'main', gen_random_uuid(), now(), 'a')"""),
            entry("bootstrap_files", """
            INSERT INTO bootstrap_files (workspace_id, path, org_id, sha256)
            VALUES (gen_random_uuid(), 'p', gen_random_uuid(), sha256('a'))"""),
            entry("bootstrap_pings", """
            INSERT INTO bootstrap_pings (workspace_id, agent_id, path, org_id, sha256)
            VALUES (gen_random_uuid(), 'main', 'p', gen_random_uuid(), sha256('a'))"""),
            entry("skill_installs", """
            INSERT INTO skill_installs (workspace_id, agent_id, skill, org_id, commit_hash)
            VALUES (gen_random_uuid(), 'main', 's', gen_random_uuid(), 'c')"""),
            entry("settings", """
            INSERT INTO settings (workspace_id, id, org_id, data)
            VALUES (gen_random_uuid(), 'k', gen_random_uuid(), '{}')"""),
            entry("agent_metrics", """
            INSERT INTO agent_metrics (workspace_id, agent_id, date, org_id)
            VALUES (gen_random_uuid(), 'main', '2027-01-31', gen_random_uuid())"""));

    private ScratchDatabase database;

    @BeforeEach
    void create() {
        database = new ScratchDatabase("scratch_migrations");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void everyMigrationIsUndoneByItsRollbackAndAppliesAgainAndOtherTablesKeepTheirRows() throws Exception {
        String empty = Fingerprint.of(database);
        for (Path migration : migrations()) {
            String before = Fingerprint.of(database);
            Map<String, String> dataBefore = data();

            database.migrate(version(migration));
            String after = Fingerprint.of(database);
            assertNotEquals(before, after, migration + " changes nothing that the fingerprint shows");
            rollback(migration);
            assertEquals(before, Fingerprint.of(database), "after the rollback of " + migration);
            assertEquals(dataBefore, data(), "after the rollback of " + migration);
            assertEquals(1, database.migrate(version(migration)));
            assertEquals(after, Fingerprint.of(database), migration + " applied again");

            for (String table : database.rows(TABLES)) {
                if (!dataBefore.containsKey(table)) {
                    database.script(sample(table));
                }
            }
        }
        assertNotEquals(empty, Fingerprint.of(database));
    }

    @Test
    void everyRollbackThatWouldLoseRowsRefusesAndSaysHowMany() throws Exception {
        for (Path migration : migrations()) {
            List<String> before = database.rows(TABLES);
            database.migrate(version(migration));
            List<String> made = new ArrayList<>(database.rows(TABLES));
            made.removeAll(before);
            if (Files.readString(ScratchDatabase.ROLLBACKS.resolve(migration.getFileName()))
                    .contains(" Lost: nothing")) {
                continue;
            }
            String fingerprint = Fingerprint.of(database);
            for (String table : made) {
                database.script(sample(table));

                SQLException refused = assertThrows(SQLException.class, () -> rollback(migration));

                assertTrue(
                        refused.getMessage().contains("rollback refused: 1 rows in " + table + " would be lost"),
                        refused.getMessage());
                assertEquals(fingerprint, Fingerprint.of(database));
                assertEquals(List.of("1"), database.rows("SELECT count(*) FROM " + table));
                database.script(("ALTER TABLE %1$s DISABLE TRIGGER USER; DELETE FROM %1$s;"
                                + " ALTER TABLE %1$s ENABLE TRIGGER USER")
                        .formatted(table));
            }
        }
    }

    @Test
    void theWholeChainCanBeTakenBackAndAppliedAgain() throws Exception {
        String empty = Fingerprint.of(database);
        List<Path> migrations = migrations();
        assertEquals(migrations.size(), database.migrate("latest"));
        String full = Fingerprint.of(database);
        for (int i = migrations.size() - 1; i >= 0; i--) {
            rollback(migrations.get(i));
        }
        assertEquals(empty, Fingerprint.of(database));

        assertEquals(migrations.size(), database.migrate("latest"));
        assertEquals(full, Fingerprint.of(database));
    }

    @Test
    void theChainAppliedTwiceAppliesNothingTheSecondTime() throws IOException {
        assertEquals(migrations().size(), database.migrate("latest"));
        String once = Fingerprint.of(database);

        assertEquals(0, database.migrate("latest"));
        assertEquals(once, Fingerprint.of(database));
    }

    @Test
    void everyIndexIsValidAndEveryConstraintValidatedAtTheEnd() {
        database.migrate("latest");

        assertFalse(
                Fingerprint.of(database).lines().anyMatch(line -> line.matches(".* (valid|ready|validated) f\\b.*")));
    }

    private void rollback(Path migration) throws IOException, SQLException {
        String undo = Files.readString(ScratchDatabase.ROLLBACKS.resolve(migration.getFileName()));
        // As an operator runs it: with psql, whose session has no tenant.
        database.script("SET LOCAL rollcall.tenant = '';" + undo
                + "\n; DELETE FROM flyway_schema_history WHERE version = '" + version(migration) + "'");
    }

    private Map<String, String> data() {
        var data = new TreeMap<String, String>();
        for (String table : database.rows(TABLES)) {
            data.put(
                    table,
                    database.rows("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM " + table + " t")
                            .toString());
        }
        return data;
    }

    private static String sample(String table) {
        String row = ROW.get(table);
        assertTrue(row != null, "add a sample row for the new table " + table + " to this test");
        return row;
    }

    private static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(ScratchDatabase.MIGRATIONS)) {
            return files.sorted().toList();
        }
    }

    private static String version(Path migration) {
        return migration.getFileName().toString().substring(1).split("__")[0];
    }
}
