package io.rollcall.proof;

import io.rollcall.Await;
import io.rollcall.Superuser;
import io.rollcall.proof.Migrations.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.flywaydb.core.api.FlywayException;

/**
 * Each migration meets a transaction that read every table, locked it as a writer does, and stays open. What has to wait for it
 * has everybody else wait as well, so it gives up within a second, and nobody who passes by waits longer than half of one; all
 * waits are the server's own account. Whether the migration is tried again later is not looked at here.
 */
final class WaitingBehindAReader {

    private static final long LONGEST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_STALL_MILLIS = 500;
    /** Then it is taken away, or the check would never end. */
    private static final long HOPELESS_MILLIS = 3_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String WAITING =
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart) * 1000), 0)::bigint"
                    + " FROM pg_locks WHERE NOT granted AND pid ";

    private final Migrations migrations;
    private final PostgresServer server;
    private final List<String> findings = new ArrayList<>();
    private int gaveUp;

    WaitingBehindAReader(Migrations migrations, PostgresServer server) {
        this.migrations = migrations;
        this.server = server;
    }

    List<String> findings(Predicate<Step> wanted) throws Exception {
        new Chain(migrations, server, 1).walk(wanted, this::meet);
        return findings;
    }

    /** How many migrations had to wait, and did not for long. */
    int gaveUp() {
        return gaveUp;
    }

    private void meet(Step step, ProofDatabase before) throws Exception {
        try (var database = ProofDatabase.copy(before, "read");
                var idle = new Superuser(database.superuser());
                var watching = server.superuser();
                var passer = new PasserBy(database)) {
            idle.begin();
            database.tables()
                    .forEach(table -> idle.execute(
                            "SELECT 1 FROM %1$s LIMIT 1; LOCK TABLE %1$s IN ROW EXCLUSIVE MODE".formatted(table)));
            CompletableFuture<Boolean> migration = CompletableFuture.supplyAsync(() -> succeeds(database, step));
            String migrating = "IN (SELECT pid FROM pg_stat_activity WHERE datname = 'read' AND usename = '"
                    + PostgresServer.OWNER + "' AND pid <> " + passer.backend() + ")";
            var longest = new long[2];
            Await.until(step.file() + " ends", PATIENCE, () -> {
                longest[0] = Math.max(longest[0], watching.number(WAITING + migrating));
                longest[1] = Math.max(longest[1], watching.number(WAITING + "= " + passer.backend()));
                if (longest[0] > HOPELESS_MILLIS) {
                    watching.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid " + migrating);
                }
                return migration.isDone();
            });
            if (!migration.join()) {
                gaveUp++;
            }
            if (longest[0] > LONGEST_WAIT_MILLIS) {
                findings.add(step.file() + " waits for an open transaction for " + longest[0] + " ms and more");
            }
            if (longest[1] > LONGEST_STALL_MILLIS) {
                findings.add(step.file() + " has others wait for " + longest[1] + " ms and more");
            }
        }
    }

    private boolean succeeds(ProofDatabase database, Step step) {
        try {
            database.migrate(migrations, step.version());
            return true;
        } catch (FlywayException gaveUp) {
            return false;
        }
    }
}
