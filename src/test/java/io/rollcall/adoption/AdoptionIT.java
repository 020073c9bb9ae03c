package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Http;
import io.rollcall.LocalDatabase;
import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged command on somebody's database, and the packaged service on what it left. */
@Tag("full")
class AdoptionIT {

    private static final EmbeddedServer SERVER = new EmbeddedServer();
    private static final String NODE = "00000000-0000-4000-8000-000000000009";

    private static Path directory;
    private static LocalDatabase.Urls urls;

    @BeforeAll
    static void start() throws SQLException {
        directory = ServiceProcess.freshDirectory("adoption");
        urls = SERVER.start(directory);
        URI owner = URI.create(urls.owner());
        String[] login = owner.getUserInfo().split(":");
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + owner.getHost() + ":" + owner.getPort() + owner.getPath(),
                        login[0],
                        login[1]);
                Statement statement = connection.createStatement()) {
            statement.execute(Foreign.MOLECULE);
        }
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @Test
    void theServiceServesWhatWasTakenOverByTwoRoles() throws Exception {
        String backup = directory.resolveSibling("backup").toString();
        String said = command("adopt", "molecule-core", "--backup", backup);
        assertTrue(said.contains("molecule-core is taken over"), said);
        assertEquals(
                "molecule-core was taken over already; there is nothing to do\n",
                command("adopt", "molecule-core", "--backup", backup));
        assertEquals("rollcall: nothing in the way\n", command("preflight"));

        Map<String, String> variables = Map.of(
                "ROLLCALL_DATABASE_URL",
                urls.serving(),
                "ROLLCALL_DATABASE_OWNER_URL",
                urls.owner(),
                "ROLLCALL_ADMIN_TOKEN",
                TestDatabase.TOKEN);
        try (ServiceProcess service = ServiceProcess.start(directory.resolveSibling("none"), variables)
                .awaitListening()) {
            Http http = service.http();
            assertEquals(200, http.get("/q/health/ready").status());
            JsonNode node = http.get("/workspaces/" + NODE).json();
            assertEquals("Näme 9", node.path("name").asText(), node.toString());
            assertEquals(
                    "00000000-0000-4000-8000-000000000003", node.path("org_id").asText());
            assertEquals(
                    "410 REMOVED",
                    http.get("/workspaces/00000000-0000-4000-8000-000000002900").outcome());
            JsonNode delegations = http.get("/delegations?limit=50").json();
            assertEquals(50, delegations.path("items").size(), delegations.toString());
            assertEquals("200", http.importing("""
                    {"template": {"name": "t", "workspaces": [{"name": "Näme 3"}]}}""").outcome());
        }
    }

    /** Standard output of a command that ends well; nothing else is on it. */
    private static String command(String... args) throws IOException, InterruptedException {
        List<String> all = Stream.concat(
                        Stream.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-jar",
                                Path.of("target", "quarkus-app", "quarkus-run.jar")
                                        .toAbsolutePath()
                                        .toString(),
                                "schema"),
                        Stream.of(args))
                .toList();
        Path out = Files.createTempFile(directory.getParent(), "command-", ".out");
        Path error = Files.createTempFile(directory.getParent(), "command-", ".err");
        var builder = new ProcessBuilder(all).redirectOutput(out.toFile()).redirectError(error.toFile());
        builder.environment().put("ROLLCALL_DATABASE_URL", urls.serving());
        builder.environment().put("ROLLCALL_DATABASE_OWNER_URL", urls.owner());
        assertEquals(0, builder.start().waitFor(), Files.readString(error) + Files.readString(out));
        return Files.readString(out);
    }
}
