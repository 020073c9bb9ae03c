package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.Race;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes that are widely passed on, and what happens. docs/honest-claims.md has a row for each test of this class. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HonestClaimsTest {

    private static final String BUILD = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS names ON things (name)";

    private static final String UPSERT =
            "INSERT INTO things (id) VALUES ('a') ON CONFLICT (workspace, id) DO UPDATE SET name = 'n'";

    private ScratchDatabase database;

    @TempDir
    Path migrations;

    @BeforeEach
    void create() throws Exception {
        database = new ScratchDatabase("scratch_claims");
        database.script("CREATE TABLE things (id text PRIMARY KEY, workspace text NOT NULL DEFAULT 'w', name text)");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void everyRowOfThePageHasItsTestAndEveryTestItsRow() throws IOException {
        String page = Files.readString(Path.of("docs/honest-claims.md"));
        List<String> named = Pattern.compile("`(\\w+)` *\\|\\n")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
        List<String> tests = Arrays.stream(HonestClaimsTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName())
                .filter(name -> !name.startsWith("everyRow"))
                .sorted()
                .toList();
        assertEquals(tests, named);
    }

    @Test
    void aNarrowerOnConflictFindsNoArbiterAfterTheKeyWasWidened() throws Exception {
        String upsert = "INSERT INTO things (id, name) VALUES ('a', 'x') ON CONFLICT (id) DO UPDATE SET name = 'y'";
        database.script(upsert);
        database.script("ALTER TABLE things DROP CONSTRAINT things_pkey, ADD PRIMARY KEY (workspace, id)");

        assertEquals("42P10", state(() -> database.script(upsert)));
    }

    @Test
    void aConcurrentBuildWithIfNotExistsIsDoneTheSecondTimeAndInvalid() throws Exception {
        database.script("INSERT INTO things (id, name) VALUES ('a', 'same'), ('b', 'same')");
        assertEquals("23505", state(() -> autocommit(BUILD)));

        assertDoesNotThrow(() -> autocommit(BUILD));

        assertEquals(
                List.of("f"), database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'names'::regclass"));
        assertEquals(
                "42P10",
                state(() -> database.script(
                        "INSERT INTO things (id, name) VALUES ('d', 'same')" + " ON CONFLICT (name) DO NOTHING")));
        assertEquals(List.of("2"), database.rows("SELECT count(*) FROM things WHERE name = 'same'"));
    }

    @Test
    void twoUniqueIndexesAtOnceFailUpsertsThatEitherAloneWouldTake() throws Exception {
        database.script("CREATE UNIQUE INDEX wider ON things (workspace, id)");
        Queue<String> states = new ConcurrentLinkedQueue<>();
        var enough = new AtomicBoolean();
        Race.run(IntStream.range(0, 8)
                .mapToObj(client -> (Callable<Void>) () -> {
                    try (Connection connection = database.connect();
                            Statement statement = connection.createStatement()) {
                        for (int i = 0; i < 20_000 && !enough.get(); i++) {
                            try {
                                statement.execute(client < 6 ? UPSERT : "DELETE FROM things");
                            } catch (SQLException e) {
                                states.add(e.getSQLState());
                                enough.set(true);
                            }
                        }
                    }
                    return null;
                })
                .toList());
        assertTrue(states.contains("23505"), "in 160,000 statements: " + states);
    }

    @Test
    void aBoundValueInAnArbiterWorksFiveTimes() throws Exception {
        database.script("CREATE UNIQUE INDEX names ON things (COALESCE(name, ''), workspace)");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("PREPARE put (text, text) AS INSERT INTO things (id, workspace) VALUES ($1, $1)"
                    + " ON CONFLICT (COALESCE(name, $2), workspace) DO NOTHING");
            for (int i = 1; i <= 5; i++) {
                statement.execute("EXECUTE put ('" + i + "', '')");
            }
            assertEquals("42P10", state(() -> statement.execute("EXECUTE put ('6', '')")));
        }
    }

    @Test
    void aSentinelIsAValueThatSomebodyMayHave() throws Exception {
        database.script("CREATE UNIQUE INDEX names ON things (COALESCE(name, 'none'))");
        database.script("INSERT INTO things (id, name) VALUES ('a', NULL)");

        assertEquals("23505", state(() -> database.script("INSERT INTO things (id, name) VALUES ('b', 'none')")));
    }

    @Test
    void oneStatementThatWaitsForALockStopsAllThatComeAfterIt() throws Exception {
        try (Connection reader = database.connect();
                Connection migration = database.connect();
                Connection bystander = database.connect();
                Statement reading = reader.createStatement();
                Statement altering = migration.createStatement();
                Statement looking = bystander.createStatement()) {
            reader.setAutoCommit(false);
            reading.execute("SELECT id FROM things");
            looking.execute("SET statement_timeout = '300ms'");
            looking.execute("SELECT id FROM things");
            var altered = CompletableFuture.runAsync(
                    () -> assertDoesNotThrow(() -> altering.execute("ALTER TABLE things ADD COLUMN more text")));
            Await.until("it waits", () -> !database.rows(
                            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'things'::regclass")
                    .isEmpty());

            assertEquals("57014", state(() -> looking.execute("SELECT id FROM things")));
            reader.rollback();
            altered.join();
            assertDoesNotThrow(() -> looking.execute("SELECT id FROM things"));
        }
    }

    @Test
    void flywayMigratesADatabaseThatIsNewerThanItsMigrations() throws Exception {
        newer();
        write("R__view.sql", "CREATE OR REPLACE VIEW seen AS SELECT 'old binary' AS by");

        flyway().load().migrate();

        assertEquals(List.of("old binary"), database.rows("SELECT by FROM seen"));
    }

    @Test
    void flywayThatIsToldToRefuseWritesBeforeItDoes() throws Exception {
        newer();
        write("beforeValidate.sql", "UPDATE things SET name = 'by a callback'");
        database.script("INSERT INTO things (id) VALUES ('a')");

        assertThrows(
                FlywayException.class,
                () -> flyway().ignoreMigrationPatterns(new String[0]).load().migrate());

        assertEquals(List.of("by a callback"), database.rows("SELECT name FROM things"));
    }

    @Test
    void aRepairByAnOlderBinaryMakesTheNewerOneMigrateAgain() throws Exception {
        newer();
        flyway().ignoreMigrationPatterns(new String[0]).load().repair();
        write("V2__two.sql", "CREATE TABLE two (id int)");

        FlywayException failed =
                assertThrows(FlywayException.class, () -> flyway().load().migrate());

        assertTrue(failed.getMessage().contains("relation \"two\" already exists"), failed.getMessage());
    }

    @Test
    void correctingACommentOfAMigrationFailsEveryStart() throws Exception {
        write("V1__one.sql", "CREATE TABLE one (id int)\n-- Rollback: drop it");
        flyway().load().migrate();
        write("V1__one.sql", "CREATE TABLE one (id int)\n-- Rollback: DROP TABLE one");

        assertFalse(flyway().load().validateWithResult().validationSuccessful);
    }

    /** The newer binary's two migrations are applied, and the older one has the first alone. */
    private void newer() throws IOException {
        write("V1__one.sql", "CREATE TABLE one (id int)");
        write("V2__two.sql", "CREATE TABLE two (id int)");
        write("R__view.sql", "CREATE OR REPLACE VIEW seen AS SELECT 'new binary' AS by");
        flyway().load().migrate();
        Files.delete(migrations.resolve("V2__two.sql"));
    }

    private void write(String file, String sql) throws IOException {
        Files.writeString(migrations.resolve(file), sql);
    }

    private FluentConfiguration flyway() {
        return Flyway.configure()
                .dataSource(
                        database.owner().jdbc(),
                        database.owner().user(),
                        database.owner().password())
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .locations("filesystem:" + migrations);
    }

    private void autocommit(String sql) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static String state(Work work) {
        return assertThrows(SQLException.class, work::run).getSQLState();
    }
}
