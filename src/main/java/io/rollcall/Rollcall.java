package io.rollcall;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.rollcall.access.AuditVerify;
import io.rollcall.demo.Demo;
import io.rollcall.demo.DemoArguments;
import io.rollcall.maintenance.SchemaCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the service. Without {@code ROLLCALL_DATABASE_URL} a local PostgreSQL is started first, and stopped last: it
 * outlives Quarkus, so that requests in flight at a SIGTERM still find their database.
 */
@QuarkusMain
public final class Rollcall {

    private static final Duration DRAIN = Duration.ofSeconds(40);

    /** EX_USAGE of sysexits.h. */
    private static final int USAGE = 64;

    private Rollcall() {}

    public static void main(String... args) {
        boolean verify = AuditVerify.isAsked(args);
        Class<? extends QuarkusApplication> command = prepared(args);
        var stopped = new CountDownLatch(1);
        try {
            Optional<String> owner = DatabaseUrl.configured(DatabaseUrl.OWNER);
            owner.ifPresent(DatabaseUrl::owner);
            DatabaseUrl.configured(DatabaseUrl.SERVING).ifPresentOrElse(DatabaseUrl::serving, () -> {
                if (owner.isPresent()) {
                    throw new IllegalArgumentException(
                            "ROLLCALL_DATABASE_OWNER_URL is set and ROLLCALL_DATABASE_URL is not:"
                                    + " set that to the URL of the role that serves");
                }
                startLocalDatabase(stopped);
            });
        } catch (LocalDatabase.Unavailable e) {
            refuse(e.getMessage(), LocalDatabase.Unavailable.EXIT_CODE);
        } catch (IllegalArgumentException e) {
            refuse(e.getMessage(), Misconfigured.EXIT_CODE);
        }
        if (SchemaCommands.isAsked(args)) {
            end(stopped, SchemaCommands.run(owning(), System.out, args));
        }
        var exitCode = new AtomicInteger();
        Quarkus.run(
                command,
                (code, failure) -> {
                    Throwable refused = refusal(failure);
                    boolean unread = verify && failure != null;
                    exitCode.set(refused != null ? exitCode(refused) : unread ? AuditVerify.UNREADABLE : code);
                    if (refused != null) {
                        System.err.println("rollcall: " + refused.getMessage());
                    } else if (failure != null) {
                        Logger.getLogger(Rollcall.class).error("Rollcall did not start", failure);
                    }
                },
                args);
        stopped.countDown();
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
            System.exit(exitCode.get());
        }
    }

    /** What is to run instead of serving alone; null: nothing else. */
    private static @Nullable Class<? extends QuarkusApplication> prepared(String... args) {
        try {
            if (DemoArguments.isDemo(args)) {
                DemoArguments.parse(args);
                prepareDemo();
                return Demo.class;
            }
            if (AuditVerify.isAsked(args)) {
                AuditVerify.check(args);
                prepareVerify();
                return AuditVerify.class;
            }
            if (SchemaCommands.isAsked(args)) {
                SchemaCommands.check(args);
            }
        } catch (IllegalArgumentException e) {
            refuse(e.getMessage(), USAGE);
        }
        return null;
    }

    /** Data of its own: a demo leaves what is already here alone. */
    private static void prepareDemo() {
        prepareCommand();
        setUnlessGiven("rollcall.data.dir", "ROLLCALL_DATA_DIR", ".rollcall/demo");
    }

    /**
     * Beside a service that may be of another version: no port, no migration, no jobs, and whatever else happens at a
     * start, the database refuses to be written to. Standard output is the command's own.
     */
    private static void prepareVerify() {
        prepareCommand();
        System.setProperty("quarkus.datasource.reactive.additional-properties.default_transaction_read_only", "on");
        System.setProperty("quarkus.http.host-enabled", "false");
        System.setProperty("rollcall.database.migrate", "false");
        System.setProperty("rollcall.database.serves", "false");
        System.setProperty("quarkus.scheduler.enabled", "false");
        System.setProperty("quarkus.log.console.stderr", "true");
    }

    /** Quiet, and with a token of its own unless there is one, so that none is made and kept. */
    private static void prepareCommand() {
        setUnlessGiven("rollcall.admin.token", "ROLLCALL_ADMIN_TOKEN", UUID.randomUUID() + "-" + UUID.randomUUID());
        setUnlessGiven("quarkus.log.level", "QUARKUS_LOG_LEVEL", "WARN");
        setUnlessGiven("quarkus.banner.enabled", "QUARKUS_BANNER_ENABLED", "false");
    }

    private static void setUnlessGiven(String property, String environment, String value) {
        if (System.getProperty(property) == null && System.getenv(environment) == null) {
            System.setProperty(property, value);
        }
    }

    /** By the role that owns the tables. */
    private static DatabaseUrl owning() {
        return DatabaseUrl.configured(DatabaseUrl.OWNER)
                .map(DatabaseUrl::owner)
                .or(() -> DatabaseUrl.configured(DatabaseUrl.SERVING).map(DatabaseUrl::serving))
                .orElseThrow();
    }

    private static void end(CountDownLatch stopped, int exitCode) {
        stopped.countDown();
        System.exit(exitCode);
    }

    private static void refuse(@Nullable String reason, int exitCode) {
        System.err.println("rollcall: " + reason);
        System.exit(exitCode);
    }

    /** What is said in words, without a stack trace. */
    private static @Nullable Throwable refusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Misconfigured || cause instanceof SchemaTooNew) {
                return cause;
            }
        }
        return null;
    }

    private static int exitCode(Throwable refusal) {
        return refusal instanceof SchemaTooNew ? SchemaTooNew.EXIT_CODE : Misconfigured.EXIT_CODE;
    }

    /** A dev-mode reload runs {@code main} again in this JVM: the URL set here is what then finds the running server. */
    private static void startLocalDatabase(CountDownLatch stopped) {
        LocalDatabase database = ServiceLoader.load(LocalDatabase.class)
                .findFirst()
                .orElseThrow(
                        () -> new LocalDatabase.Unavailable(
                                "this build carries no PostgreSQL: set ROLLCALL_DATABASE_URL=postgresql://user:password@host:5432/db"));
        String directory = Optional.ofNullable(System.getenv("ROLLCALL_DATA_DIR"))
                .orElse(System.getProperty("rollcall.data.dir", ".rollcall"));
        LocalDatabase.Urls urls =
                database.start(Path.of(directory).toAbsolutePath().normalize());
        System.setProperty(DatabaseUrl.SERVING, urls.serving());
        System.setProperty(DatabaseUrl.OWNER, urls.owner());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAfterDrain(database, stopped), "database-stop"));
    }

    private static void stopAfterDrain(LocalDatabase database, CountDownLatch stopped) {
        try {
            if (!stopped.await(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println(
                        "rollcall: still serving after " + DRAIN.toSeconds() + " s, stopping the database now");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.stop();
    }
}
