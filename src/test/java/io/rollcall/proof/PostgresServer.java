package io.rollcall.proof;

import io.rollcall.Await;
import io.rollcall.Superuser;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;

/**
 * A PostgreSQL of a given major version for a test: empty, with the two roles that the service knows, in a directory of its
 * own under {@code target/}. Started as the product starts its own, so it runs as root as well. It can be stopped as a crash
 * stops it, and started again on what is left.
 */
public final class PostgresServer implements Server, AutoCloseable {

    public static final String OWNER = "rollcall_owner";
    public static final String SERVING = "rollcall";

    private static final Path AREA = Path.of("target", "proof").toAbsolutePath();
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** They tell every step, and every failure that a test makes; held here, since the log manager holds them weakly. */
    private static final List<java.util.logging.Logger> LOUD = Stream.of("io.zonky.test", "org.flywaydb")
            .map(java.util.logging.Logger::getLogger)
            .toList();

    private final int major;
    private final Path directory;
    private final Map<String, String> settings;
    private EmbeddedPostgres running;

    private PostgresServer(int major, Path directory, Map<String, String> settings) throws IOException {
        this.major = major;
        this.directory = directory;
        this.settings = settings;
        this.running = start(0);
    }

    /**
     * @param name of its directory
     * @param settings of {@code postgresql.conf}, beside those of the product's own server; without any it trusts the machine
     *     to stay up: what is committed survives the server, not the machine
     */
    public static PostgresServer start(int major, String name, Map<String, String> settings) {
        Path directory = AREA.resolve(name + "-" + major);
        LOUD.forEach(logger -> logger.setLevel(Level.OFF));
        try {
            delete(directory);
            Files.createDirectories(directory);
            var server = new PostgresServer(major, directory, settings);
            try (Superuser superuser = server.superuser()) {
                for (String role : List.of(OWNER, SERVING)) {
                    superuser.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + role + "'");
                }
            }
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL " + major + " did not start in " + directory, e);
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        Redirect log = Redirect.appendTo(directory.resolve("postgres.log").toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, architecture) -> Majors.binaries(major, system, architecture))
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(AREA.resolve("server").toFile())
                .setRegisterShutdownHook(true)
                .setPGStartupWait(START_LIMIT)
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("client_connection_check_interval", "500ms")
                .setErrorRedirector(log)
                .setOutputRedirector(log);
        settings.forEach(builder::setServerConfig);
        if (port != 0) {
            builder.setPort(port);
        }
        return builder.start();
    }

    public int major() {
        return major;
    }

    public int port() {
        return running.getPort();
    }

    /** What {@code ROLLCALL_DATABASE_URL} and {@code ROLLCALL_DATABASE_OWNER_URL} may be set to. */
    public String url(String role, String database) {
        return "postgresql://" + role + ":" + role + "@127.0.0.1:" + port() + "/" + database;
    }

    /** As {@code pg_ctl stop -m immediate} does it: nothing is written, every session is cut off. */
    public void stopImmediately() {
        try {
            long pid = Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                    .get(0)
                    .strip());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
            Await.until("the server is gone", () -> !postmaster.isAlive());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** After {@link #stopImmediately}: on the same port and what is left of the data. */
    public void startAgain() {
        int port = port();
        try {
            running.close();
            running = start(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Superuser superuser() {
        return superuserOf("postgres");
    }

    public Superuser superuserOf(String database) {
        try {
            return new Superuser(superuser(database));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), "postgres", "");
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    @Override
    public String owner() {
        return OWNER;
    }

    @Override
    public String ownerPassword() {
        return OWNER;
    }

    @Override
    public void close() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
