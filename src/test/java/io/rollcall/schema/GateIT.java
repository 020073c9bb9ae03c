package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.Await;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged service on a schema that a release from the future has migrated. */
@Tag("full")
class GateIT {

    private static final String FUTURE = "99990101000000";

    private static final String INIT = "INSERT INTO admin_token (sha256) VALUES (sha256('init'))";
    private static final String RAISE = "UPDATE schema_version SET min_compatible_binary = '99.0.0'";

    private static final EmbeddedServer SERVER = new EmbeddedServer();
    private static Path directory;
    private static Map<String, String> environment;
    private static Superuser sql;

    @BeforeAll
    static void migrate() {
        directory = ServiceProcess.freshDirectory("gate");
        var urls = SERVER.start(directory);
        environment = Map.of(
                "ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN,
                "ROLLCALL_DATABASE_URL", urls.serving(),
                "ROLLCALL_DATABASE_OWNER_URL", urls.owner());
        sql = superuser("rollcall");
        // It would take transaction ids of its own.
        sql.execute("ALTER SYSTEM SET autovacuum = off");
        sql.execute("SELECT pg_reload_conf()");
        try (ServiceProcess service = start(Map.of()).awaitListening()) {
            service.terminate();
            service.exitCode();
        }
    }

    @AfterEach
    void back() {
        sql.withoutTriggers("UPDATE schema_version SET min_compatible_binary = '0.1.0', version = '"
                + ExpectedSchema.load().version() + "'");
        // A killed process leaves its row.
        sql.execute("DELETE FROM instances");
        sql.execute("DELETE FROM flyway_schema_history WHERE version = '" + FUTURE + "'");
    }

    @AfterAll
    static void stop() {
        sql.close();
        SERVER.stop();
    }

    @Test
    void aSchemaThatIsTooNewIsRefusedAndNothingIsWrittenWhateverFlywayIsToldToDo() {
        newer("UPDATE schema_version SET version = '" + FUTURE + "', min_compatible_binary = '99.0.0'");
        String before = transactionId();
        try (ServiceProcess service = start(Map.of(
                "QUARKUS_FLYWAY_MIGRATE_AT_START", "true",
                "QUARKUS_FLYWAY_REPAIR_AT_START", "true",
                "QUARKUS_FLYWAY_BASELINE_AT_START", "true",
                "QUARKUS_FLYWAY_CLEAN_AT_START", "true",
                "QUARKUS_FLYWAY_CLEAN_DISABLED", "false",
                "QUARKUS_FLYWAY_VALIDATE_AT_START", "true",
                "QUARKUS_FLYWAY_VALIDATE_AT_START_CLEAN_ON_VALIDATION_ERROR", "true",
                "QUARKUS_FLYWAY_TABLE", "another_history",
                "QUARKUS_FLYWAY_INIT_SQL", INIT))) {
            assertEquals(76, service.exitCode(), service.output());
            assertTrue(service.output().contains("schema is at " + FUTURE), service.output());
            assertTrue(service.output().contains("needs release 99.0.0 or newer"), service.output());
            assertTrue(
                    service.output()
                            .contains("knows the schema up to "
                                    + ExpectedSchema.load().version()),
                    service.output());
            assertEquals(before, transactionId(), service.output());
        }
    }

    /** Quarkus reads the settings of its only database by another name as well. */
    @Test
    void noOtherNameOfASettingLetsFlywayGoFirst() {
        newer("UPDATE schema_version SET version = '" + FUTURE + "', min_compatible_binary = '99.0.0'");
        String before = transactionId();
        try (ServiceProcess service = ServiceProcess.start(
                directory.resolveSibling("none"),
                environment,
                "-Dquarkus.flyway.\"<default>\".validate-at-start=true",
                "-Dquarkus.flyway.\"<default>\".migrate-at-start=true",
                "-Dquarkus.flyway.init-sql=" + INIT)) {
            assertEquals(76, service.exitCode(), service.output());
            assertEquals(before, transactionId(), service.output());
        }
    }

    @Test
    void theCommandThatOnlyLooksSaysSoByTheSameCode() throws Exception {
        assertEquals("0 true", status());
        newer("UPDATE schema_version SET version = '" + FUTURE + "', min_compatible_binary = '99.0.0'");
        assertEquals("76 false", status());
    }

    /** Of the packaged service: its exit code, and whether it says that this release would serve. */
    private static String status() throws IOException, InterruptedException {
        var builder = new ProcessBuilder("./rollcall", "schema", "status", "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_OPTS", "-Xmx128m");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " "
                + new ObjectMapper().readTree(said).path("admits_this_release").asText(said);
    }

    @Test
    void aSchemaVersionThatHasLostItsRowIsNamed() {
        String row = sql.text(
                "SELECT format('(true, %L, %L, %L)', version, min_compatible_binary, phase) FROM schema_version");
        try (ServiceProcess service = start(Map.of()).awaitListening()) {
            sql.withoutTriggers("DELETE FROM schema_version");
            Await.until("not ready, and why", Duration.ofSeconds(10), () -> service.http()
                    .get("/q/health/ready")
                    .body()
                    .contains("the table schema_version has lost its row"));
            try (ServiceProcess second = start(Map.of())) {
                assertEquals(78, second.exitCode(), second.output());
                assertTrue(second.output().contains("the table schema_version has lost its row"), second.output());
            }
        } finally {
            sql.execute("INSERT INTO schema_version (singleton, version, min_compatible_binary, phase) VALUES " + row);
        }
    }

