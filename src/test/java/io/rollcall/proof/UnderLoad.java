package io.rollcall.proof;

import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import io.rollcall.proof.ApiLoad.Stretch;
import io.rollcall.proof.Migrations.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.api.FlywayException;

/**
 * The release before this one serves, at a fixed rate of requests, with somebody's idle transaction on each table, while the
 * migrations that came after it are applied; then it is started on what they made, and this binary on what it left. No request
 * fails, none of what was acknowledged is lost or there twice; while a migration is applied none is answered after more than
 * half a second, and the slowest of a hundred takes at most three times as long as before, or 250 ms.
 *
 * <p>Migrations that the first release brought have no binary before them: for those {@link WaitingBehindAReader} and the
 * trace of locks stand alone.
 */
final class UnderLoad {

    static final int PER_SECOND = 200;

    private static final long LONGEST_STALL = 500;
    private static final long P99_AT_LEAST = 250;
    private static final int TRIES = 100;

    private final PostgresServer server;
    private final Path previous;
    private final Migrations migrations;
    private final List<String> findings = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private int requests;

    UnderLoad(PostgresServer server, Path previous, Migrations migrations) {
        this.server = server;
        this.previous = previous;
        this.migrations = migrations;
    }

    List<String> findings() {
        return findings;
    }

    int requests() {
        return requests;
    }

    /** A line each: what was done, and the times of the requests meanwhile. */
    List<String> figures() {
        return figures;
    }

    /** The previous release serves while what it does not know is applied. */
    void migrate(int warmUpSeconds, int secondsEach) throws Exception {
        try (var database = ProofDatabase.empty(server, "loaded")) {
            try (var service = start(previous, database, Map.of()).awaitListening()) {
                List<Step> pending = pending(database);
                var load = new ApiLoad(service.port(), PER_SECOND);
                try (var reader = new IdleReader(database)) {
                    pass(warmUpSeconds);
                    long begin = System.nanoTime();
                    pass(2 * secondsEach);
                    Stretch before = load.between(begin, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
                    figures.add(figure("before", before));
                    for (Step step : pending) {
                        reader.awaitBegun();
                        long from = System.nanoTime();
                        int tries = apply(database, step);
                        long millis = (System.nanoTime() - from) / 1_000_000;
                        pass(secondsEach);
                        judge(
                                step.file() + " (" + tries + " tries, " + millis + " ms)",
                                before,
                                load.between(from, System.nanoTime() - TimeUnit.SECONDS.toNanos(1)));
                    }
                }
                ended(load, database, "while it was migrated");
            }
        }
    }

    /** The previous release on this binary's schema. */
    void ahead(int seconds) throws Exception {
        try (var database = ProofDatabase.empty(server, "ahead")) {
            startOnce(database);
            pending(database).forEach(step -> apply(database, step));
            run("the previous release on this schema", previous, database, Map.of(), seconds);
        }
    }

    /** This binary on the previous release's schema, which it is told not to migrate. */
    void behind(Path present, int seconds) throws Exception {
        try (var database = ProofDatabase.empty(server, "behind")) {
            try (var service = start(previous, database, Map.of()).awaitListening()) {
                service.terminate();
                service.exitCode();
            }
            run(
                    "this binary on the previous schema",
                    present,
                    database,
                    Map.of("ROLLCALL_DATABASE_MIGRATE", "false"),
                    seconds);
        }
    }

    private void startOnce(ProofDatabase database) {
        try (var service = start(previous, database, Map.of()).awaitListening()) {
            service.terminate();
            service.exitCode();
        }
    }

    private void run(String what, Path jar, ProofDatabase database, Map<String, String> settings, int seconds)
            throws IOException {
        try (var service = start(jar, database, settings).awaitListening()) {
            var load = new ApiLoad(service.port(), PER_SECOND);
            long begin = System.nanoTime();
            pass(2 * seconds);
            figures.add(figure(what, load.between(begin + TimeUnit.SECONDS.toNanos(seconds), System.nanoTime())));
            ended(load, database, what);
        }
    }

    private void ended(ApiLoad load, ProofDatabase database, String when) {
        load.findings(database).forEach(finding -> findings.add(when + ": " + finding));
        requests += load.requests();
    }

    private void judge(String what, Stretch before, Stretch meanwhile) {
        figures.add(figure(what, meanwhile));
        if (meanwhile.longest() > LONGEST_STALL) {
            findings.add(what + ": a request took " + meanwhile.longest() + " ms");
        }
        if (meanwhile.p99() > Math.max(3 * before.p99(), P99_AT_LEAST)) {
            findings.add(what + ": the slowest of a hundred took " + meanwhile.p99() + " ms, before " + before.p99());
        }
    }

    private static String figure(String what, Stretch stretch) {
        return what + ": " + stretch.requests() + " requests, p99 " + stretch.p99() + " ms, longest "
                + stretch.longest() + " ms";
    }

    private List<Step> pending(ProofDatabase database) {
        List<String> applied = database.rows("SELECT version FROM flyway_schema_history");
        return migrations.steps().stream()
                .filter(step -> !applied.contains(step.version()))
                .toList();
    }

    /** As the service does: a lock that is not to be had is waited for outside of the queue. @return how often */
    private int apply(ProofDatabase database, Step step) {
        for (int tries = 1; ; tries++) {
            try {
                database.migrate(migrations, step.version());
                return tries;
            } catch (FlywayException e) {
                if (tries == TRIES || !e.getMessage().contains("55P03")) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static void pass(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private ServiceProcess start(Path jar, ProofDatabase database, Map<String, String> settings) {
        var variables = new HashMap<>(Map.of(
                "ROLLCALL_DATABASE_URL",
                server.url(PostgresServer.SERVING, database.name()),
                "ROLLCALL_DATABASE_OWNER_URL",
                server.url(PostgresServer.OWNER, database.name()),
                "ROLLCALL_ADMIN_TOKEN",
                TestDatabase.TOKEN,
                "ROLLCALL_RATE_LIMIT_TOKEN",
                "100000",
                "ROLLCALL_RATE_LIMIT_ORGANISATION",
                "100000"));
        variables.putAll(settings);
        Path directory = ServiceProcess.freshDirectory("under-load-" + server.major());
        return ServiceProcess.start(jar, directory, variables);
    }
}
