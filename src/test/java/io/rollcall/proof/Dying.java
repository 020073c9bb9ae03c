package io.rollcall.proof;

import io.rollcall.Await;
import io.rollcall.Superuser;
import io.rollcall.proof.Migrations.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.api.FlywayException;

/** The ways in which a migration ends before its time. */
enum Dying {
    /** The process that migrates, by SIGKILL. */
    PROCESS {
        @Override
        void at(int point, ProofDatabase database, PostgresServer server, Migrations migrations, Step step)
                throws IOException, InterruptedException {
            Process process = migrator(database, migrations, step, point);
            if (process.waitFor() != SIGKILL) {
                throw new AssertionError("the migrator ended by itself: "
                        + new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    },

    /** Its session in the server, by an administrator. */
    BACKEND {
        @Override
        void at(int point, ProofDatabase database, PostgresServer server, Migrations migrations, Step step) {
            fails(database, migrations, step, MigratorProcess.Death.at(point, (connection, statement) -> {
                int backend = StatementCallback.backend(connection);
                try (Superuser superuser = server.superuser()) {
                    terminate(superuser, backend);
                }
            }));
        }
    },

    /** The whole server, at once, with everything else that it does. */
    SERVER {
        @Override
        void at(int point, ProofDatabase database, PostgresServer server, Migrations migrations, Step step) {
            fails(
                    database,
                    migrations,
                    step,
                    MigratorProcess.Death.at(point, (connection, statement) -> server.stopImmediately()));
            server.startAgain();
        }
    };

    private static final int SIGKILL = 128 + 9;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Begins the migration and ends it at the point: so many statements executed; one more than there are: committed. */
    abstract void at(int point, ProofDatabase database, PostgresServer server, Migrations migrations, Step step)
            throws Exception;

    private static void fails(ProofDatabase database, Migrations migrations, Step step, MigratorProcess.Death death) {
        try {
            database.migrate(migrations, step.version(), death);
        } catch (FlywayException expected) {
            return;
        }
        // After the commit there is nothing left to fail: what dies there is the session, or the server.
    }

    static void terminate(Superuser superuser, int backend) {
        superuser.execute("SELECT pg_terminate_backend(" + backend + ")");
        Await.until(
                "the backend is gone",
                PATIENCE,
                () -> superuser.number("SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend) == 0);
    }

    /** A migrator of its own process. @param point where it kills itself; -1: nowhere */
    static Process migrator(ProofDatabase database, Migrations migrations, Step step, int point, String... more)
            throws IOException {
        Server server = database.server();
        var command = new java.util.ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                MigratorProcess.class.getName(),
                server.jdbcUrl(database.name()),
                server.owner(),
                server.ownerPassword(),
                migrations.forward().toAbsolutePath().toString(),
                step.version(),
                Integer.toString(point)));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
