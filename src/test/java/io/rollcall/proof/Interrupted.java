package io.rollcall.proof;

import io.rollcall.Await;
import io.rollcall.Superuser;
import io.rollcall.proof.Migrations.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.flywaydb.core.api.FlywayException;

/**
 * A migration that dies within a concurrent build. A writer holds every table, so that the build waits for it; then the blow
 * falls, and the writer stays until nothing is left of who waited.
 */
record Interrupted(ProofDatabase database, PostgresServer server, Migrations migrations, Step step) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BUILDING = "SELECT pid FROM pg_stat_activity WHERE datname = '%s' AND state = 'active'"
            + " AND wait_event_type = 'Lock' AND query ILIKE '%%index concurrently%%'";

    /** @return false: nobody saw it wait before it gave up; try again */
    boolean within(Dying way) throws Exception {
        Superuser writer = new Superuser(database.superuser());
        Process process = null;
        CompletableFuture<Void> here = null;
        List<String> tables = database.tables();
        writer.begin();
        tables.forEach(table -> writer.execute("LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE"));
        if (way == Dying.PROCESS) {
            process = Dying.migrator(database, migrations, step, -1);
        } else {
            here = CompletableFuture.runAsync(() -> {
                try {
                    database.migrate(migrations, step.version());
                } catch (FlywayException expected) {
                    return;
                }
            });
        }
        CompletableFuture<Void> ended = here;
        Process child = process;
        int backend = waiting(() -> ended == null ? !child.isAlive() : ended.isDone());
        if (backend == 0) {
            end(writer);
            return false;
        }
        switch (way) {
            case PROCESS -> {
                process.destroyForcibly().waitFor();
                Await.until("the backend notices", PATIENCE, () -> !building(backend));
                end(writer);
            }
            case BACKEND -> {
                try (Superuser superuser = server.superuser()) {
                    Dying.terminate(superuser, backend);
                }
                here.join();
                end(writer);
            }
            case SERVER -> {
                server.stopImmediately();
                here.join();
                server.startAgain();
            }
        }
        return true;
    }

    private static void end(Superuser writer) {
        writer.execute("ROLLBACK");
        writer.close();
    }

    private int waiting(BooleanSupplier ended) {
        var found = new int[1];
        try (Superuser superuser = server.superuser()) {
            Await.until("the build waits", PATIENCE, () -> {
                List<String> backends = superuser.texts(BUILDING.formatted(database.name()));
                backends.forEach(backend -> found[0] = Integer.parseInt(backend));
                return !backends.isEmpty() || ended.getAsBoolean();
            });
        }
        return found[0];
    }

    private boolean building(int backend) {
        try (Superuser superuser = server.superuser()) {
            return superuser.number("SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend) > 0;
        }
    }
}
