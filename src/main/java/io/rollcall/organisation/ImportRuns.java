package io.rollcall.organisation;

import io.rollcall.access.Caller;
import io.rollcall.http.Cursor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The history of imports: SQL and rows. A run is recorded in the import's own transaction. */
@ApplicationScoped
class ImportRuns {

    /** The duration is the database's: from the transaction's start to this, its last but one statement. */
    private static final String RECORD = """
            INSERT INTO import_runs (id, org_id, template, dir, mode, dry_run, parent_id, created, skipped, updated,
                                     removed, outcome, actor, config, duration_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::jsonb,
                    extract(epoch FROM clock_timestamp() - now()) * 1000)
            """;

    private static final String COLUMNS = """
            id, org_id, template, dir, mode, dry_run, parent_id, created, skipped, updated, removed,
            duration_ms, outcome, created_at, actor
            """;

    private static final String PAGE = "SELECT " + COLUMNS + " FROM import_runs WHERE (created_at, id) < ($1, $2)";

    private static final String NEWEST = " ORDER BY created_at DESC, id DESC LIMIT $3";

    private static final String PAGE_OF_ORGANISATION = PAGE + " AND org_id = $4" + NEWEST;

    private static final String PAGE_OF_ALL = PAGE + NEWEST;

    private static final String FIND =
            "SELECT " + COLUMNS + " FROM import_runs WHERE id = $1 AND ($2::uuid IS NULL OR org_id = $2)";

    private static final String LATEST_CONFIG = """
            SELECT config::text AS config FROM import_runs
             WHERE template = $1 AND parent_id IS NOT DISTINCT FROM $2::uuid AND outcome = 'completed' AND org_id = $3
             ORDER BY created_at DESC, id DESC LIMIT 1
            """;

    Uni<Void> record(
            SqlClient client, Caller caller, @Nullable UUID orgId, ImportRequest request, ImportTotals totals) {
        Tuple values = Tuple.tuple()
                .addUUID(request.id())
                .addUUID(orgId)
                .addString(request.template().name())
                .addString(request.dir())
                .addString(request.mode().word())
                .addBoolean(request.dryRun())
                .addUUID(request.parentId())
                .addInteger(totals.created())
                .addInteger(totals.skipped())
                .addInteger(totals.updated())
                .addInteger(totals.removed())
                .addString(request.dryRun() ? "planned" : "completed")
                .addString(caller.actor())
                .addString(request.template().config());
        return client.preparedQuery(RECORD).execute(values).replaceWithVoid();
    }

    /**
     * One more than the limit, so that the caller knows whether there is a next page.
     *
     * @param orgId only into this organisation; of another one than his own a caller sees none
     */
    Uni<List<ImportRun>> page(SqlClient client, Caller caller, @Nullable UUID orgId, Cursor after, int limit) {
        UUID own = caller.organisation();
        UUID of = orgId == null ? own : orgId;
        if (own != null && !own.equals(of)) {
            return Uni.createFrom().item(List.of());
        }
        Tuple values = Tuple.of(after.at(), after.id(), limit + 1);
        if (of != null) {
            values.addUUID(of);
        }
        return client.preparedQuery(of == null ? PAGE_OF_ALL : PAGE_OF_ORGANISATION)
                .execute(values)
                .map(rows -> rows.stream().map(ImportRuns::map).toList());
    }

    Uni<@Nullable ImportRun> find(SqlClient client, Caller caller, UUID id) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(id, caller.organisation()))
                .map(rows -> rows.size() == 0 ? null : map(rows.iterator().next()));
    }

    /** What the last import of the template at this place said at its top, as JSON text. */
    Uni<String> latestConfig(SqlClient client, UUID orgId, String template, @Nullable UUID parentId) {
        return client.preparedQuery(LATEST_CONFIG)
                .execute(Tuple.of(template, parentId, orgId))
                .map(rows -> rows.size() == 0 ? "{}" : rows.iterator().next().getString("config"));
    }

    private static ImportRun map(Row row) {
        return new ImportRun(
                row.getUUID("id"),
                row.getUUID("org_id"),
                row.getString("template"),
                row.getString("dir"),
                row.getString("mode"),
                row.getBoolean("dry_run"),
                row.getUUID("parent_id"),
                row.getInteger("created"),
                row.getInteger("skipped"),
                row.getInteger("updated"),
                row.getInteger("removed"),
                row.getLong("duration_ms"),
                row.getString("outcome"),
                row.getOffsetDateTime("created_at"),
                row.getString("actor"));
    }
}
