package io.rollcall.proof;

import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import io.rollcall.proof.FiveReplicas.Replica;
import io.rollcall.proof.FiveReplicas.Starter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What can be started five times. */
final class Replicas {

    private Replicas() {}

    /** The packaged service. */
    static Starter services(PostgresServer server, String database) {
        return number -> {
            Path directory = ServiceProcess.freshDirectory("replica-" + server.major() + "-" + number);
            ServiceProcess service = ServiceProcess.start(
                    directory,
                    Map.of(
                            "ROLLCALL_DATABASE_URL",
                            server.url(PostgresServer.SERVING, database),
                            "ROLLCALL_DATABASE_OWNER_URL",
                            server.url(PostgresServer.OWNER, database),
                            "ROLLCALL_ADMIN_TOKEN",
                            TestDatabase.TOKEN));
            return new Replica() {
                @Override
                public String verdict() {
                    if (!service.isAlive()) {
                        return "a replica ended with " + service.exitCode() + ": "
                                + service.output().lines().reduce("", (first, last) -> last);
                    }
                    boolean ready = service.output().contains("Listening on: http")
                            && service.http().get("/q/health/ready").status() == 200;
                    return ready ? "" : null;
                }

                @Override
                public void close() {
                    service.close();
                }
            };
        };
    }

    /** Processes that migrate and do nothing else. @param arguments beside those that each needs */
    static Starter migrators(ProofDatabase database, Migrations migrations, String... arguments) {
        return number -> {
            Process process = Dying.migrator(database, migrations, migrations.last(), -1, arguments);
            return new Replica() {
                @Override
                public String verdict() {
                    return process.isAlive() ? null : process.exitValue() == 0 ? "" : "a replica ended: " + said();
                }

                private String said() {
                    try {
                        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (java.io.IOException e) {
                        return e.getMessage();
                    }
                }

                @Override
                public void close() {
                    process.destroyForcibly();
                }
            };
        };
    }

    static boolean packaged() {
        return Files.exists(Path.of("target", "quarkus-app", "quarkus-run.jar"));
    }
}
