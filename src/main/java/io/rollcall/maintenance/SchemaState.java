package io.rollcall.maintenance;

import io.rollcall.schema.ExpectedSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a database says of its own schema.
 *
 * @param applied the versions of all migrations that were applied, ascending
 * @param failed those that failed outside of a transaction; the next start runs them again
 * @param declared the version that the last migration said of itself; empty as below
 * @param minimum the oldest release that works with it; empty before migration 20261122100000
 * @param phase of the last migration: {@code expanding} or {@code contracting}; empty as above
 * @param instances which releases serve, and how many processes of each
 * @param invalidIndexes by name
 */
record SchemaState(
        List<String> applied,
        List<String> failed,
        Optional<String> declared,
        Optional<String> minimum,
        Optional<String> phase,
        Map<String, Integer> instances,
        List<String> invalidIndexes) {

    private static final String FIRST_THAT_DECLARES = "20261122100000";

    private static final String HISTORY = """
            SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL ORDER BY version COLLATE "C"
            """;
    private static final String FAILED = "SELECT version FROM flyway_schema_history WHERE NOT success ORDER BY version";
    private static final String DECLARED = "SELECT version FROM schema_version";
    private static final String MINIMUM = "SELECT min_compatible_binary FROM schema_version";
    private static final String PHASE = "SELECT phase FROM schema_version";
    private static final String INSTANCES = """
            SELECT version, count(*) FROM instances WHERE seen_at > now() - interval '1 minute'
             GROUP BY version ORDER BY string_to_array(version, '.')::int[]
            """;
    private static final String INVALID = """
            SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE c.relnamespace = 'public'::regnamespace AND NOT (i.indisvalid AND i.indisready) ORDER BY 1
            """;

    static SchemaState read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean migrated = exists(statement, "flyway_schema_history");
            boolean declared = exists(statement, "schema_version");
            return new SchemaState(
                    migrated ? texts(statement, HISTORY) : List.of(),
                    migrated ? texts(statement, FAILED) : List.of(),
                    declared ? texts(statement, DECLARED).stream().findFirst() : Optional.empty(),
                    declared ? texts(statement, MINIMUM).stream().findFirst() : Optional.empty(),
                    declared ? texts(statement, PHASE).stream().findFirst() : Optional.empty(),
                    exists(statement, "instances") ? counts(statement) : Map.of(),
                    texts(statement, INVALID));
        }
    }

    /** Of the newest migration. */
    Optional<String> version() {
        return applied.isEmpty() ? Optional.empty() : Optional.of(applied.get(applied.size() - 1));
    }

    /**
     * Whether a release that expects this would serve here, or migrate: what its gate decides at a start.
     *
     * @param release empty where a binary does not know its own (a native one): then the minimum is not looked at
     */
    boolean admits(ExpectedSchema expected, Optional<String> release) {
        if (declared.isEmpty()) {
            return applied.stream().allMatch(version -> version.compareTo(FIRST_THAT_DECLARES) < 0);
        }
        String newest = version()
                .filter(version -> version.compareTo(declared.get()) > 0)
                .orElse(declared.get());
        String least = minimum.orElseThrow();
        return expected.admits(release.orElse(least), newest, declared.get(), least);
    }

    boolean isAt(ExpectedSchema expected) {
        return applied.equals(expected.migrations());
    }

    private static boolean exists(Statement statement, String table) throws SQLException {
        return texts(statement, "SELECT to_regclass('public." + table + "') IS NOT NULL")
                .equals(List.of("t"));
    }

    private static List<String> texts(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return List.copyOf(texts);
        }
    }

    private static Map<String, Integer> counts(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(INSTANCES)) {
            var counts = new LinkedHashMap<String, Integer>();
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getInt(2));
            }
            return counts;
        }
    }
}