    @Test
    void aNewerSchemaThatSaysNothingIsRefusedToo() {
        newer("SELECT 1");
        String before = transactionId();
        try (ServiceProcess service = start(Map.of())) {
            assertEquals(76, service.exitCode(), service.output());
            assertTrue(service.output().contains("schema is at " + FUTURE), service.output());
            assertEquals(before, transactionId());
        }
    }

    @Test
    void aNewerSchemaThatWorksWithThisReleaseIsServedAndLeftAlone() {
        newer("UPDATE schema_version SET version = '" + FUTURE + "'");
        sql.execute("CREATE TABLE of_the_future (id int PRIMARY KEY)");
        sql.execute("ALTER TABLE workspaces ADD COLUMN of_the_future text");
        String history = history();
        try (ServiceProcess service = start(Map.of()).awaitListening()) {
            assertEquals(
                    "201",
                    service.http()
                            .importing("{\"template\": {\"name\": \"acme\", \"workspaces\": [{\"name\": \"Acme\"}]}}")
                            .outcome());
            assertEquals(200, ready(service));
            assertTrue(service.output().contains("nothing is migrated"), service.output());
            assertEquals(history, history());
        }
    }

    @Test
    void whoServesIsProtectedFromMigrationsAndSaysSoWhenOneCameAllTheSame() {
        try (ServiceProcess service = start(Map.of()).awaitListening()) {
            var refused = assertThrows(IllegalStateException.class, () -> sql.execute(RAISE));
            assertTrue(refused.getMessage().contains("older instances are serving"), refused.getMessage());
            assertEquals(200, ready(service));

            sql.withoutTriggers(RAISE);
            Await.until("not ready any more", Duration.ofSeconds(10), () -> ready(service) == 503);
            assertTrue(service.http().get("/q/health/ready").body().contains("needs release 99.0.0"));
            Await.until("it says so", Duration.ofSeconds(10), () -> service.output()
                    .contains("Not ready any more: the database's schema"));
            sql.execute("UPDATE schema_version SET min_compatible_binary = '0.1.0'");
            Await.until("ready again", Duration.ofSeconds(10), () -> ready(service) == 200);
            service.terminate();
            service.exitCode();
        }
        assertEquals(List.of(), sql.texts("SELECT version FROM instances"));
        sql.execute(RAISE);
    }

    @Test
    void whoMayNotMigrateIsNotReadyUntilSomebodyElseHas() {
        sql.execute("CREATE DATABASE later OWNER rollcall_owner");
        Map<String, String> later = Map.of(
                "ROLLCALL_DATABASE_URL",
                        environment.get("ROLLCALL_DATABASE_URL").replaceFirst("[^/]+$", "later"),
                "ROLLCALL_DATABASE_OWNER_URL",
                        environment.get("ROLLCALL_DATABASE_OWNER_URL").replaceFirst("[^/]+$", "later"));
        var waiting = new HashMap<>(later);
        waiting.put("ROLLCALL_DATABASE_MIGRATE", "false");
        try (ServiceProcess service = start(waiting).awaitListening()) {
            var answer = service.http().get("/q/health/ready");
            assertEquals(503, answer.status(), answer.body());
            assertTrue(answer.body().contains("the database has no schema of ours"), answer.body());
            try (ServiceProcess job = start(later).awaitListening()) {
                Await.until("ready", Duration.ofSeconds(10), () -> ready(service) == 200);
                Await.until("both are counted", Duration.ofSeconds(10), () -> instancesOf("later") == 2);
            }
        }
    }

    private static void newer(String says) {
        sql.execute(says);
        sql.execute(
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) SELECT max(installed_rank) + 1, '" + FUTURE
                        + "', 'future', 'SQL', 'V" + FUTURE + "__future.sql', 'x', 1, true FROM flyway_schema_history");
    }

    private static ServiceProcess start(Map<String, String> more) {
        var variables = new HashMap<>(environment);
        variables.putAll(more);
        return ServiceProcess.start(directory.resolveSibling("none"), variables);
    }

    private static int ready(ServiceProcess service) {
        return service.http().get("/q/health/ready").status();
    }

    private static long instancesOf(String database) {
        try (Superuser there = superuser(database)) {
            return there.number("SELECT count(*) FROM instances");
        }
    }

    private static Superuser superuser(String database) {
        URI url = URI.create(environment.get("ROLLCALL_DATABASE_URL"));
        try {
            return new Superuser(DriverManager.getConnection(
                    "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + "/" + database,
                    "postgres",
                    Files.readAllLines(directory.resolve("passwords")).get(0)));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String transactionId() {
        return sql.text("SELECT pg_snapshot_xmax(pg_current_snapshot())");
    }

    private static String history() {
        return sql.text("SELECT string_agg(h::text, ';' ORDER BY installed_rank) FROM flyway_schema_history h");
    }
}
