package io.rollcall.proof;

import io.rollcall.Await;
import io.rollcall.Superuser;
import io.rollcall.proof.Migrations.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.flywaydb.core.api.FlywayException;

/**
 * Every migration dies at every point: before its first statement, between any two, after the last one and after the commit;
 * one outside a transaction also within each concurrent build, when that has made its index and waits. Then it is run again as
 * at an ordinary start, by nobody's help. Wrong is whatever differs from a run that nobody disturbed: schema, rows, Flyway's
 * history, a session left behind.
 */
final class CrashEverywhere {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A build waits no longer than its lock timeout: on a busy machine it may be over before anybody looks. */
    private static final int ATTEMPTS = 10;

    private static final String HISTORY =
            "SELECT version || ' ' || success FROM flyway_schema_history ORDER BY installed_rank";

    private final Migrations migrations;
    private final PostgresServer server;
    private final List<String> findings = new ArrayList<>();
    private int deaths;

    CrashEverywhere(Migrations migrations, PostgresServer server) {
        this.migrations = migrations;
        this.server = server;
    }

    /** How often something died. */
    int deaths() {
        return deaths;
    }

    /** @param share of the points, drawn by the seed; 1: all of them */
    List<String> findings(Predicate<Step> wanted, Dying way, double share, long seed) throws Exception {
        var random = new Random(seed);
        new Chain(migrations, server, 1).walk(wanted, (step, before) -> {
            var clean = new Clean();
            try (var database = ProofDatabase.copy(before, "clean")) {
                database.migrate(migrations, step.version(), clean.statements);
                clean.keep(database);
            }
            for (int point = 0; point <= clean.statements.all.size() + 1; point++) {
                if (random.nextDouble() < share) {
                    die(step, before, clean, way, point);
                }
            }
            for (String statement : clean.statements.alone) {
                if (random.nextDouble() < share) {
                    dieWithin(step, before, clean, way, statement);
                }
            }
        });
        return findings;
    }

    private void die(Step step, ProofDatabase before, Clean clean, Dying way, int point) throws Exception {
        try (var database = ProofDatabase.copy(before, "crashed")) {
            way.at(point, database, server, migrations, step);
            judge(
                    step,
                    database,
                    clean,
                    "%s died at point %d of %d".formatted(way, point, clean.statements.all.size()));
        }
    }

    /** A writer holds every table while the build waits for it, so that the index is there and not yet valid. */
    private void dieWithin(Step step, ProofDatabase before, Clean clean, Dying way, String statement) throws Exception {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try (var database = ProofDatabase.copy(before, "crashed")) {
                if (new Interrupted(database, server, migrations, step).within(way)) {
                    judge(step, database, clean, way + " died within " + TracedStatements.brief(statement));
                    return;
                }
            }
        }
        findings.add(step.file() + ": nobody saw it wait within " + TracedStatements.brief(statement));
    }

    private void judge(Step step, ProofDatabase database, Clean clean, String how) {
        deaths++;
        try {
            database.migrate(migrations, step.version());
        } catch (FlywayException e) {
            findings.add(step.file() + ", " + how + ": the next start fails: "
                    + e.getMessage().lines().findFirst().orElse(""));
            return;
        }
        differs(step, how, "schema", clean.fingerprint, database.fingerprint());
        differs(step, how, "rows", clean.data.toString(), database.data().toString());
        differs(
                step,
                how,
                "history",
                clean.history.toString(),
                database.rows(HISTORY).toString());
        try (Superuser superuser = server.superuser()) {
            Await.until(
                    step.file() + ", " + how + ": a session is left",
                    PATIENCE,
                    () -> superuser.number("SELECT count(*) FROM pg_stat_activity WHERE datname = 'crashed'") == 0);
        } catch (AssertionError e) {
            findings.add(e.getMessage());
        }
    }

    private void differs(Step step, String how, String what, String expected, String found) {
        if (!expected.equals(found)) {
            var lines = new ArrayList<>(found.lines().toList());
            lines.removeAll(expected.lines().toList());
            findings.add(step.file() + ", " + how + ": after the next start the " + what + " is another: " + lines);
        }
    }

    /** What an undisturbed run makes. */
    private static final class Clean {

        private final Statements statements = new Statements();
        private String fingerprint;
        private Map<String, String> data;
        private List<String> history;

        void keep(ProofDatabase database) {
            fingerprint = database.fingerprint();
            data = database.data();
            history = database.rows(HISTORY);
        }
    }
}
