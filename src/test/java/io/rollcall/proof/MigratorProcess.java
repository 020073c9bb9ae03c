package io.rollcall.proof;

import java.nio.file.Path;
import java.sql.Connection;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Callback;

/**
 * A process that migrates as the service does, and kills itself where it is told to: the SIGKILL is the operating system's,
 * no handler runs.
 */
public final class MigratorProcess {

    private MigratorProcess() {}

    /** @param args URL, user, password, directory, target, and the point at which to die: -1, never */
    public static void main(String... args) {
        int point = Integer.parseInt(args[5]);
        Callback death = Death.at(point, (connection, statement) -> kill());
        var configuration = io.rollcall.schema.ServiceFlyway.configuration(args[0], args[1], args[2], Path.of(args[3]))
                .target(MigrationVersion.fromVersion(args[4]))
                .callbacks(death);
        if (args.length > 6) {
            configuration.lockRetryCount(Integer.parseInt(args[6]));
        }
        configuration.load().migrate();
    }

    private static void kill() throws Exception {
        new ProcessBuilder(
                        "kill", "-KILL", Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();
        throw new IllegalStateException("alive after a SIGKILL");
    }

    /** Something that ends a migration from within, at one of its points. */
    static final class Death extends StatementCallback {

        @FunctionalInterface
        interface Blow {
            void fall(Connection connection, String statement) throws Exception;
        }

        private final int point;
        private final Blow blow;
        private Connection connection;
        private int statements;

        private Death(int point, Blow blow) {
            this.point = point;
            this.blow = blow;
        }

        /** @param point how many statements were executed; one more than there are: after the commit */
        static Death at(int point, Blow blow) {
            return new Death(point, blow);
        }

        @Override
        void before(int done, String statement, Connection migrating) throws Exception {
            connection = migrating;
            if (done == point) {
                blow.fall(migrating, statement);
            }
        }

        @Override
        void after(int done, String statement, Connection migrating) {
            connection = migrating;
        }

        @Override
        void last(int done) throws Exception {
            statements = done;
            if (done == point) {
                blow.fall(connection, "");
            }
        }

        @Override
        void committed() throws Exception {
            if (statements + 1 == point) {
                blow.fall(connection, "");
            }
        }
    }
}
