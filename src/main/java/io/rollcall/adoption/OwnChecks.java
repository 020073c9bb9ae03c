package io.rollcall.adoption;

import io.rollcall.schema.ImportIndex;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What is in the way in our own schema. */
final class OwnChecks {

    /**
     * By the version of the migration that will demand it: what its new constraints and keys would not take. A migration that
     * narrows what a table may hold needs its entry here (a rule of the build); it is asked for as long as the migration is to
     * come, of a table that is there. The columns that its query names must be there before.
     */
    static final Map<String, List<Check>> OF_MIGRATIONS = Map.of();

    private static final String APPLIED =
            "EXISTS (SELECT 1 FROM public.flyway_schema_history WHERE success AND version = ?)";

    private OwnChecks() {}

    static List<Check> of(Database database) throws SQLException {
        return of(database, OF_MIGRATIONS);
    }

    static List<Check> of(Database database, Map<String, List<Check>> ofMigrations) throws SQLException {
        var checks = new ArrayList<Check>();
        // Built again at every start, should it be invalid or missing: what stands twice then is in the way.
        if (database.hasTable("public", "workspaces")
                && !database.holds(
                        "EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(?) AND indisvalid AND indisready)",
                        "public." + ImportIndex.NAME)) {
            checks.add(twice("public", "workspaces"));
        }
        var pending = new TreeSet<String>();
        for (String version : ofMigrations.keySet()) {
            if (!database.holds(APPLIED, version)) {
                pending.add(version);
            }
        }
        checks.addAll(ofMigrations(database, ofMigrations, pending::contains));
        return checks;
    }

    static List<Check> ofMigrations(Database database, Map<String, List<Check>> ofMigrations, Predicate<String> pending)
            throws SQLException {
        var checks = new ArrayList<Check>();
        for (Map.Entry<String, List<Check>> migration : new TreeMap<>(ofMigrations).entrySet()) {
            for (Check check : migration.getValue()) {
                if (pending.test(migration.getKey()) && database.hasTable("public", check.table())) {
                    checks.add(check);
                }
            }
        }
        return checks;
    }

    /** What {@link ImportIndex} would refuse, whatever an index of its name says. */
    static Check twice(String schema, String table) {
        return new Check(
                ImportIndex.NAME,
                table,
                "a name stands twice under one parent: rename or remove all but one",
                true,
                """
                SELECT COALESCE(parent_id::text, 'root') || '/' || name, count(*) FROM %s.%s
                 WHERE status IS DISTINCT FROM 'removed'
                 GROUP BY parent_id, name HAVING count(*) > 1
                """.formatted(schema, table));
    }
}
