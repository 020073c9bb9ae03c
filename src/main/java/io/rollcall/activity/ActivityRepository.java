package io.rollcall.activity;

import io.rollcall.access.Caller;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.rollcall.http.SerialCursor;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of activity logs. */
@ApplicationScoped
class ActivityRepository {

    /** Among how many rows types are looked for at a time: what is rare costs no page more than that. */
    private static final int LOOKED_THROUGH = 5000;

    private static final String WORKSPACE = """
            WITH w AS (
                SELECT w.id, w.org_id, w.removed_at FROM workspaces w
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)),
            """;

    private static final String COLUMNS = """
            a.id, a.org_id, a.workspace_id, a.target_id, a.type, a.method, a.delegation_id, a.status, a.summary, a.actor,
            a.created_at
            """;

    /**
     * The newest rows of both of its logs, each from its own index, merged; no row is in both. Details are fetched for
     * those alone that are answered. The inner limits are hidden from the planner: where it takes a busy workspace for an
     * average one with no more rows than that, it would read and sort them all.
     */
    private static final String PAGE = WORKSPACE + """
            looked AS MATERIALIZED (
                SELECT $COLUMNS FROM w CROSS JOIN LATERAL (
                    (SELECT $COLUMNS FROM activity_logs a
                      WHERE a.workspace_id = $1 AND a.org_id = w.org_id AND a.id < $3
                      ORDER BY a.id DESC LIMIT (SELECT $4::int))
                     UNION ALL
                    (SELECT $COLUMNS FROM activity_logs a
                      WHERE a.target_id = $1 AND a.org_id = w.org_id AND a.id < $3
                      ORDER BY a.id DESC LIMIT (SELECT $4::int))
                     ORDER BY id DESC LIMIT $4) a)
            SELECT w.removed_at, l.rows, l.last_id, $COLUMNS,
                   (SELECT d.detail::text FROM activity_logs d WHERE d.id = a.id) AS detail
              FROM w
             CROSS JOIN (SELECT count(*) AS rows, min(id) AS last_id FROM looked) l
              LEFT JOIN (SELECT $COLUMNS FROM looked a
                          WHERE $5::text[] IS NULL OR a.type = ANY ($5) ORDER BY a.id DESC LIMIT $6) a ON true
             ORDER BY a.id DESC
            """.replace("$COLUMNS", COLUMNS.strip());

    /**
     * Nothing is written when the workspace or the target is not there; then the row has no id. What is written for a
     * tombstone goes with the transaction, which its 410 ends.
     */
    private static final String ADD = WORKSPACE + """
            a AS (
                INSERT INTO activity_logs AS a (org_id, workspace_id, target_id, type, method, delegation_id, status,
                                                summary, detail, actor)
                SELECT w.org_id, w.id, $3::uuid, $4, $5, $6, $7, $8, $9::text::jsonb, $10 FROM w
                 WHERE $3::uuid IS NULL OR EXISTS (
                       SELECT 1 FROM workspaces t WHERE t.id = $3 AND t.org_id = w.org_id AND t.removed_at IS NULL)
                RETURNING $COLUMNS, a.detail)
            SELECT w.removed_at, $COLUMNS, a.detail::text AS detail FROM w LEFT JOIN a ON true
            """.replace("$COLUMNS", COLUMNS.strip());

    /**
     * Fails with 404, 410.
     *
     * @param types null: all
     */
    Uni<ActivityPage> page(
            SqlClient client,
            Caller caller,
            UUID workspaceId,
            String @Nullable [] types,
            SerialCursor before,
            int limit) {
        int window = types == null ? limit + 1 : LOOKED_THROUGH;
        Tuple values = Tuple.tuple()
                .addUUID(workspaceId)
                .addUUID(caller.organisation())
                .addLong(before.id())
                .addInteger(window)
                .addArrayOfString(types)
                .addInteger(limit + 1);
        return client.preparedQuery(PAGE).execute(values).map(rows -> {
            Row first = LiveWorkspace.require(rows, workspaceId);
            Page<Activity> page = Page.ofSerial(activities(rows, workspaceId), limit, Activity::id);
            boolean mayBeMore = page.nextCursor() == null && types != null && first.getLong("rows") == window;
            return new ActivityPage(
                    page.items(), mayBeMore ? new SerialCursor(first.getLong("last_id")).encode() : page.nextCursor());
        });
    }

    /** Fails with 404 when the workspace or its target is not there, with 410. */
    Uni<Activity> add(SqlClient client, Caller caller, UUID workspaceId, NewActivity activity) {
        Tuple values = Tuple.tuple()
                .addUUID(workspaceId)
                .addUUID(caller.organisation())
                .addUUID(activity.targetId())
                .addString(activity.type())
                .addString(activity.method())
                .addString(activity.delegationId())
                .addString(activity.status())
                .addString(activity.summary())
                .addString(activity.detail())
                .addString(caller.actor());
        return client.preparedQuery(ADD).execute(values).map(rows -> {
            Row row = LiveWorkspace.require(rows, workspaceId);
            if (row.getLong("id") == null) {
                throw Problem.notFound("workspace", activity.targetId() + " (target_id)");
            }
            return activity(row, workspaceId);
        });
    }

    private static List<Activity> activities(RowSet<Row> rows, UUID reader) {
        return rows.stream()
                .filter(row -> row.getLong("id") != null)
                .map(row -> activity(row, reader))
                .toList();
    }

    private static Activity activity(Row row, UUID reader) {
        UUID source = row.getUUID("workspace_id");
        UUID target = row.getUUID("target_id");
        String direction = !source.equals(reader) ? "received" : target == null ? "own" : "sent";
        return new Activity(
                row.getLong("id"),
                row.getUUID("org_id"),
                source,
                source,
                target,
                direction,
                row.getString("type"),
                row.getString("method"),
                row.getString("delegation_id"),
                row.getString("status"),
                row.getString("summary"),
                row.getString("detail"),
                row.getString("actor"),
                row.getOffsetDateTime("created_at"));
    }
}
