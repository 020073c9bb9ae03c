package io.rollcall.adoption;

import io.rollcall.schema.ImportIndex;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is in the way in our own schema. */
final class OwnChecks {

    /**
     * By the version of the migration that will demand it: what its new constraints and keys would not take. A migration that
     * narrows what a table may hold needs its entry here; it is asked for as long as the migration is to come.
     */
    private static final Map<String, List<Check>> OF_MIGRATIONS = new TreeMap<>();

    private static final String APPLIED =
            "EXISTS (SELECT 1 FROM public.flyway_schema_history WHERE success AND version = ?)";

    private OwnChecks() {}

    static List<Check> of(Database database) throws SQLException {
        var checks = new ArrayList<Check>();
        // Built again at every start, should it be invalid or missing: what stands twice then is in the way.
        if (database.hasTable("public", "workspaces")
                && !database.holds(
                        "EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(?) AND indisvalid AND indisready)",
                        "public." + ImportIndex.NAME)) {
            checks.add(twice("public", "workspaces"));
        }
        for (Map.Entry<String, List<Check>> migration : OF_MIGRATIONS.entrySet()) {
            if (!database.holds(APPLIED, migration.getKey())) {
                checks.addAll(migration.getValue());
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
