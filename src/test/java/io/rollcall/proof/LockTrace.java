package io.rollcall.proof;

import io.rollcall.proof.Migrations.Step;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The locks that each statement of each migration takes on tables that were there before the migration, while those have
 * thousands of rows. Wrong is: a lock that keeps writers out for more than 200 ms; one under which every row is read, since
 * that grows with the table; a rewrite; and more than a thousand rows written in one transaction.
 *
 * <p>For statements outside a transaction another session holds every table as a writer does, until the statement is seen to
 * wait: what it would do to writers, and they to it, is looked at there.
 */
final class LockTrace {

    static final int ROWS = 5_000;
    static final int MOST_ROWS_AT_ONCE = 1_000;

    private static final long LONGEST_MILLIS = 200;
    /** A machine's hiccup is no finding: who was too slow is measured again on the same state. */
    private static final int TRIES = 3;

    /** @param locks in words, without what varies from run to run */
    record Line(int number, String statement, String locks) {}

    private final Migrations migrations;
    private final PostgresServer server;
    private final Map<String, List<Line>> lines = new LinkedHashMap<>();
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private final Set<String> few = new TreeSet<>();
    private final List<String> findings = new ArrayList<>();

    LockTrace(Migrations migrations, PostgresServer server) {
        this.migrations = migrations;
        this.server = server;
    }

    List<String> findings(Predicate<Step> wanted) throws Exception {
        var chain = new Chain(migrations, server, ROWS);
        chain.walk(wanted, this::trace);
        few.addAll(chain.few());
        return findings;
    }

    /** By migration, in order. */
    Map<String, List<Line>> lines() {
        return lines;
    }

    Map<String, Long> millis() {
        return millis;
    }

    /** The tables that could not be filled. */
    Set<String> few() {
        return few;
    }

    private void trace(Step step, ProofDatabase before) throws Exception {
        for (int remaining = TRIES - 1; ; remaining--) {
            try (var database = ProofDatabase.copy(before, "traced");
                    Connection watching = database.superuser()) {
                var tables = new TracedTables(watching);
                var statements = new TracedStatements(database, tables);
                long begin = System.nanoTime();
                database.migrate(migrations, step.version(), statements);
                long ended = System.nanoTime();
                statements.end(ended);
                boolean slow = statements.longestHold() > LONGEST_MILLIS;
                if (slow && remaining > 0) {
                    continue;
                }
                lines.put(step.file(), statements.lines());
                millis.put(step.file(), (ended - begin) / 1_000_000);
                statements.findings().forEach(finding -> findings.add(step.file() + " " + finding));
                if (slow) {
                    findings.add(step.file() + " keeps writers out of a table for " + statements.longestHold() + " ms");
                }
                tables.writtenAtOnce().forEach((table, rows) -> {
                    if (rows > MOST_ROWS_AT_ONCE) {
                        findings.add(step.file() + " writes " + rows + " rows of " + table + " in one transaction");
                    }
                });
                return;
            }
        }
    }
}
