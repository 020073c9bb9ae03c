package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.backup.Refusal;
import io.rollcall.maintenance.SchemaCommand;
import io.rollcall.schema.ScratchDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An org-studio database becomes Rollcall's, and nothing of it is lost. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OrgStudioTest {

    private static final int METRICS = 4000;
    private static final String P = "org_studio_";

    @TempDir
    Path directory;

    private ScratchDatabase database;
    private Adopting adopting;

    @BeforeEach
    void create() throws SQLException {
        database = new ScratchDatabase("scratch_org_studio");
        adopting = new Adopting("org-studio", database, directory.resolve("backup"));
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void itsRowsAreOursAndItsTablesAreSetAsideWithTheirNewKeys() throws Exception {
        Foreign.orgStudio(database, P, METRICS);
        long was = METRICS;

        String said = adopting.run();

        assertTrue(said.contains("org-studio is taken over"), said);
        assertEquals(
                List.of("Zürich 日本", "acme", "default-workspace"),
                database
                        .rows(
                                "SELECT name FROM workspaces WHERE id = org_id AND labels ->> 'org-studio.workspace_id' = name"
                                        + " AND status = 'offline' ORDER BY name COLLATE \"C\"")
                        .stream()
                        .sorted()
                        .toList());
        assertEquals(List.of("" + was), database.rows("SELECT count(*) FROM agent_metrics"));
        assertEquals(
                database.rows("SELECT sum(tasks_completed) FROM org_studio.org_studio_agent_metrics"),
                database.rows("SELECT sum(tasks_completed) FROM agent_metrics"));
        assertEquals(
                List.of("{\"big\": 3, \"custom\": 1.5}"),
                database.rows("SELECT DISTINCT data FROM agent_metrics WHERE data <> '{}'"));
        assertEquals(
                List.of("default:Größer"),
                database.rows("SELECT s.id || ':' || (s.data ->> 'missionStatement') FROM settings s"
                        + " JOIN workspaces w ON w.id = s.workspace_id WHERE w.name = 'default-workspace'"));
        assertEquals(
                List.of("40"),
                database.rows(
                        "SELECT count(*) FROM heartbeats h JOIN org_studio.org_studio_heartbeats t"
                                + " ON t.agent_id = h.agent_id AND t.last_heartbeat = h.beat_at WHERE silent_since IS NOT NULL"));
        assertEquals(
                List.of("PRIMARY KEY (workspace_id, agent_id)", "PRIMARY KEY (workspace_id, id)"),
                database.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid IN"
                        + " ('org_studio.org_studio_settings'::regclass, 'org_studio.org_studio_heartbeats'::regclass)"
                        + " ORDER BY 1"));
        assertEquals(
                List.of("ux_agent_metrics_ws_agent_date_section"),
                database.rows(
                        "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indisunique AND"
                                + " indisvalid AND NOT indisprimary AND indrelid = 'org_studio.org_studio_agent_metrics'::regclass"));
        assertEquals(
                List.of("org_studio"),
                database.rows("SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'org_studio_projects'"));
        assertEquals(
                0, SchemaCommand.run(database, "preflight").exitCode(), "our own preflight has nothing to say of it");
    }

    @Test
    void itIsTheSameWhetherTheTablesHaveTheirPrefixOrNone() throws Exception {
        Foreign.orgStudio(database, "", 500);

        adopting.run();

        assertEquals(List.of("500"), database.rows("SELECT count(*) FROM public.agent_metrics"));
        assertEquals(List.of("500"), database.rows("SELECT count(*) FROM org_studio.agent_metrics"));
    }

    @Test
    void aSecondRunDoesNothing() throws Exception {
        Foreign.orgStudio(database, P, 300);
        adopting.run();
        List<String> before = database.rows("SELECT xmin::text || at FROM rollcall_adoption.journal ORDER BY step");
        List<String> rows = Foreign.adopted(database);
        database.script("DELETE FROM public.settings");

        String said = adopting.run();

        assertEquals("org-studio was taken over already; there is nothing to do\n", said);
        assertEquals(before, database.rows("SELECT xmin::text || at FROM rollcall_adoption.journal ORDER BY step"));
        assertEquals(List.of("0"), database.rows("SELECT count(*) FROM public.settings"));
        assertFalse(rows.isEmpty());
    }

    @Test
    void rowsThatComeBehindTheCopyAreNoticedAndTheNextRunTakesThemAlong() throws Exception {
        Foreign.orgStudio(database, P, METRICS);
        boolean[] late = {false};
        Refusal refused = assertThrows(
                Refusal.class,
                () -> adopting.run(part -> {
                    if (part.equals("agent_metrics") && !late[0]) {
                        late[0] = true;
                        script("INSERT INTO org_studio.org_studio_agent_metrics (id, agent_id, date, workspace_id)"
                                + " VALUES ('', 'late', '2026-01-01', 'acme')");
                    }
                }));
        assertTrue(
                refused.getMessage().startsWith("agent_metrics are not equal: " + (METRICS + 1) + " rows of theirs"),
                refused.getMessage());

        adopting.run();

        assertEquals(List.of("" + (METRICS + 1)), database.rows("SELECT count(*) FROM public.agent_metrics"));
    }

    @Test
    void killedInTheMiddleItGoesOnWhereItWas() throws Exception {
        Foreign.orgStudio(database, P, 30_000);
        Process process = SchemaCommand.start(
                database,
                "",
                "adopt",
                "org-studio",
                "--backup",
                directory.resolve("backup").toString());
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        do {
            line = out.readLine();
        } while (line != null && !line.startsWith("agent_metrics: 3000 rows"));
        boolean running = line != null;
        assertTrue(running, () -> "it was over before: " + SchemaCommand.ended(process));
        process.destroyForcibly().waitFor();
        long copied = Long.parseLong(
                database.rows("SELECT count(*) FROM public.agent_metrics").get(0));
        assertTrue(copied >= 3000 && copied < 30_000 && copied % 1000 == 0, copied + " rows copied");

        SchemaCommand ended = SchemaCommand.run(
                database,
                "adopt",
                "org-studio",
                "--backup",
                directory.resolve("backup").toString());

        assertEquals(0, ended.exitCode(), ended.said());
        assertFalse(ended.out().contains("agent_metrics: 1000 rows"), ended.out());
        assertEquals(List.of("30000"), database.rows("SELECT count(*) FROM public.agent_metrics"));
    }

    @Test
    void collisionsAreCountedShownAndRefusedAndNothingChanges() throws Exception {
        Foreign.orgStudio(database, P, METRICS);
        Foreign.collideOrgStudio(database, P);
        List<String> before = database.rows("SELECT t::text FROM org_studio_agent_metrics t ORDER BY 1");

        Refusal refused = assertThrows(Refusal.class, adopting::run);

        assertTrue(
                refused.getMessage()
                        .contains("in the way: org_studio_agent_metrics, new_key: 30 keys, 60 rows: the same under"
                                + " (workspace_id, agent_id, date, section_id)"),
                refused.getMessage());
        assertEquals(
                20,
                refused.getMessage()
                        .lines()
                        .filter(line -> line.startsWith("  default-workspace/"))
                        .count());
        assertEquals(before, database.rows("SELECT t::text FROM org_studio_agent_metrics t ORDER BY 1"));
        assertFalse(Files.exists(directory.resolve("backup")));
        assertEquals(List.of("t"), database.rows("SELECT to_regnamespace('rollcall_adoption') IS NULL"));

        database.script("DELETE FROM org_studio_agent_metrics WHERE id LIKE '%-twin'");
        adopting.run();
        assertEquals(List.of("" + METRICS), database.rows("SELECT count(*) FROM public.agent_metrics"));
    }

    @Test
    void rowsThatComeBetweenPreflightAndSwapAreRefusedThereAndNothingIsLost() throws Exception {
        Foreign.orgStudio(database, P, METRICS);
        database.script("DROP INDEX ux_agent_metrics_agent_date_section");

        Refusal refused = assertThrows(
                Refusal.class,
                () -> adopting.run(part -> {
                    if (part.equals("backfill org_studio_agent_metrics")) {
                        script("""
                        INSERT INTO org_studio_agent_metrics (id, agent_id, date, section_id, workspace_id)
                        SELECT 'late', agent_id, date, section_id, workspace_id FROM org_studio_agent_metrics LIMIT 1
                        """);
                    }
                }));

        assertTrue(refused.getMessage().startsWith("rows came since the preflight"), refused.getMessage());
        assertEquals(
                List.of("" + (METRICS + 1)), database.rows("SELECT count(*) FROM public.org_studio_agent_metrics"));
        assertEquals(
                List.of(),
                database.rows("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
                        + " AND indrelid = 'org_studio_agent_metrics'::regclass"));

        database.script("DELETE FROM org_studio_agent_metrics WHERE id = 'late'");
        adopting.run();
        assertEquals(List.of("" + METRICS), database.rows("SELECT count(*) FROM public.agent_metrics"));
    }

    @Test
    void anInvalidIndexOfTheRightNameIsBuiltAgainAndOneOfAnotherDefinitionRefused() throws Exception {
        Foreign.orgStudio(database, P, METRICS);
        Foreign.collideOrgStudio(database, P);
        database.script("DROP INDEX ux_agent_metrics_ws_agent_date_section;"
                + " UPDATE org_studio_agent_metrics SET workspace_id = 'default-workspace' WHERE workspace_id IS NULL");
        String build = "CREATE UNIQUE INDEX CONCURRENTLY ux_agent_metrics_ws_agent_date_section ON"
                + " org_studio_agent_metrics (workspace_id, agent_id, date, COALESCE(section_id, ''))";
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThrows(SQLException.class, () -> statement.execute(build));
        }
        assertEquals(
                List.of("f"),
                database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid ="
                        + " 'ux_agent_metrics_ws_agent_date_section'::regclass"));
        database.script("DELETE FROM org_studio_agent_metrics WHERE id LIKE '%-twin'");

        String said = adopting.run();

        assertTrue(said.contains("ux_agent_metrics_ws_agent_date_section is invalid: built again"), said);
        assertEquals(
                List.of("t"),
                database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid ="
                        + " 'org_studio.ux_agent_metrics_ws_agent_date_section'::regclass"));

        try (ScratchDatabase other = new ScratchDatabase("scratch_org_studio_other")) {
            Foreign.orgStudio(other, P, 10);
            other.script("CREATE UNIQUE INDEX ux_agent_metrics_ws_agent_date_section"
                    + " ON org_studio_agent_metrics (workspace_id, agent_id, date, section_id)");
            Refusal refused = assertThrows(
                    Refusal.class, () -> new Adopting("org-studio", other, directory.resolve("other")).run());
            assertTrue(refused.getMessage().contains("of another definition"), refused.getMessage());
        }
    }

    @Test
    void aLargeBackfillNeverTouchesMoreThanAThousandRowsAtOnceAndLetsOthersWrite() throws Exception {
        Foreign.orgStudio(database, P, 100_000);
        database.script("""
                CREATE TABLE touched (xid xid8, rows bigint);
                CREATE FUNCTION note_touched() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO touched SELECT pg_current_xact_id(), count(*) FROM fresh; RETURN NULL; END $$;
                CREATE TRIGGER touched AFTER UPDATE ON org_studio_agent_metrics REFERENCING NEW TABLE AS fresh
                    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
                """);

        adopting.run();

        assertEquals(List.of("40000"), database.rows("SELECT sum(rows) FROM org_studio.touched"));
        assertEquals(
                List.of("1000"),
                database.rows(
                        "SELECT max(rows) FROM (SELECT sum(rows) AS rows FROM org_studio.touched GROUP BY xid) x"));
        assertEquals(List.of("100000"), database.rows("SELECT count(*) FROM public.agent_metrics"));
    }

    @Test
    void aReaderWhoHoldsTheTableIsWaitedForWithoutBlockingTheOthers() throws Exception {
        Foreign.orgStudio(database, P, 100);
        var holding = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("SELECT count(*) FROM org_studio_settings");
                holding.countDown();
                release.await();
                connection.rollback();
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        holding.await();
        CompletableFuture<String> adoption = CompletableFuture.supplyAsync(() -> {
            try {
                return adopting.run();
            } catch (SQLException | java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        });
        io.rollcall.Await.until("the ALTER waits for the reader, or pauses", () -> !database.rows(
                        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE"
                                + " 'SELECT pg_sleep(least(%'")
                .isEmpty());
        database.rows("INSERT INTO org_studio_settings (id) VALUES ('meanwhile') RETURNING id");
        release.countDown();
        reader.join();

        assertTrue(adoption.join().contains("is taken over"));
        assertEquals(List.of("3"), database.rows("SELECT count(*) FROM public.settings"));
    }

    @Test
    void aDatabaseOfAnotherSystemIsRefusedAndSaysWhatItIs() throws Exception {
        Foreign.moleculeCore(database);
        Refusal refused = assertThrows(Refusal.class, adopting::run);
        assertEquals("this is no database of org-studio: it is one of molecule-core", refused.getMessage());

        try (ScratchDatabase other = new ScratchDatabase("scratch_org_studio_other")) {
            other.script("CREATE TABLE invoices (id int)");
            refused =
                    assertThrows(Refusal.class, () -> new Adopting("org-studio", other, directory.resolve("o")).run());
            assertEquals("this is no database of org-studio: in public there are invoices", refused.getMessage());
            assertEquals(1, SchemaCommand.run(other, "preflight").exitCode());
            other.script("DROP TABLE invoices");
            assertEquals(
                    "empty: nothing in the way\n",
                    SchemaCommand.run(other, "preflight").out());
        }
    }

    private void script(String sql) {
        try {
            database.script(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
