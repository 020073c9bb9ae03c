package io.rollcall.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.ParkedInserts;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the service begins and ends: what it refuses and how it says so, what survives, what it finishes first. */
@Tag("full")
class StartAndStopIT {

    private static final Map<String, String> TOKEN = Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN);
    private static final Pattern PRINTED_TOKEN = Pattern.compile("^ {4}(rc_admin_\\S+)$", Pattern.MULTILINE);
    private static final String ACME = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme", "children": [{"name": "Backend"}]}]}}
            """;

    @Test
    void aRequestInFlightAtSigtermIsAnsweredAndItsDataAreThereAfterwards() {
        Path directory = ServiceProcess.freshDirectory("graceful");
        try (ServiceProcess first = ServiceProcess.start(directory);
                Superuser sql = first.superuser()) {
            Http http = first.http();
            ParkedInserts parked = ParkedInserts.park(sql, "AFTER", 2);
            var reply = CompletableFuture.supplyAsync(() -> http.importing(ACME));
            parked.awaitParked();

            first.terminate();
            Await.until("it drains", () -> first.output().contains("Waiting for HTTP requests to complete"));
            parked.release();

            assertEquals("201", reply.join().outcome());
            assertEquals(143, first.exitCode());
            assertFalse(first.databaseRuns(), "the database is stopped with the service");
            assertFalse(first.output().contains("ERROR"), first.output());
        }
        try (ServiceProcess second = ServiceProcess.start(directory);
                Superuser sql = second.superuser()) {
            assertFalse(second.output().contains("left behind"), second.output());
            assertEquals(2, sql.number("SELECT count(*) FROM workspaces WHERE live"));
            sql.execute("DROP TRIGGER test_park ON workspaces");
            Answer again = second.http().importing(ACME);
            assertEquals(2, again.json().get("skipped").asInt());
        }
    }

    @Test
    void aClusterWhoseCreationWasCutOffIsCreatedAgain() throws IOException {
        Path directory = ServiceProcess.freshDirectory("cut-off");
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");
        Files.createDirectories(data.resolve("base").resolve("1"));
        Files.writeString(data.resolve("base").resolve("1").resolve("112"), "half");

        try (ServiceProcess service = ServiceProcess.start(directory)) {
            assertTrue(service.output().contains("was cut off; creating it again"), service.output());
            assertEquals("201", service.http().importing(ACME).outcome());
        }
    }

    @Test
    void aClusterOfSomebodyElsesIsLeftAlone() throws IOException {
        Path directory = ServiceProcess.freshDirectory("foreign");
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");
        Files.writeString(data.resolve("postmaster.opts"), "postgres");

        try (ServiceProcess service = ServiceProcess.start(directory, TOKEN)) {
            assertEquals(69, service.exitCode());
            assertTrue(service.output().contains("that Rollcall did not create"), service.output());
            assertEquals("postgres", Files.readString(data.resolve("postmaster.opts")));
        }
    }

    @Test
    void aPlatformWithoutBinariesIsToldWhatToDo() {
        Path directory = ServiceProcess.freshDirectory("platform");
        try (ServiceProcess service = ServiceProcess.start(directory, TOKEN, "-Dos.arch=sparc")) {
            assertEquals(69, service.exitCode());
            String said = service.output();
            assertTrue(said.contains("no PostgreSQL binaries for Linux sparc"), said);
            assertTrue(said.contains("ROLLCALL_DATABASE_URL=postgresql://"), said);
            assertFalse(said.contains("\tat "), "a stack trace: " + said);
        }
    }

    @Test
    void aMalformedDatabaseUrlIsRefusedWithoutRepeatingItsPassword() {
        for (String url : new String[] {
            "postgresql://rollcall:s3cr3t word@host:5432/db", "mysql://rollcall:s3cr3t@host/db", "postgresql://:s3cr3t@"
        }) {
            Path directory = ServiceProcess.freshDirectory("url");
            var variables = Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN, "ROLLCALL_DATABASE_URL", url);
            try (ServiceProcess service = ServiceProcess.start(directory, variables)) {
                assertEquals(78, service.exitCode(), url);
                String said = service.output();
                assertTrue(said.contains("ROLLCALL_DATABASE_URL must have the form postgresql://"), said);
                assertFalse(said.contains("s3cr3t"), said);
                assertFalse(said.contains("\tat "), "a stack trace: " + said);
            }
        }
    }

    @Test
    void anAdminTokenThatIsTooShortIsRefused() {
        Path directory = ServiceProcess.freshDirectory("short-token");
        String shortToken = "0123456789abcdef0123456789abcde";
        try (ServiceProcess service = ServiceProcess.start(directory, Map.of("ROLLCALL_ADMIN_TOKEN", shortToken))) {
            assertEquals(78, service.exitCode());
            String said = service.output();
            assertTrue(said.contains("ROLLCALL_ADMIN_TOKEN must have at least 32 characters"), said);
            assertFalse(said.contains(shortToken), said);
            assertFalse(said.contains("\tat "), "a stack trace: " + said);
            assertFalse(service.databaseRuns(), "the database is stopped with the service");
        }
    }

    @Test
    void aSilenceShorterThanTwoBeatsIsRefused() {
        Path directory = ServiceProcess.freshDirectory("short-silence");
        try (ServiceProcess service =
                ServiceProcess.start(directory, Map.of("ROLLCALL_HEARTBEATS_OFFLINE_AFTER", "59s"))) {
            assertEquals(78, service.exitCode());
            String said = service.output();
            assertTrue(said.contains("must be at least twice rollcall.heartbeats.interval"), said);
            assertFalse(said.contains("\tat "), "a stack trace: " + said);
        }
    }

    @Test
    void withoutATokenOneIsMadePrintedOnceAndKeptAsItsHash() {
        Path directory = ServiceProcess.freshDirectory("token");
        String token;
        try (ServiceProcess first = ServiceProcess.start(directory, Map.of()).awaitListening();
                Superuser sql = first.superuser()) {
            var printed = PRINTED_TOKEN
                    .matcher(first.output())
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertEquals(1, printed.size(), first.output());
            token = printed.get(0);
            assertEquals(200, first.http(token).get("/org/templates").status());
            assertEquals(401, first.http(token + "x").get("/org/templates").status());
            assertEquals(
                    "201",
                    first.http(token).importing(ACME, "Idempotency-Key", "one").outcome());
            assertNowhere(sql, token);
            first.terminate();
            first.exitCode();
        }
        try (ServiceProcess second = ServiceProcess.start(directory, Map.of()).awaitListening()) {
            assertEquals(
                    0,
                    PRINTED_TOKEN
                            .matcher(second.output())
                            .results()
                            .map(MatchResult::group)
                            .count());
            assertFalse(second.output().contains("rc_admin_"));
            assertEquals(200, second.http(token).get("/org/templates").status());
        }
    }

    @Test
    void aStartOnAnInvalidIndexEndsReady() {
        Path directory = ServiceProcess.freshDirectory("index");
        try (ServiceProcess first = ServiceProcess.start(directory);
                Superuser sql = first.superuser()) {
            sql.execute("UPDATE pg_index SET indisvalid = false"
                    + " WHERE indexrelid = 'workspaces_parent_name_uniq'::regclass");
            first.terminate();
            first.exitCode();
        }
        try (ServiceProcess second = ServiceProcess.start(directory)) {
            Await.until("ready", () -> second.http().get("/q/health/ready").status() == 200);
            assertEquals("201", second.http().importing(ACME).outcome());
        }
    }

    /** Every text and every byte of every table. */
    private static void assertNowhere(Superuser sql, String secret) {
        for (String table : sql.texts("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
            assertEquals(
                    0,
                    sql.number("SELECT count(*) FROM " + table + " t WHERE position('" + secret
                            + "' IN t::text) > 0 OR position(encode('" + secret + "', 'hex') IN t::text) > 0"),
                    table);
        }
        assertEquals(1, sql.number("SELECT count(*) FROM admin_token"));
        assertEquals(1, sql.number("SELECT count(*) FROM admin_token WHERE sha256 = sha256('" + secret + "')"));
    }
}
