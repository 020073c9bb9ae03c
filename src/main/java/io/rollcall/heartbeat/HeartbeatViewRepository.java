package io.rollcall.heartbeat;

import io.rollcall.access.Caller;
import io.rollcall.schema.PlannedEachTime;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The SQL by which people read who is heard. Silence is judged by time, not by what the sweep noted: so it is true between
 * two sweeps as well, and while the sweep holds back. The table has no index on time, which each beat would have to write.
 */
@ApplicationScoped
class HeartbeatViewRepository {

    /** The pool forbids sequential scans, and a fleet is read by nothing else. */
    private static final String SCAN = "SET LOCAL enable_seqscan = on";

    private static final String KEYS = "h.workspace_id, h.agent_id, h.org_id, h.beat_at, h.silent_since, h.started_at";

    private static final String COLUMNS = KEYS + """
            , h.beat_at < now() - make_interval(secs => $1) AS silent,
            GREATEST(0, floor(extract(epoch FROM h.beat_at - h.started_at)))::bigint AS uptime_seconds,
            s.status, s.error_rate, s.sample_error, s.active_tasks, s.current_task, s.loop_id, s.detail::text AS detail,
            s.url, s.delivery_mode, s.registered_at,
            (SELECT max(p.until_at) FROM watchdog_pauses p
              WHERE p.workspace_id = h.workspace_id AND p.agent_id IN ('*', h.agent_id) AND p.until_at > now())
                AS paused_until
            """;

    private static final String SAID =
            " LEFT JOIN agent_states s ON s.workspace_id = h.workspace_id AND s.agent_id = h.agent_id ";

    private static final String OF_WORKSPACE =
            """
            SELECT w.removed_at, $COLUMNS
              FROM workspaces w
              LEFT JOIN LATERAL (
                   SELECT $KEYS FROM heartbeats h
                    WHERE h.workspace_id = w.id AND h.live AND h.agent_id > $4
                      AND ($5::boolean IS NULL OR (h.beat_at < now() - make_interval(secs => $1)) = $5)
                    ORDER BY h.agent_id LIMIT $6) h ON true
              $SAID
             WHERE w.id = $2 AND ($3::uuid IS NULL OR w.org_id = $3)
             ORDER BY h.agent_id
            """.replace("$COLUMNS", COLUMNS).replace("$KEYS", KEYS).replace("$SAID", SAID);

    /** Whose index is asked for one organisation, and none for all: hence planned each time. */
    private static final String STALE = PlannedEachTime.statement(
            """
            WITH h AS MATERIALIZED (
                SELECT $KEYS FROM heartbeats h
                 WHERE ($2::uuid IS NULL OR h.org_id = $2) AND ($6::uuid IS NULL OR h.org_id = $6) AND h.agent_id <> ''
                   AND h.live AND h.beat_at < now() - make_interval(secs => $1)
                   AND h.workspace_id >= $3 AND (h.workspace_id > $3 OR h.agent_id > $4)
                 ORDER BY h.workspace_id, h.agent_id LIMIT $5)
            SELECT $COLUMNS FROM h $SAID ORDER BY h.workspace_id, h.agent_id
            """.replace("$COLUMNS", COLUMNS).replace("$KEYS", KEYS).replace("$SAID", SAID));

    private final HeartbeatSettings settings;

    HeartbeatViewRepository(HeartbeatSettings settings) {
        this.settings = settings;
    }

    /**
     * By agent. Fails with 404, 410.
     *
     * @param stale null: both who is silent and who is not
     */
    Uni<HeartbeatPage> ofWorkspace(
            SqlConnection connection,
            Caller caller,
            UUID workspaceId,
            @Nullable Boolean stale,
            AgentCursor after,
            int limit) {
        Tuple values = Tuple.of(offlineAfter(), workspaceId, caller.organisation(), after.agentId(), stale, limit + 1);
        return connection.preparedQuery(OF_WORKSPACE).execute(values).map(rows -> {
            LiveWorkspace.require(rows, workspaceId);
            return HeartbeatPage.of(heartbeats(rows), limit);
        });
    }

    /**
     * Who is silent of all that the caller may see, by workspace and agent.
     *
     * @param asked only this organisation's; null: of all of those
     */
    Uni<HeartbeatPage> stale(
            SqlConnection connection, Caller caller, @Nullable UUID asked, AgentCursor after, int limit) {
        Tuple values =
                Tuple.of(offlineAfter(), caller.organisation(), after.workspaceId(), after.agentId(), limit + 1, asked);
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(STALE).execute(values))
                .map(rows -> HeartbeatPage.of(heartbeats(rows), limit));
    }

    private double offlineAfter() {
        return settings.offlineAfter().toMillis() / 1000.0;
    }

    private static List<Heartbeat> heartbeats(RowSet<Row> rows) {
        return rows.stream()
                .filter(row -> row.getString("agent_id") != null)
                .map(HeartbeatViewRepository::heartbeat)
                .toList();
    }

    private static Heartbeat heartbeat(Row row) {
        return new Heartbeat(
                row.getUUID("workspace_id"),
                row.getString("agent_id"),
                row.getUUID("org_id"),
                row.getString("status"),
                row.getBoolean("silent") ? "silent" : "alive",
                row.getOffsetDateTime("beat_at"),
                row.getOffsetDateTime("silent_since"),
                row.getOffsetDateTime("started_at"),
                row.getOffsetDateTime("started_at") == null ? null : row.getLong("uptime_seconds"),
                row.getDouble("error_rate"),
                row.getString("sample_error"),
                row.getInteger("active_tasks"),
                row.getString("current_task"),
                row.getString("loop_id"),
                row.getString("detail"),
                row.getString("url"),
                row.getString("delivery_mode"),
                row.getOffsetDateTime("registered_at"),
                row.getOffsetDateTime("paused_until"));
    }
}
