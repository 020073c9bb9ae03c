package io.rollcall.adoption;

import io.rollcall.backup.Refusal;
import java.sql.SQLException;

/**
 * A unique index on a live table, built beside its users. One of its name that is invalid, as a build that was cut off
 * leaves it, is dropped and built again; one that is being built is waited for; one of another definition is refused.
 *
 * @param definition as pg_get_indexdef has it
 */
record UniqueIndex(String name, String table, String definition) {

    private static final String STATE = """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid) THEN 'building'
                        WHEN pg_get_indexdef(i.indexrelid) <> ? THEN 'other'
                        WHEN i.indisvalid AND i.indisready THEN 'valid' ELSE 'invalid' END
              FROM pg_index i WHERE i.indexrelid = to_regclass(?)
            """;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int PATIENCE = 3600;

    /** @return whether it had to be built */
    boolean build(Progress progress) throws SQLException {
        Database database = progress.database();
        String state = state(database);
        for (int seconds = 0; state.equals("building"); seconds++) {
            if (seconds == PATIENCE) {
                throw new Refusal("somebody has been building an index on " + table + " for an hour: see"
                        + " pg_stat_progress_create_index");
            }
            database.execute("SELECT pg_sleep(1)");
            state = state(database);
        }
        switch (state) {
            case "valid" -> {
                return false;
            }
            case "other" ->
                throw new Refusal("there is an index " + name + " of another definition; expected: " + definition
                        + ". Rename it, and run this again");
            case "invalid" -> {
                progress.say("index " + name + " is invalid: built again");
                database.execute("DROP INDEX CONCURRENTLY public." + name);
            }
            default -> {}
        }
        database.execute("SET statement_timeout = 0");
        // A build whose client is gone would go on, and hold the name.
        database.execute("SET client_connection_check_interval = '500ms'");
        try {
            database.execute(definition.replaceFirst(" INDEX ", " INDEX CONCURRENTLY "));
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            database.execute("DROP INDEX CONCURRENTLY IF EXISTS public." + name);
            throw new Refusal("rows came since the preflight that the new key of " + table + " cannot take: "
                    + e.getMessage() + ". Nothing of them was changed; see rollcall schema preflight");
        }
        return true;
    }

    boolean exists(Database database) throws SQLException {
        return database.holds("to_regclass(?) IS NOT NULL", "public." + name);
    }

    private String state(Database database) throws SQLException {
        return database.texts(STATE, definition, "public." + name).stream()
                .findFirst()
                .orElse("missing");
    }
}
