package io.rollcall.adoption;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column that must not be null any more, on a live table: new rows get the value and may not be without it, old ones get it
 * in batches by key, then the whole is validated without a lock that anybody waits for.
 */
record Backfill(String table, String key, String column, String value) {

    private static final int ROWS = 1000;

    Step step() {
        return new Step("backfill " + table, this::run);
    }

    private void run(Progress progress) throws SQLException {
        Database database = progress.database();
        if (isRequired(database)) {
            return;
        }
        String check = table + "_" + column + "_given";
        if (!hasCheck(database, check)) {
            database.patiently("""
                    ALTER TABLE public.%1$s ALTER COLUMN %2$s SET DEFAULT '%3$s',
                      ADD CONSTRAINT %4$s CHECK (%2$s IS NOT NULL) NOT VALID
                    """.formatted(table, column, value, check));
            progress.passed().accept("check of " + table);
        }
        fill(progress);
        database.execute("ALTER TABLE public." + table + " VALIDATE CONSTRAINT " + check);
        progress.passed().accept("validation of " + table);
        database.patiently("ALTER TABLE public.%s ALTER COLUMN %s SET NOT NULL, DROP CONSTRAINT %s"
                .formatted(table, column, check));
    }

    /** What is behind the last key stays filled, since nothing without a value can come after the check. */
    private void fill(Progress progress) throws SQLException {
        Database database = progress.database();
        String batch = """
                WITH part AS MATERIALIZED (
                    SELECT %2$s FROM public.%1$s WHERE %3$s IS NULL AND %2$s >= ? ORDER BY %2$s LIMIT %5$d FOR UPDATE),
                filled AS (
                    UPDATE public.%1$s t SET %3$s = '%4$s' FROM part p WHERE t.%2$s = p.%2$s AND t.%3$s IS NULL
                    RETURNING 1)
                SELECT (SELECT count(*) FROM part)::text, (SELECT max(%2$s) FROM part), (SELECT count(*) FROM filled)::text
                """.formatted(table, key, column, value, ROWS);
        String last = "";
        long all = 0;
        while (true) {
            List<@Nullable String> row = database.rows(batch, last).get(0);
            long taken = Long.parseLong(Objects.requireNonNull(row.get(0)));
            if (taken == 0) {
                return;
            }
            last = Objects.requireNonNull(row.get(1));
            all += taken;
            progress.say("backfill " + table + ": " + all + " rows");
            progress.passed().accept("batch of " + table);
        }
    }

    private boolean isRequired(Database database) throws SQLException {
        return database.holds(
                "attnotnull FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ?",
                "public." + table,
                column);
    }

    private boolean hasCheck(Database database, String check) throws SQLException {
        return database.holds(
                "EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(?) AND conname = ?)",
                "public." + table,
                check);
    }
}
