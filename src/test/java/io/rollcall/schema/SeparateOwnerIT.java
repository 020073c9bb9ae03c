package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The packaged service against a server of somebody's own, with roles made by the SQL of docs/operations.md: one URL, a
 * pair, pairs that are none, and the way from one to the other.
 */
@Tag("full")
class SeparateOwnerIT {

    private static final String PASSWORD = "pa55-word";
    private static final String ACME = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme", "children": [{"name": "Backend"}]}]}}
            """;

    private static final String TWO_ROLES = "### Two roles";
    private static final String FROM_ONE_TO_TWO = "From one role to two";
    private static final String ONE_ROLE = "### One role";

    private static final EmbeddedServer SERVER = new EmbeddedServer();
    private static String hostAndPort;
    private static String superusersPassword;

    @BeforeAll
    static void start() throws IOException {
        Path directory = ServiceProcess.freshDirectory("separate-owner");
        URI url = URI.create(SERVER.start(directory).serving());
        hostAndPort = url.getHost() + ":" + url.getPort();
        superusersPassword = Files.readAllLines(directory.resolve("passwords")).get(0);
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @Test
    void aPairServesAndAnotherServingRoleNeedsOnlyToExist() {
        documented(TWO_ROLES, "pair");
        try (Superuser sql = superuser("pair")) {
            sql.execute("REVOKE ALL ON DATABASE pair FROM PUBLIC");
            sql.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
            sql.execute("GRANT CONNECT ON DATABASE pair TO pair");
            try (ServiceProcess service = start("pair", "pair", "pair_owner").awaitListening()) {
                assertEquals("201", service.http().importing(ACME).outcome());
                assertReady(service);
                assertEquals(List.of("pair_owner"), owners(sql));
                assertEquals("0", sql.text("SELECT count(*) FROM pg_stat_activity WHERE usename = 'pair_owner'"));
                assertFalse(service.output().contains(PASSWORD), service.output());
                service.terminate();
                assertEquals(143, service.exitCode());
            }
            sql.execute("CREATE ROLE pair_next LOGIN PASSWORD '" + PASSWORD + "'");
            sql.execute("GRANT CONNECT ON DATABASE pair TO pair_next");
            try (ServiceProcess service =
                    start("pair", "pair_next", "pair_owner").awaitListening()) {
                assertEquals(
                        2, service.http().importing(ACME).json().get("skipped").asInt());
                assertReady(service);
            }
        }
    }

    @Test
    void replicasOfAPairThatStartTogetherAllComeUp() {
        documented(TWO_ROLES, "together");
        try (ServiceProcess one = start("together", "together", "together_owner");
                ServiceProcess two = start("together", "together", "together_owner")) {
            for (ServiceProcess service : List.of(one, two)) {
                service.awaitListening();
                assertReady(service);
            }
            assertEquals("201", one.http().importing(ACME).outcome());
            assertEquals(2, two.http().importing(ACME).json().get("skipped").asInt());
        }
    }

    @Test
    void theImportsIndexIsBuiltAgainByTheOwner() {
        documented(TWO_ROLES, "mended");
        try (Superuser sql = superuser("mended")) {
            start("mended", "mended", "mended_owner").awaitListening().close();
            sql.execute("DROP INDEX workspaces_parent_name_uniq");
            try (ServiceProcess service =
                    start("mended", "mended", "mended_owner").awaitListening()) {
                Await.until("ready", () -> service.http().get("/q/health/ready").status() == 200);
                assertEquals("201", service.http().importing(ACME).outcome());
                assertEquals(List.of("mended_owner"), owners(sql));
            }
        }
    }

    @Test
    void oneRoleServesAndWithAnotherOneAsOwnerItIsRefusedUntilThatOwnsAll() {
        documented(ONE_ROLE, "single");
        try (Superuser sql = superuser("single")) {
            try (ServiceProcess service = start("single", "single", null).awaitListening()) {
                assertEquals("201", service.http().importing(ACME).outcome());
                assertReady(service);
                assertEquals(List.of("single"), owners(sql));
            }
            List<String> steps = statements(FROM_ONE_TO_TWO, "single");
            sql.execute(steps.get(0));

            String said = refused(start("single", "single", "single_owner"));
            assertTrue(
                    said.contains("workspaces belongs to single; single may create and drop in the schema public"),
                    said);
            assertTrue(said.contains(": " + steps.get(1) + "; ALTER DATABASE single OWNER TO single_owner"), said);

            sql.execute(steps.get(1));
            try (ServiceProcess service =
                    start("single", "single", "single_owner").awaitListening()) {
                assertEquals(
                        2, service.http().importing(ACME).json().get("skipped").asInt());
                assertEquals(List.of("single_owner"), owners(sql));
            }
            said = refused(start("single", "single_owner", "single"));
            assertTrue(said.contains("workspaces belongs to single_owner"), said);
        }
    }

    @Test
    void urlsThatAreNoPairAreRefused() {
        documented(TWO_ROLES, "here");
        documented(TWO_ROLES, "there");

        String said = refused(start(url("here", "here"), url("there", "there_owner")));
        assertTrue(
                said.contains(
                        "ROLLCALL_DATABASE_URL leads to a database here and ROLLCALL_DATABASE_OWNER_URL to another"
                                + " one, there; they must lead to the same one, by two roles"),
                said);

        said = refused(start("here", "here_owner", "here_owner"));
        assertTrue(said.contains("both name the role here_owner; leave the latter out"), said);

        said = refused(start(null, url("here", "here_owner")));
        assertTrue(said.contains("ROLLCALL_DATABASE_OWNER_URL is set and ROLLCALL_DATABASE_URL is not"), said);

        for (String malformed :
                List.of("postgresql://" + hostAndPort + "/here", "mysql://a:" + PASSWORD + "@host/db")) {
            said = refused(start(url("here", "here"), malformed));
            assertTrue(
                    said.contains("ROLLCALL_DATABASE_OWNER_URL must have the form postgresql://user:password@"), said);
        }
        for (String database : List.of("here", "there")) {
            try (Superuser sql = superuser(database)) {
                assertEquals(List.of(), owners(sql), "nothing is migrated before the pair is one");
            }
        }
    }

    private static void assertReady(ServiceProcess service) {
        assertEquals(200, service.http().get("/q/health/ready").status());
    }

    private static String refused(ServiceProcess service) {
        try (service) {
            assertEquals(78, service.exitCode(), service.output());
            String said = service.output();
            assertFalse(said.contains("\tat "), "a stack trace: " + said);
            assertFalse(said.contains(PASSWORD), said);
            return said;
        }
    }

    private static List<String> owners(Superuser sql) {
        return sql.texts("""
                SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                 UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                """);
    }

    /** Does what the handbook says under a heading, with this name for roles and database. */
    private static void documented(String heading, String name) {
        try (Superuser sql = superuser("postgres")) {
            statements(heading, name).forEach(sql::execute);
        }
    }

    private static List<String> statements(String heading, String name) {
        try {
            String handbook = Files.readString(Path.of("docs", "operations.md"));
            String after = handbook.substring(handbook.indexOf(heading));
            String block = after.substring(after.indexOf("```sql\n") + 7);
            String sql = block.substring(0, block.indexOf("```"));
            return List.of(
                    sql.replace("rollcall", name).replace("...", PASSWORD).split(";\n"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Superuser superuser(String database) {
        try {
            return new Superuser(DriverManager.getConnection(
                    "jdbc:postgresql://" + hostAndPort + "/" + database, "postgres", superusersPassword));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServiceProcess start(String database, String serving, String owner) {
        return start(url(database, serving), owner == null ? null : url(database, owner));
    }

    private static ServiceProcess start(String url, String ownerUrl) {
        Map<String, String> variables = new HashMap<>(Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN));
        if (url != null) {
            variables.put("ROLLCALL_DATABASE_URL", url);
        }
        if (ownerUrl != null) {
            variables.put("ROLLCALL_DATABASE_OWNER_URL", ownerUrl);
        }
        return ServiceProcess.start(
                Path.of("target/service-processes/separate-owner/none").toAbsolutePath(), variables);
    }

    private static String url(String database, String role) {
        return "postgresql://" + role + ":" + PASSWORD + "@" + hostAndPort + "/" + database;
    }
}
