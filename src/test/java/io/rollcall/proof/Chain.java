package io.rollcall.proof;

import io.rollcall.proof.Migrations.Step;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Goes through the migrations one after another, on a database whose tables have rows, and shows the state before each: a
 * database in which nobody is, to be copied as often as a check wants to try the migration.
 */
final class Chain {

    private final Migrations migrations;
    private final Server server;
    private final int rows;
    private final Set<String> few = new TreeSet<>();

    /** @param rows how many are in each table that a migration meets */
    Chain(Migrations migrations, Server server, int rows) {
        this.migrations = migrations;
        this.server = server;
        this.rows = rows;
    }

    @FunctionalInterface
    interface Visitor {
        void at(Step step, ProofDatabase before) throws Exception;
    }

    /** Those of the tree that ours lacks, when the tree is a copy of ours with a fault planted. */
    static Predicate<Step> notOurs() {
        List<Step> ours = Migrations.OURS.steps();
        return step -> !ours.contains(step);
    }

    void walk(Predicate<Step> wanted, Visitor visitor) throws Exception {
        try (ProofDatabase database = ProofDatabase.empty(server, "chain")) {
            for (Step step : migrations.steps()) {
                if (wanted.test(step)) {
                    visitor.at(step, database);
                }
                advance(database, step);
            }
        }
    }

    /** The tables that could not be filled: a constraint allows but one row like the sample. */
    Set<String> few() {
        return few;
    }

    private void advance(ProofDatabase database, Step step) throws SQLException {
        List<String> before = database.tables();
        database.migrate(migrations, step.version());
        var made = new TreeSet<>(database.tables());
        before.forEach(made::remove);
        for (String table : made) {
            SampleRows.add(database, table);
            if (rows > 1) {
                if (!SampleRows.multiply(database, table, rows)) {
                    few.add(table);
                }
            }
        }
    }
}
