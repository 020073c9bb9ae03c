package io.rollcall.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.rollcall.LocalDatabase;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A data directory of the releases in which one role served and owned everything. */
@Tag("full")
class HandedOverIT {

    private static final String ACME = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme", "children": [{"name": "Backend"}]}]}}
            """;

    @Test
    void anOldDirectoryIsHandedToAnOwnerWhereverTheHandOverWasCutOff() throws Exception {
        Path directory = ServiceProcess.freshDirectory("handed-over");
        List<String> old = oldDirectory(directory);

        List<String> passwords = importedBefore(directory);

        assertEquals(old, passwords.subList(0, 2));
        assertEquals(3, passwords.size());
        assertNotEquals(passwords.get(1), passwords.get(2));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("passwords"))));

        // Cut off after the new role and its password were there.
        asSuperuser(directory, "REASSIGN OWNED BY rollcall_owner TO rollcall");
        assertEquals(passwords, importedBefore(directory));
        // Cut off before the new role was there.
        asSuperuser(directory, "REASSIGN OWNED BY rollcall_owner TO rollcall", "DROP ROLE rollcall_owner");
        assertEquals(passwords, importedBefore(directory));
    }

    /** Made by one role: its two passwords, its tables, its rows. */
    private static List<String> oldDirectory(Path directory) throws Exception {
        var server = new EmbeddedServer();
        try {
            LocalDatabase.Urls urls = server.start(directory);
            execute(urls, directory, "ALTER DATABASE rollcall OWNER TO rollcall", "DROP ROLE rollcall_owner");
            var variables = Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN, "ROLLCALL_DATABASE_URL", urls.serving());
            try (ServiceProcess service = ServiceProcess.start(directory.resolveSibling("none"), variables)
                    .awaitListening()) {
                assertEquals("201", service.http().importing(ACME).outcome());
            }
        } finally {
            server.stop();
        }
        Path file = directory.resolve("passwords");
        List<String> two = Files.readAllLines(file).subList(0, 2);
        Files.write(file, two);
        return two;
    }

    /** Starts on the directory as it is: the rows are there, one role owns all, the other one serves. */
    private static List<String> importedBefore(Path directory) {
        try (ServiceProcess service = ServiceProcess.start(directory);
                Superuser sql = service.superuser()) {
            assertEquals(2, service.http().importing(ACME).json().get("skipped").asInt());
            assertEquals(List.of("rollcall_owner"), sql.texts("""
                            SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                             UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                             UNION SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'rollcall'
                            """));
            assertEquals(
                    List.of("rollcall"),
                    sql.texts("SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'rollcall'"));
            service.terminate();
            service.exitCode();
            return service.passwords();
        }
    }

    private static void asSuperuser(Path directory, String... statements) throws IOException, SQLException {
        var server = new EmbeddedServer();
        try {
            execute(server.start(directory), directory, statements);
        } finally {
            server.stop();
        }
    }

    private static void execute(LocalDatabase.Urls urls, Path directory, String... statements)
            throws IOException, SQLException {
        URI url = URI.create(urls.serving());
        String password = Files.readAllLines(directory.resolve("passwords")).get(0);
        try (var sql = new Superuser(DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + url.getPort() + url.getPath(), "postgres", password))) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }
}
