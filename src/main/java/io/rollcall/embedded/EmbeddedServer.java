package io.rollcall.embedded;

import io.rollcall.LocalDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.logging.Level;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 17 from Maven Central as a child of this process, durable: {@code fsync} and {@code synchronous_commit}
 * are on, the data stay in {@code <directory>/data}. One ordinary role owns the database and migrates it, another one serves
 * and owns nothing; all passwords are random and live in {@code <directory>/passwords}, readable by the owner alone.
 *
 * <p>One process a directory, held by a lock file. A server left behind by a killed JVM is stopped first, which needs
 * no recovery; a cluster whose creation was cut off is created again.
 *
 * <p>Limits: it runs only where the build carries binaries (Linux on amd64 and arm64; others with
 * {@code -Pall-platforms}); as root it needs user namespaces ({@code unshare -U}), which containers often lack. Use a
 * PostgreSQL of your own there.
 */
public final class EmbeddedServer implements LocalDatabase {

    private static final Logger LOG = Logger.getLogger(EmbeddedServer.class);
    /** It tells every step at INFO; held here, since the log manager holds its loggers weakly. */
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("io.zonky.test");

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private @Nullable EmbeddedPostgres postgres;
    private @Nullable DirectoryLock lock;

    @Override
    public synchronized Urls start(Path directory) {
        long begin = System.nanoTime();
        LIBRARY.setLevel(Level.WARNING);
        try {
            createPrivate(directory);
            lock = DirectoryLock.take(directory);
            Path data = directory.resolve("data");
            LeftoverServer.stop(data);
            FreshCluster.removeIfCutOff(data);
            Passwords passwords = Passwords.in(directory);
            EmbeddedPostgres started = server(directory, data, passwords).start();
            postgres = started;
            Urls urls = new Provisioning(started, passwords).run(data);
            LOG.infof(
                    "Embedded PostgreSQL %s on port %d, data in %s (%d ms)",
                    FreshCluster.majorVersion(data), started.getPort(), data, (System.nanoTime() - begin) / 1_000_000);
            return urls;
        } catch (IOException | SQLException | IllegalStateException | UncheckedIOException e) {
            stop();
            throw unavailable(directory, e);
        }
    }

    @Override
    public synchronized void stop() {
        try {
            if (postgres != null) {
                postgres.close();
            }
        } catch (IOException e) {
            LOG.warn("The embedded PostgreSQL did not stop cleanly; it recovers at the next start", e);
        } finally {
            postgres = null;
            if (lock != null) {
                lock.release();
                lock = null;
            }
        }
    }

    private static EmbeddedPostgres.Builder server(Path directory, Path data, Passwords passwords) {
        Redirect log = Redirect.appendTo(directory.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setDataDirectoryCustomizer(FreshCluster::markComplete)
                .setOverrideWorkingDirectory(directory.resolve("server").toFile())
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_LIMIT)
                .setConnectConfig("password", passwords.superuser())
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("client_connection_check_interval", "500ms")
                .setErrorRedirector(log)
                .setOutputRedirector(log);
    }

    private static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        OwnerOnly.apply(directory, "rwx------");
    }

    private static Unavailable unavailable(Path directory, Exception cause) {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("binaries") || text.contains("no postgres binaries")) {
            return new Unavailable(
                    "this build has no PostgreSQL binaries for " + platform + ". Either set"
                            + " ROLLCALL_DATABASE_URL=postgresql://user:password@host:5432/db, or build with"
                            + " ./mvnw package -Pall-platforms",
                    cause);
        }
        return new Unavailable(
                "the embedded PostgreSQL did not start in " + directory + ": " + cause.getMessage()
                        + ". See postgres.log there, or set ROLLCALL_DATABASE_URL to use a server of your own",
                cause);
    }
}
