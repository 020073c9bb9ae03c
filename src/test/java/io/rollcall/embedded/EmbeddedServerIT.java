package io.rollcall.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Http.Answer;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The embedded PostgreSQL of a running service: durable, closed, one process's own. */
@Tag("full")
class EmbeddedServerIT {

    private static Path directory;
    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        directory = ServiceProcess.freshDirectory("embedded");
        service = ServiceProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void whatIsCommittedIsOnTheDisk() {
        try (Superuser sql = service.superuser()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertEquals("on", sql.text("SHOW " + setting), setting);
            }
        }
    }

    @Test
    void oneOrdinaryRoleServesAndOwnsNothingAndAnotherOneOwnsAll() {
        assertEquals(200, service.http().get("/q/health/ready").status());
        try (Superuser sql = service.superuser()) {
            assertEquals(List.of("rollcall f|f|f|f|f", "rollcall_owner f|f|f|f|f"), sql.texts("""
                            SELECT rolname || ' '
                                || concat_ws('|', rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls)
                              FROM pg_roles WHERE rolname LIKE 'rollcall%' ORDER BY rolname
                            """));
            assertEquals(
                    List.of("rollcall rollcall_owner"),
                    sql.texts("SELECT datname || ' ' || pg_get_userbyid(datdba) FROM pg_database"
                            + " WHERE pg_get_userbyid(datdba) <> 'postgres'"));
            assertEquals(
                    List.of("rollcall_owner"),
                    sql.texts("SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
                            + " WHERE relnamespace = 'public'::regnamespace"));
            assertEquals(
                    List.of("rollcall"),
                    sql.texts("SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'rollcall'"));
        }
    }

    @Test
    void nobodyConnectsWithoutItsPasswordAndNobodyFromElsewhere() {
        for (String role : List.of("postgres", "rollcall", "rollcall_owner")) {
            for (String password : new String[] {null, "", "postgres", "wrong"}) {
                var refused = assertThrows(
                        SQLException.class, () -> connect(role, password).close(), role);
                assertTrue(List.of("28P01", "08004").contains(refused.getSQLState()), refused.getSQLState());
            }
        }
        try (Superuser sql = service.superuser()) {
            assertEquals("localhost", sql.text("SHOW listen_addresses"));
            assertEquals(List.of("scram-sha-256"), sql.texts("SELECT DISTINCT auth_method FROM pg_hba_file_rules"));
        }
    }

    @Test
    void passwordsAndDataAreForTheOwnerAlone() throws IOException {
        assertEquals("rwx------", permissions(directory));
        assertEquals("rwx------", permissions(directory.resolve("data")));
        assertEquals("rw-------", permissions(directory.resolve("passwords")));
    }

    @Test
    void aSecondProcessOnTheSameDirectoryIsTurnedAwayAndTheFirstGoesOn() {
        try (Superuser before = service.superuser()) {
            String started = before.text("SELECT pg_postmaster_start_time()");
            ServiceProcess second = ServiceProcess.start(directory, Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN));

            assertEquals(69, second.exitCode());
            assertTrue(second.output().contains("rollcall: another Rollcall runs on " + directory), second.output());
            assertTrue(second.output().contains("ROLLCALL_DATA_DIR"), second.output());
            assertFalse(second.output().contains("\tat "), "a stack trace: " + second.output());
            assertEquals(started, before.text("SELECT pg_postmaster_start_time()"));
        }
        Answer answer = service.http().get("/q/health/ready");
        assertEquals(200, answer.status(), answer.body());
    }

    @Test
    void aRoleThatRowSecurityDoesNotBindIsRefused() {
        String url = "postgresql://postgres:" + service.passwords().get(0) + "@127.0.0.1:" + service.databasePort()
                + "/rollcall";
        Path elsewhere = ServiceProcess.freshDirectory("as-superuser");
        var variables = Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN, "ROLLCALL_DATABASE_URL", url);
        try (ServiceProcess second = ServiceProcess.start(elsewhere, variables)) {
            assertEquals(78, second.exitCode());
            String said = second.output();
            assertTrue(said.contains("the database role postgres is not bound by row security"), said);
            assertFalse(said.contains("\tat "), "a stack trace: " + said);
        }
    }

    private static java.sql.Connection connect(String role, String password) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + service.databasePort() + "/rollcall?user=" + role;
        return password == null ? DriverManager.getConnection(url) : DriverManager.getConnection(url, role, password);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
