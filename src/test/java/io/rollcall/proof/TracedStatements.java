package io.rollcall.proof;

import io.rollcall.proof.LockTrace.Line;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Notes, statement by statement, what a migration newly locks and what it does under the lock. */
final class TracedStatements extends StatementCallback {

    /** Those that keep writers out. */
    private static final Set<String> STRONG =
            Set.of("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock");

    private final ProofDatabase database;
    private final TracedTables tables;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final Set<String> held = new TreeSet<>();
    private final Map<String, Long> strongSince = new HashMap<>();
    private long longestHold;

    private long begin;
    private Map<String, String> files;
    private Map<String, String> read;
    private SeenLocks seen;

    TracedStatements(ProofDatabase database, TracedTables tables) {
        this.database = database;
        this.tables = tables;
    }

    @Override
    void before(int done, String statement, Connection migrating) throws SQLException {
        files = tables.files(migrating);
        if (migrating.getAutoCommit()) {
            held.clear();
            seen = new SeenLocks(database, tables, backend(migrating));
        } else {
            read = tables.read(migrating);
        }
        begin = System.nanoTime();
    }

    @Override
    void after(int done, String statement, Connection migrating) throws Exception {
        long ended = System.nanoTime();
        boolean alone = migrating.getAutoCommit();
        Set<String> locks = alone ? seen.stop() : tables.locks(backend(migrating));
        locks.removeAll(held);
        held.addAll(locks);
        var text = new ArrayList<String>(locks);
        for (String lock : locks) {
            if (STRONG.contains(mode(lock))) {
                strongSince.putIfAbsent(table(lock), begin);
            }
        }
        Map<String, String> filesNow = tables.files(migrating);
        files.forEach((table, file) -> {
            if (!file.equals(filesNow.getOrDefault(table, file))) {
                text.add(table + " REWRITTEN");
                findings.add("rewrites " + table + ": " + brief(statement));
            }
        });
        if (!alone) {
            readUnderLock(statement, tables.read(migrating), text);
        }
        lines.add(new Line(done, brief(statement), String.join(", ", text).replace("Lock", "")));
        if (alone) {
            end(ended);
        }
    }

    private void readUnderLock(String statement, Map<String, String> now, List<String> text) {
        now.forEach((table, rows) -> {
            long more = Long.parseLong(rows) - Long.parseLong(read.getOrDefault(table, "0"));
            boolean all = more > 1 && more >= tables.rows(table);
            if (all) {
                text.add(table + " read whole");
            }
            if (all && strongSince.containsKey(table)) {
                findings.add("reads all rows of " + table + " while it keeps writers out: " + brief(statement));
            }
        });
    }

    /** Of the transaction: what it held is free. */
    void end(long nanos) {
        strongSince.values().forEach(since -> longestHold = Math.max(longestHold, (nanos - since) / 1_000_000));
        strongSince.clear();
    }

    long longestHold() {
        return longestHold;
    }

    List<Line> lines() {
        return lines;
    }

    List<String> findings() {
        return findings;
    }

    static String brief(String statement) {
        String line = statement
                .replaceAll("--[^\n]*", "")
                .replaceAll("\\s+", " ")
                .strip()
                .replace("|", "\\|");
        return line.length() > 72 ? line.substring(0, 70).strip() + " …" : line;
    }

    private static String table(String lock) {
        return lock.substring(0, lock.indexOf(' '));
    }

    private static String mode(String lock) {
        return lock.substring(lock.indexOf(' ') + 1);
    }
}
