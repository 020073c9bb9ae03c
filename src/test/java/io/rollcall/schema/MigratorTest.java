package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.Misconfigured;
import io.rollcall.SchemaTooNew;
import io.rollcall.TestDatabase;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.DatabaseException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations that are refused, in the way, or broken, on a database of their own. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MigratorTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Less than the pause before something is tried a second time and a third. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private static final MigrationPreflight NOTHING_IN_THE_WAY = (flyway, pending) -> {};
    private static final String NEXT = "99990101000000";
    private static final String LAST = "99990102000000";

    @Inject
    Vertx vertx;

    private ScratchDatabase database;
    private Pool pool;

    @TempDir
    Path migrations;

    @BeforeEach
    void create() throws IOException {
        database = new ScratchDatabase("scratch_migrator");
        pool = Pool.pool(PgConnectOptions.fromUri(database.owner().reactive())
                .setUser(database.owner().user())
                .setPassword(database.owner().password()));
        try (Stream<Path> files = Files.list(ScratchDatabase.MIGRATIONS)) {
            for (Path file : files.toList()) {
                Files.copy(file, migrations.resolve(file.getFileName()));
            }
        }
    }

    @AfterEach
    void drop() {
        pool.closeAndAwait();
        database.close();
    }

    @Test
    void aContractIsPutOffWhileAnOlderInstanceServesAndMadeWhenItIsGone() throws Exception {
        Migrator migrator = migrator("9.0.0");
        migrate(migrator);
        database.script("INSERT INTO instances (id, version) VALUES (gen_random_uuid(), '0.1.0'),"
                + " (gen_random_uuid(), '9.0.0')");
        plant(NEXT, "ALTER TABLE canvas_viewports DROP COLUMN zoom", "contracting', min_compatible_binary = '9.0.0");

        migrate(migrator);

        assertTrue(migrator.putOff().orElseThrow().alone());
        assertTrue(migrator.putOff().orElseThrow().reason().contains("(release 0.1.0, seen "));
        assertFalse(migrator.putOff().orElseThrow().reason().contains("release 9.0.0, seen"));
        assertEquals(
                1,
                database.rows("SELECT zoom FROM canvas_viewports UNION ALL SELECT 1")
                        .size());

        database.script("UPDATE instances SET seen_at = now() - interval '61 s'");
        migrate(migrator);

        assertTrue(migrator.putOff().isEmpty());
        assertEquals(List.of(NEXT), database.rows("SELECT version FROM schema_version"));
    }

    @Test
    void aContractThatSomebodyElseMadeIsPutOffNoMore() throws Exception {
        Migrator migrator = migrator("9.0.0");
        migrate(migrator);
        database.script("INSERT INTO instances (id, version) VALUES (gen_random_uuid(), '0.1.0')");
        plant(NEXT, "SELECT 1", "contracting', min_compatible_binary = '9.0.0");
        migrate(migrator);
        assertTrue(migrator.putOff().isPresent());

        database.script("DELETE FROM instances");
        plant(LAST, "SELECT 1", "expanding");
        migrate(migrator("9.0.0"));
        Files.delete(migrations.resolve("V" + LAST + "__planted.sql"));
        migrate(migrator);

        assertTrue(migrator.putOff().isEmpty());
    }

    @Test
    void whatFollowsAContractThatIsPutOffIsMissed() throws Exception {
        Migrator migrator = migrator("9.0.0");
        migrate(migrator);
        database.script("INSERT INTO instances (id, version) VALUES (gen_random_uuid(), '0.1.0')");
        plant(NEXT, "SELECT 1", "contracting', min_compatible_binary = '9.0.0");
        plant(LAST, "SELECT 1", "expanding");

        migrate(migrator);

        assertFalse(migrator.putOff().orElseThrow().alone());
    }

    @Test
    void whoRegistersWhileAContractIsUnderWayIsRefusedAfterIt() throws Exception {
        migrate(migrator("9.0.0"));
        try (Connection contract = database.connect();
                Statement statement = contract.createStatement()) {
            contract.setAutoCommit(false);
            statement.execute("UPDATE schema_version SET min_compatible_binary = '9.0.0'");
            var registered = new Instances(pool, gate("0.1.0"), true).register().subscribeAsCompletionStage();
            Await.until("it waits for the migration", () -> !database.rows(
                            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'instances'::regclass")
                    .isEmpty());
            contract.commit();

            var refused = assertThrows(Exception.class, registered::join);
            assertTrue(refused.getCause() instanceof SchemaTooNew, refused.toString());
        }
        assertEquals(List.of(), database.rows("SELECT id FROM instances"));
    }

    @Test
    void aMigrationInSomebodysWayWaitsItsTurn() throws Exception {
        Migrator migrator = migrator("9.0.0");
        migrate(migrator);
        plant(NEXT, "ALTER TABLE canvas_viewports ADD COLUMN more text", "expanding");
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT org_id FROM canvas_viewports");
            var migrated = Uni.createFrom()
                    .voidItem()
                    .emitOn(Infrastructure.getDefaultExecutor())
                    .chain(migrator::migrate)
                    .subscribeAsCompletionStage();
            var waits = new HashSet<String>();
            Await.until("it has given up once and waits again", () -> {
                waits.addAll(database.rows("SELECT waitstart FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL"
                        + " AND relation = 'canvas_viewports'::regclass"));
                return waits.size() > 1;
            });
            assertFalse(migrated.isDone());
            reader.rollback();
            migrated.join();
        }
        assertEquals(List.of(NEXT), database.rows("SELECT version FROM schema_version"));
    }

    @Test
    void aConcurrentBuildThatFailedIsRunAgainWithoutAnybodysHelp() throws Exception {
        Migrator migrator = migrator("9.0.0");
        migrate(migrator);
        String organisation = "00000000-0000-7000-8000-000000000001";
        database.script("INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES ('" + organisation
                + "', 1, 1, 1), (gen_random_uuid(), 1, 1, 1)");
        Files.writeString(migrations.resolve("V" + NEXT + "__index.sql"), """
                DO $$
                BEGIN
                    IF EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('viewports_x') AND NOT indisvalid) THEN
                        DROP INDEX viewports_x;
                    END IF;
                END
                $$;
                CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS viewports_x ON canvas_viewports (x);
                """);
        Files.writeString(migrations.resolve("V" + NEXT + "__index.sql.conf"), "executeInTransaction=false\n");

        assertThrows(FlywayException.class, () -> migrate(migrator));
        assertEquals(
                List.of("f"),
                database.rows("SELECT success FROM flyway_schema_history WHERE version = '" + NEXT + "'"));
        assertEquals(
                List.of("f"),
                database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'viewports_x'::regclass"));

        database.script("DELETE FROM canvas_viewports WHERE org_id = '" + organisation + "'");
        migrate(migrator);

        assertEquals(
                List.of("t"),
                database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'viewports_x'::regclass"));
        assertEquals(
                List.of("t"),
                database.rows("SELECT success FROM flyway_schema_history WHERE version = '" + NEXT + "'"));
    }

    @Test
    void aFailedBuildWhoseNoteAnotherReplicaHasTakenAwayIsRunAgain() throws Exception {
        migrate(migrator("9.0.0"));
        database.script("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                + " installed_by, execution_time, success) VALUES (1000, '" + NEXT + "', 'planted', 'SQL', 'V" + NEXT
                + "__planted.sql', 'x', 1, false)");
        plant(NEXT, "SELECT 1", "expanding");
        // Between the check that finds the note and who would take it away.
        var otherReplica = new BaseCallback() {
            @Override
            public boolean supports(Event event, Context context) {
                return event == Event.AFTER_VALIDATE_ERROR;
            }

            @Override
            public void handle(Event event, Context context) {
                database.rows("DELETE FROM flyway_schema_history WHERE NOT success RETURNING 1");
            }
        };

        migrate(new Migrator(() -> flyway(otherReplica), gate("9.0.0"), NOTHING_IN_THE_WAY));

        assertEquals(
                List.of("t"),
                database.rows("SELECT success FROM flyway_schema_history WHERE version = '" + NEXT + "'"));
    }

    @Test
    void rowsInTheWayAreLookedForBeforeAnythingIsMigrated() throws Exception {
        migrate(migrator("9.0.0"));
        plant(NEXT, "SELECT 1", "expanding");
        plant(LAST, "SELECT 1", "expanding");
        var asked = new ArrayList<String>();
        MigrationPreflight refusing = (flyway, pending) -> {
            asked.addAll(pending);
            throw new Misconfigured("3 rows are in the way");
        };

        var refused =
                assertThrows(Misconfigured.class, () -> migrate(new Migrator(this::flyway, gate("9.0.0"), refusing)));

        assertEquals("3 rows are in the way", refused.getMessage());
        assertEquals(List.of(NEXT, LAST), asked);
        assertEquals(List.of(ExpectedSchema.load().version()), database.rows("SELECT version FROM schema_version"));
    }

    @Test
    void aSchemaVersionWithoutItsRowIsRefusedAtOnceByItsName() {
        migrate(migrator("9.0.0"));
        database.rows("DELETE FROM schema_version RETURNING 1");

        var refused = assertThrows(
                Misconfigured.class, () -> gate("9.0.0").look().await().atMost(SOON));

        assertTrue(refused.getMessage().contains("the table schema_version has lost its row"), refused.getMessage());
    }

    @Test
    void theGateReadsOurTablesWhateverTheRolesSearchPathIs() throws Exception {
        migrate(migrator("9.0.0"));
        database.script("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.schema_version AS"
                + " SELECT '99990101000000' AS version, '99.0.0' AS min_compatible_binary");
        Pool own = pool;
        pool = Pool.pool(PgConnectOptions.fromUri(database.owner().reactive())
                .setUser(database.owner().user())
                .setPassword(database.owner().password())
                .addProperty("search_path", "elsewhere"));
        try {
            assertEquals(Gate.Verdict.MIGRATE, gate("9.0.0").look().await().atMost(SOON));
        } finally {
            pool.closeAndAwait();
            pool = own;
        }
    }

    @Test
    void aRightThatIsMissingIsSaidAtOnce() {
        Uni<Void> asking =
                Patience.with(pool.query("CREATE ROLE more").execute().replaceWithVoid());

        var refused = assertThrows(DatabaseException.class, () -> asking.await().atMost(SOON));

        assertEquals("42501", refused.getSqlState());
    }

    @Test
    void flywaysOwnCheckComesAfterItsFirstWritesAndTheGateBefore() throws Exception {
        migrate(migrator("9.0.0"));
        database.script("CREATE TABLE written (by text);"
                + " UPDATE schema_version SET version = '" + NEXT + "', min_compatible_binary = '99.0.0';"
                + " INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                + " execution_time, success) VALUES (1000, '" + NEXT + "', 'x', 'SQL', 'x', 'x', 1, true)");
        Files.writeString(migrations.resolve("beforeValidate.sql"), "INSERT INTO written (by) VALUES ('callback')");
        Files.writeString(migrations.resolve("R__again.sql"), "INSERT INTO written (by) VALUES ('repeatable')");

        assertThrows(SchemaTooNew.class, () -> gate("9.0.0").look().await().atMost(LIMIT));
        assertEquals(List.of(), database.rows("SELECT by FROM written"));

        assertThrows(FlywayException.class, () -> flyway().migrate());
        assertEquals(List.of("callback"), database.rows("SELECT by FROM written"));
    }

    private void plant(String version, String sql, String phase) throws IOException {
        Files.writeString(
                migrations.resolve("V" + version + "__planted.sql"),
                "SET LOCAL lock_timeout = '200ms'; " + sql + "; UPDATE schema_version SET version = '" + version
                        + "', phase = '" + phase + "';");
    }

    private void migrate(Migrator migrator) {
        migrator.migrate().await().atMost(LIMIT);
    }

    private Migrator migrator(String release) {
        return new Migrator(this::flyway, gate(release), NOTHING_IN_THE_WAY);
    }

    private Gate gate(String release) {
        var settings = new OneRole();
        return new Gate(pool, new Owner(settings, new PoolSettings(settings), vertx), release);
    }

    private record OneRole() implements PoolSettings.Database {
        @Override
        public Optional<String> url() {
            return Optional.empty();
        }

        @Override
        public Optional<String> ownerUrl() {
            return Optional.empty();
        }

        @Override
        public boolean migrate() {
            return true;
        }

        @Override
        public boolean serves() {
            return true;
        }

        @Override
        public int queueSize() {
            return 10;
        }

        @Override
        public Duration queueTimeout() {
            return LIMIT;
        }

        @Override
        public Duration statementTimeout() {
            return LIMIT;
        }
    }

    private Flyway flyway(Callback... callbacks) {
        var configuration = Flyway.configure()
                .dataSource(
                        database.owner().jdbc(),
                        database.owner().user(),
                        database.owner().password())
                .locations("filesystem:" + migrations)
                // As Quarkus sets it.
                .ignoreMigrationPatterns(new String[0])
                .callbacks(callbacks);
        new SessionLock().customize(configuration);
        return configuration.load();
    }
}
