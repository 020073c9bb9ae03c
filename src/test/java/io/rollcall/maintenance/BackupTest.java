package io.rollcall.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.TestDatabase;
import io.rollcall.schema.ScratchDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore of tables that are nobody's in particular, and of our own. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BackupTest {

    private static final String SHOP = """
            CREATE TYPE mood AS ENUM ('good', 'bad');
            CREATE TABLE shops (
                id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                code    text COLLATE "C" NOT NULL CONSTRAINT shops_code UNIQUE,
                mood    mood DEFAULT 'good',
                rate    double precision,
                seen    timestamptz NOT NULL DEFAULT now(),
                detail  jsonb,
                photo   bytea,
                pause   interval,
                twice   bigint GENERATED ALWAYS AS (id * 2) STORED);
            CREATE TABLE sales (
                shop  bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
                no    serial,
                note  text CHECK (note <> 'never'),
                PRIMARY KEY (shop, no));
            CREATE INDEX sales_note ON sales (lower(note)) WHERE note IS NOT NULL;
            CREATE TABLE loose (word text, weight numeric(12, 3));
            INSERT INTO shops (code, mood, rate, seen, detail, photo, pause)
            SELECT 'Ünï\\t' || i || E'\\t\\n"' || chr(128512), CASE WHEN i % 3 = 0 THEN NULL ELSE 'bad'::mood END,
                   CASE i % 5 WHEN 0 THEN 'NaN' ELSE i / 7.0 END, now() - i * interval '1 hour 0.000001 s',
                   jsonb_build_object('n', i, 'null', NULL), decode(md5(i::text), 'hex'), i * interval '1 mon 2 days 3 s'
              FROM generate_series(1, 2000) i;
            DELETE FROM shops WHERE id > 1990;
            INSERT INTO sales (shop, note) SELECT 1 + i % 1500, nullif('note ' || i % 50, 'note 7')
              FROM generate_series(1, 4000) i;
            INSERT INTO loose SELECT nullif('word ' || i % 10, 'word 3'), i / 3.0 FROM generate_series(1, 500) i;
            INSERT INTO loose SELECT word, weight FROM loose WHERE weight < 9;
            """;

    @TempDir
    Path directory;

    private ScratchDatabase database;
    private Path to;

    @BeforeEach
    void create() throws SQLException {
        database = new ScratchDatabase("scratch_backup");
        database.script(SHOP);
        to = directory.resolve("copies").resolve("today");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void whatIsRestoredIsEqualInRowsConstraintsIndexesAndNextNumbers() throws SQLException {
        SchemaCommand backup = backUp("sales,loose,shops");
        assertEquals(0, backup.exitCode(), backup.said());
        List<String> before = everything("public");
        database.script("TRUNCATE shops, sales, loose");

        SchemaCommand restored = restore();

        assertEquals(0, restored.exitCode(), restored.said());
        assertEquals(backup.out(), restored.out());
        assertEquals(before, everything("public"));
        assertEquals(List.of("2001"), database.rows("INSERT INTO shops (code) VALUES ('next') RETURNING id"));
        assertEquals(List.of("4001"), database.rows("INSERT INTO sales (shop) VALUES (1) RETURNING no"));
    }

    @Test
    void aNewSchemaIsMadeFromTheManifestAndTheOldTablesAreLeftAlone() {
        backUp("shops,sales,loose");
        List<String> before = everything("public");

        SchemaCommand restored = SchemaCommand.run(database, "restore", "--from", to.toString(), "--into", "again");

        assertEquals(0, restored.exitCode(), restored.said());
        assertEquals(before, everything("again"));
        assertEquals(before, everything("public"));
        assertEquals(
                List.of("again.shops"),
                database.rows("SELECT confrelid::regclass FROM pg_constraint WHERE conrelid = 'again.sales'::regclass"
                        + " AND contype = 'f'"));
        assertEquals(List.of("4001"), database.rows("INSERT INTO again.sales (shop) VALUES (1) RETURNING no"));
        assertEquals(List.of("4001"), database.rows("INSERT INTO public.sales (shop) VALUES (1) RETURNING no"));
        assertRefused(
                "there is a schema again already",
                SchemaCommand.run(database, "restore", "--from", to.toString(), "--into", "again"));
    }

    @Test
    void ourOwnTablesComeBackWithoutTheirTriggersFiringAndBelowTheirPolicies() throws Exception {
        try (ScratchDatabase ours = new ScratchDatabase("scratch_backup_ours")) {
            ours.migrate("latest");
            ours.script("""
                    INSERT INTO workspaces (id, org_id, parent_id, name)
                    SELECT ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid,
                           '00000000-0000-7000-8000-000000000001',
                           CASE WHEN i > 1 THEN '00000000-0000-7000-8000-000000000001'::uuid END, 'W' || i
                      FROM generate_series(1, 50) i;
                    INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview,
                           root_delegation_id, payload_sha256, event_actor)
                    SELECT '00000000-0000-7000-8000-000000000001', 'd' || i, '00000000-0000-7000-8000-000000000002',
                           '00000000-0000-7000-8000-000000000003', 't', 'd' || i, sha256('t'), 'a'
                      FROM generate_series(1, 30) i;
                    UPDATE delegations SET status = 'completed' WHERE id < 10;
                    """);
            String tables = "delegation_events,delegations,workspaces";
            assertEquals(
                    0,
                    SchemaCommand.run(ours, "backup", "--tables", tables, "--to", to.toString())
                            .exitCode());
            String fingerprint = SchemaCommand.run(ours, "fingerprint").out();
            try (ScratchDatabase fresh = new ScratchDatabase("scratch_backup_fresh")) {
                fresh.migrate("latest");

                SchemaCommand restored = SchemaCommand.run(fresh, "restore", "--from", to.toString());

                assertEquals(0, restored.exitCode(), restored.said());
                assertEquals(List.of("39"), fresh.rows("SELECT count(*) FROM delegation_events"));
                assertEquals(List.of("0"), fresh.rows("SELECT count(*) FROM activity_logs"));
                assertEquals(
                        fingerprint, SchemaCommand.run(fresh, "fingerprint").out());
                assertEquals(
                        manifest().path("schema_version").asText(),
                        fresh.rows("SELECT max(version) FROM flyway_schema_history")
                                .get(0));
            }
        }
    }

    @Test
    void rowsThatChangeWhileItRunsAreAsTheyWereWhenItBegan() throws Exception {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE sales IN ACCESS EXCLUSIVE MODE");
            Process backup =
                    SchemaCommand.start(database, "", "backup", "--tables", "loose,shops,sales", "--to", to.toString());
            Await.until("the backup waits for sales", () -> !database.rows(
                            "SELECT 1 FROM pg_locks WHERE relation = 'sales'::regclass AND NOT granted")
                    .isEmpty());
            statement.execute(
                    "INSERT INTO loose VALUES ('late', 1); INSERT INTO sales (shop, note) VALUES (2, 'late')");
            other.commit();
            SchemaCommand ended = SchemaCommand.ended(backup);
            assertEquals(0, ended.exitCode(), ended.said());
        }
        assertEquals(4000, manifest().at("/tables/2/rows").asInt());
        assertFalse(Files.readString(to.resolve("sales.copy")).contains("late"));
        assertFalse(Files.readString(to.resolve("loose.copy")).contains("late"));
    }

    @Test
    void onlyTheOwnerOfTheFilesReadsThem() throws IOException {
        backUp("shops,loose");

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(to)));
        for (Path file : files(to)) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
        }
        assertEquals(3, files(to).size());
    }

    @Test
    void aDirectoryWithSomethingInItIsRefusedAndAnEmptyOneIsUsed() throws IOException {
        Files.createDirectories(to);
        Files.writeString(to.resolve("mine"), "mine");
        assertRefused("is there already, and not empty", backUp("loose"));
        assertEquals(List.of(to.resolve("mine")), files(to));

        Files.delete(to.resolve("mine"));
        assertEquals(0, backUp("loose").exitCode());
        assertRefused("is there already, and not empty", backUp("loose"));
        assertRefused("there is no table public.nothing", backUp("loose,nothing"));
    }

    @Test
    void aFileOrManifestThatWasChangedIsRefusedAndNothingIsRestored() throws Exception {
        backUp("loose");
        database.script("TRUNCATE loose");
        Path file = to.resolve("loose.copy");
        String rows = Files.readString(file);
        Files.writeString(file, rows.replaceFirst("word 1", "word 8"));
        assertRefused("is not what was backed up", restore());
        Files.writeString(file, rows.substring(0, rows.length() / 2));
        assertRefused("is not what was backed up", restore());
        Files.delete(file);
        assertRefused("is not what was backed up", restore());
        Files.writeString(file, rows);

        Path manifest = to.resolve("manifest.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("numeric(12,3)", "numeric(12,2)"));
        assertRefused("has been changed since it was written", restore());
        Files.writeString(manifest, text.substring(0, 100));
        assertRefused("is no JSON", restore());
        Files.delete(manifest);
        assertRefused("there is no manifest.json", restore());

        assertEquals(List.of("0"), database.rows("SELECT count(*) FROM loose"));
        Files.writeString(manifest, text);
        assertEquals(0, restore().exitCode());
    }

    @Test
    void aTableWithRowsWithOtherColumnsOrConstraintsIsRefusedAndStaysAsItIs() throws SQLException {
        backUp("sales,shops");
        assertRefused("public.shops is not empty", restore());

        database.script("TRUNCATE shops, sales; ALTER TABLE shops ADD extra int");
        assertRefused("public.shops has other columns than the backup: here [Column[name=extra", restore());

        database.script("ALTER TABLE shops DROP extra; ALTER TABLE sales DROP CONSTRAINT sales_note_check");
        assertRefused("public.sales has other constraints than the backup", restore());

        database.script("ALTER TABLE sales ADD CHECK (note <> 'never'); DROP INDEX sales_note");
        assertRefused("public.sales has other indexes than the backup", restore());

        database.script("DROP TABLE sales");
        assertRefused("there is no table public.sales", restore());
        assertEquals(List.of("0"), database.rows("SELECT count(*) FROM shops"));
    }

    @Test
    void aTriggerThatWouldKeepRowsOutIsKeptOutItself() throws SQLException {
        database.script("CREATE TABLE stamps (id int PRIMARY KEY, at timestamp); INSERT INTO stamps VALUES (1, now())");
        backUp("stamps");
        database.script("""
                TRUNCATE stamps;
                CREATE FUNCTION drop_all() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                CREATE TRIGGER keep_out BEFORE INSERT ON stamps FOR EACH ROW EXECUTE FUNCTION drop_all();
                """);

        SchemaCommand restored = restore();

        assertEquals(0, restored.exitCode(), restored.said());
        assertEquals(List.of("1"), database.rows("SELECT count(*) FROM stamps"));
        assertEquals(List.of("O"), database.rows("SELECT tgenabled FROM pg_trigger WHERE tgname = 'keep_out'"));
    }

    @Test
    void aBackupThatIsKilledIsNoBackupAndMakesRoomForTheNext() throws Exception {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE sales IN ACCESS EXCLUSIVE MODE");
            Process backup =
                    SchemaCommand.start(database, "", "backup", "--tables", "shops,sales", "--to", to.toString());
            Path written = to.resolveSibling("today.partial").resolve("shops.copy");
            Await.until("the first table is written", () -> written.toFile().length() > 0);
            assertRefused("is being taken", backUp("loose"));
            assertNotEquals(0, backup.destroyForcibly().waitFor());
        }
        assertFalse(Files.exists(to));
        assertTrue(Files.exists(to.resolveSibling("today.partial")));

        assertEquals(0, backUp("loose").exitCode());

        assertEquals(List.of(to), files(to.getParent()));
        assertEquals(2, files(to).size());
    }

    @Test
    void aFullDiskEndsItWithoutAManifest() throws IOException {
        Process backup = SchemaCommand.start(
                database, "ulimit -f 64;", "backup", "--tables", "loose,shops", "--to", to.toString());

        SchemaCommand ended = SchemaCommand.ended(backup);

        assertEquals(SchemaCommands.UNAVAILABLE, ended.exitCode(), ended.said());
        assertTrue(ended.said().contains("File too large"), ended.said());
        assertEquals(List.of(), files(to.getParent()));
    }

    @Test
    void rowsThatAPolicyHidesAreNotLeftOutInSilence() throws SQLException {
        database.script("ALTER TABLE loose ENABLE ROW LEVEL SECURITY; ALTER TABLE loose FORCE ROW LEVEL SECURITY;"
                + " CREATE POLICY heavy ON loose USING (weight > 10)");

        assertRefused("row security may hide rows of public.loose", backUp("loose"));
    }

    private SchemaCommand backUp(String tables) {
        return SchemaCommand.run(database, "backup", "--tables", tables, "--to", to.toString());
    }

    private SchemaCommand restore() {
        return SchemaCommand.run(database, "restore", "--from", to.toString());
    }

    private JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(Files.readString(to.resolve("manifest.json"), StandardCharsets.UTF_8));
    }

    private List<String> everything(String schema) {
        var all = new ArrayList<String>();
        for (String table : List.of("shops", "sales", "loose")) {
            all.addAll(database.rows("SELECT t::text FROM " + schema + "." + table + " t ORDER BY 1"));
            all.addAll(database.rows("""
                    SELECT replace(pg_get_constraintdef(oid), '%1$s.', '') FROM pg_constraint
                     WHERE conrelid = '%1$s.%2$s'::regclass ORDER BY conname""".formatted(schema, table)));
            all.addAll(database.rows("""
                    SELECT replace(pg_get_indexdef(indexrelid), '%1$s.', '') FROM pg_index
                     WHERE indrelid = '%1$s.%2$s'::regclass ORDER BY 1""".formatted(schema, table)));
        }
        return all;
    }

    private static void assertRefused(String why, SchemaCommand ended) {
        assertEquals(SchemaCommands.FOUND, ended.exitCode());
        assertTrue(ended.said().contains(why), ended.said());
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
