package io.rollcall.adoption;

import java.sql.SQLException;
import java.util.List;

/**
 * Rows that would not fit.
 *
 * @param name for machines
 * @param table where they are
 * @param what is wrong with them, and what to do
 * @param blocking whether they stand in the way; else they are left where they are, and this says how many
 * @param query one row for each key that does not fit: the key as text, and how many rows it has
 */
record Check(String name, String table, String what, boolean blocking, String query) {

    static final int SAMPLES = 20;

    /** @param sample at most {@value Check#SAMPLES} keys, the first in their order */
    record Finding(Check check, long keys, long rows, List<String> sample) {}

    Finding find(Database database) throws SQLException {
        // Once: counts and samples are of the same rows.
        List<String> found = database.texts("""
                WITH found (key, rows) AS MATERIALIZED (%s)
                SELECT count(*)::text FROM found UNION ALL SELECT COALESCE(sum(rows), 0)::text FROM found UNION ALL
                (SELECT key FROM found ORDER BY key COLLATE "C" LIMIT %d)
                """.formatted(query, SAMPLES));
        return new Finding(
                this, Long.parseLong(found.get(0)), Long.parseLong(found.get(1)), found.subList(2, found.size()));
    }
}
