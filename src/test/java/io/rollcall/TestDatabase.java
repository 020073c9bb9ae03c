package io.rollcall;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A fresh PostgreSQL for a test run, started by the product's own {@link EmbeddedServer}, and the ways into it that a
 * test needs beside the API: as the service's role, and as the superuser who can kill backends.
 */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {

    public static final String TOKEN = "test-token-0123456789abcdef0123456789abcdef";

    private static final Path DIRECTORY = Path.of("target", "test-database").toAbsolutePath();
    private static final String URL_PROPERTY = "test.database.url";

    private final EmbeddedServer server = new EmbeddedServer();

    @Override
    public Map<String, String> start() {
        deleteRecursively(DIRECTORY.resolve("data"));
        String url = server.start(DIRECTORY);
        // A property, since the test's class loader is not this one's.
        System.setProperty(URL_PROPERTY, url);
        return Map.of("rollcall.database.url", url, "rollcall.admin.token", TOKEN);
    }

    @Override
    public void stop() {
        server.stop();
    }

    /** As the service's own role. */
    public static Connection connect() throws SQLException {
        URI uri = URI.create(System.getProperty(URL_PROPERTY));
        String[] login = uri.getUserInfo().split(":");
        // Statements beside the API see all organisations, unless a test says otherwise.
        return DriverManager.getConnection(jdbc(uri) + "?options=-c%20rollcall.tenant=*", login[0], login[1]);
    }

    /** As the superuser: to terminate backends, hold locks, look into catalogs. */
    public static Connection connectAsSuperuser() throws SQLException {
        try {
            List<String> passwords = Files.readAllLines(DIRECTORY.resolve("passwords"));
            return DriverManager.getConnection(
                    jdbc(URI.create(System.getProperty(URL_PROPERTY))), "postgres", passwords.get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jdbc(URI uri) {
        return "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
    }

    private static void deleteRecursively(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
