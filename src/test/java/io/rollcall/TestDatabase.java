package io.rollcall;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A fresh PostgreSQL for a test run, started by the product's own {@link EmbeddedServer}, and the ways into it that a
 * test needs beside the API: as the role that serves, as the one that owns the tables, and as the superuser who can kill
 * backends.
 */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {

    public static final String TOKEN = "test-token-0123456789abcdef0123456789abcdef";

    private static final Path DIRECTORY = Path.of("target", "test-database").toAbsolutePath();
    private static final String SUPERUSER = "postgres";
    private static final KeptConnections OWNERS = new KeptConnections();
    private static final KeptConnections SUPERUSERS = new KeptConnections();
    private static final String SERVING_PROPERTY = "test.database.url";
    private static final String OWNER_PROPERTY = "test.database.owner-url";

    private final EmbeddedServer server = new EmbeddedServer();

    @Override
    public Map<String, String> start() {
        deleteRecursively(DIRECTORY.resolve("data"));
        LocalDatabase.Urls urls = server.start(DIRECTORY);
        // Properties, since the test's class loader is not this one's.
        System.setProperty(SERVING_PROPERTY, urls.serving());
        System.setProperty(OWNER_PROPERTY, urls.owner());
        return Map.of(
                "rollcall.database.url",
                urls.serving(),
                "rollcall.database.owner-url",
                urls.owner(),
                "rollcall.admin.token",
                TOKEN);
    }

    @Override
    public void stop() {
        server.stop();
    }

    /** As the role that serves, with the rights that the service has. */
    public static Connection connect() throws SQLException {
        return connect(servingUrl());
    }

    /** As the role that owns the tables: row security binds it too, but it may write, empty and alter all of them. */
    public static Connection connectAsOwner() throws SQLException {
        return connect(ownerUrl());
    }

    public static URI servingUrl() {
        return URI.create(System.getProperty(SERVING_PROPERTY));
    }

    public static URI ownerUrl() {
        return URI.create(System.getProperty(OWNER_PROPERTY));
    }

    private static Connection connect(URI url) throws SQLException {
        String[] login = url.getUserInfo().split(":");
        return DriverManager.getConnection(ofAllTenants(url), login[0], login[1]);
    }

    /** As the owner, for one statement. */
    static Connection borrowAsOwner() throws SQLException {
        String[] login = ownerUrl().getUserInfo().split(":");
        return OWNERS.take(ofAllTenants(ownerUrl()), login[0], login[1]);
    }

    /** As the superuser, for one statement. */
    static Connection borrowAsSuperuser() throws SQLException {
        return SUPERUSERS.take(jdbc(servingUrl()), SUPERUSER, superusersPassword());
    }

    /** Statements beside the API see all organisations, unless a test says otherwise. */
    private static String ofAllTenants(URI url) {
        return jdbc(url) + "?options=-c%20rollcall.tenant=*";
    }

    /** As the superuser: to terminate backends, hold locks, look into catalogs. */
    public static Connection connectAsSuperuser() throws SQLException {
        return connectAsSuperuser(servingUrl().getPath().substring(1));
    }

    public static Connection connectAsSuperuser(String database) throws SQLException {
        URI server = servingUrl();
        String url = "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + "/" + database;
        return DriverManager.getConnection(url, SUPERUSER, superusersPassword());
    }

    private static String superusersPassword() {
        try {
            return Files.readAllLines(DIRECTORY.resolve("passwords")).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jdbc(URI uri) {
        return "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
    }

    /** The server of the test class before may still be stopping, and taking files away itself. */
    private static void deleteRecursively(Path directory) {
        Await.until(directory + " is gone", () -> {
            try (Stream<Path> paths = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (UncheckedIOException | NoSuchFileException | DirectoryNotEmptyException meanwhile) {
                return false;
            }
            return !Files.exists(directory);
        });
    }
}
