package io.rollcall.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.proof.Migrations.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flywaydb.core.api.FlywayException;

/**
 * Each migration up, back, and up again: its rollback leaves the schema that was there before, and the second time it makes
 * the same one; tables that were there keep their rows on the whole way. Each finding is a sentence.
 */
final class RoundTrip {

    /** Every migration writes there how far the schema is. */
    private static final String DECLARED = "schema_version";

    private final Migrations migrations;
    private final ProofDatabase database;
    private final List<String> findings = new ArrayList<>();

    RoundTrip(Migrations migrations, ProofDatabase database) {
        this.migrations = migrations;
        this.database = database;
    }

    /** On an empty database, which is at the last migration afterwards, with a row in each table. */
    List<String> findings() throws SQLException {
        for (Step step : migrations.steps()) {
            if (!there(step)) {
                break;
            }
        }
        return findings;
    }

    /** @return whether the next one can be tried on what is left */
    private boolean there(Step step) throws SQLException {
        String before = database.fingerprint();
        Map<String, List<JsonNode>> rows = database.documents();

        database.migrate(migrations, step.version());
        String after = database.fingerprint();
        if (after.equals(before)) {
            findings.add(step.file() + " changes nothing that the fingerprint shows");
        }
        Map<String, List<JsonNode>> changed = new TreeMap<>(rows);
        changed.remove(DECLARED);
        sameRows(step, "applied", changed);
        database.undo(migrations, step);
        same(step, "after its rollback", before, database.fingerprint());
        sameRows(step, "after its rollback", rows);
        try {
            database.migrate(migrations, step.version());
        } catch (FlywayException e) {
            findings.add(step.file() + " is not applied again after its rollback: " + e.getMessage());
            return false;
        }
        same(step, "applied again", after, database.fingerprint());
        sameRows(step, "applied again", changed);

        for (String table : database.tables()) {
            if (!rows.containsKey(table)) {
                SampleRows.add(database, table);
            }
        }
        return true;
    }

    /** In the columns that there were before and are now; a table or column that is meant to go may go. */
    private void sameRows(Step step, String when, Map<String, List<JsonNode>> expected) {
        Map<String, List<JsonNode>> found = database.documents();
        found.keySet().retainAll(expected.keySet());
        found.forEach((table, rows) -> {
            Set<String> columns = columns(rows);
            columns.retainAll(columns(expected.get(table)));
            if (!only(columns, rows).equals(only(columns, expected.get(table)))) {
                findings.add(step.file() + " " + when + ": the rows of " + table + " are others");
            }
        });
    }

    private static Set<String> columns(List<JsonNode> rows) {
        var columns = new TreeSet<String>();
        rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
        return columns;
    }

    private static List<String> only(Set<String> columns, List<JsonNode> rows) {
        return rows.stream()
                .map(row -> row.<ObjectNode>deepCopy().retain(columns).toString())
                .sorted()
                .toList();
    }

    private void same(Step step, String when, String expected, String found) {
        var missing = new TreeSet<>(expected.lines().toList());
        found.lines().toList().forEach(missing::remove);
        var added = new TreeSet<>(found.lines().toList());
        expected.lines().toList().forEach(added::remove);
        if (!expected.equals(found)) {
            findings.add(step.file() + " " + when + ": missing " + missing + ", not there before " + added);
        }
    }
}
