package io.rollcall.schema;

import io.rollcall.Misconfigured;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.util.Optional;

/**
 * How far a database's schema is, as its migrations say themselves.
 *
 * @param version of the newest migration that was applied
 * @param declared of the newest that said for which releases; older than {@link #version} when one said nothing
 * @param minimum the oldest release that works with it
 */
record SchemaVersion(String version, String declared, Release minimum) {

    private static final String TABLES = """
            SELECT to_regclass('public.flyway_schema_history') IS NOT NULL AS migrated,
                   to_regclass('public.schema_version') IS NOT NULL AS declared
            """;

    private static final String VERSION = """
            SELECT greatest(v.version, (SELECT max(h.version COLLATE "C") FROM public.flyway_schema_history h
                                        WHERE h.success)) AS version,
                   v.version AS declared, v.min_compatible_binary
              FROM public.schema_version v
            """;

    private static final String LOST =
            "the table schema_version has lost its row, so no release can tell whether it works"
                    + " with this schema; put it back as the owner, with the newest version of flyway_schema_history: INSERT INTO"
                    + " schema_version (version, min_compatible_binary, phase) VALUES ('…', '<the release that migrated last>',"
                    + " 'expanding')";

    /**
     * Empty: this is no database of ours, or one that no release with this table has migrated yet. Fails with
     * {@link Misconfigured} when the table has lost its row.
     */
    static Uni<Optional<SchemaVersion>> read(SqlClient client) {
        return client.query(TABLES)
                .execute()
                .map(rows -> rows.iterator().next())
                .chain(found -> {
                    if (!found.getBoolean("migrated") || !found.getBoolean("declared")) {
                        return Uni.createFrom().item(Optional.empty());
                    }
                    return client.query(VERSION).execute().map(rows -> {
                        if (rows.size() == 0) {
                            throw new Misconfigured(LOST);
                        }
                        return Optional.of(of(rows.iterator().next()));
                    });
                });
    }

    private static SchemaVersion of(Row row) {
        return new SchemaVersion(
                row.getString("version"),
                row.getString("declared"),
                Release.of(row.getString("min_compatible_binary")));
    }

    /** Whether the release works with it. What is newer than the release knows, and says nothing, it does not. */
    boolean admits(Release release, String newestKnown) {
        return minimum.compareTo(release) <= 0 && (version.compareTo(newestKnown) <= 0 || declared.equals(version));
    }
}
