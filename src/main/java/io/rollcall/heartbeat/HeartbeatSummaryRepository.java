package io.rollcall.heartbeat;

import io.rollcall.access.Caller;
import io.rollcall.schema.PlannedEachTime;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;

/**
 * The SQL of summaries. One organisation's rows are found by their indexes, a whole fleet's, or those of an organisation that
 * is most of it, by reading everything: hence planned each time.
 */
@ApplicationScoped
class HeartbeatSummaryRepository {

    /** The pool forbids sequential scans, by which a fleet is counted best; and no dashboard shall have two processors. */
    private static final String SCAN = "SET LOCAL enable_seqscan = on; SET LOCAL max_parallel_workers_per_gather = 0";

    /** Grouped first, so that each row is compared once and not with every status. Paused ones are found from the pauses. */
    private static final String COUNT = PlannedEachTime.statement("""
            WITH w AS MATERIALIZED (
                SELECT w.status, count(*) AS n FROM workspaces w
                 WHERE ($2::uuid IS NULL OR w.org_id = $2) AND w.live IS NOT NULL AND w.live
                 GROUP BY w.status),
            heard AS MATERIALIZED (
                SELECT count(*) AS agents,
                       count(*) FILTER (WHERE h.beat_at < now() - make_interval(secs => $1)) AS silent
                  FROM heartbeats h
                 WHERE ($2::uuid IS NULL OR h.org_id = $2) AND h.agent_id <> '' AND h.live),
            paused AS MATERIALIZED (
                SELECT h.workspace_id, h.agent_id
                  FROM watchdog_pauses p
                  JOIN heartbeats h ON h.workspace_id = p.workspace_id AND p.agent_id IN ('*', h.agent_id)
                 WHERE ($2::uuid IS NULL OR p.org_id = $2) AND p.until_at > now() AND h.live
                 GROUP BY h.workspace_id, h.agent_id)
            SELECT now() AS as_of, h.agents, h.silent, (SELECT count(*) FROM paused) AS paused,
                   (SELECT json_object_agg(w.status, w.n) FROM w) AS workspaces
              FROM heard h
            """);

    private final HeartbeatSettings settings;

    HeartbeatSummaryRepository(HeartbeatSettings settings) {
        this.settings = settings;
    }

    Uni<HeartbeatSummary> count(SqlConnection connection, Caller caller) {
        double offlineAfter = settings.offlineAfter().toMillis() / 1000.0;
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(COUNT).execute(Tuple.of(offlineAfter, caller.organisation())))
                .map(rows -> summary(rows.iterator().next()));
    }

    private static HeartbeatSummary summary(Row row) {
        var workspaces = Objects.requireNonNullElseGet(row.getJsonObject("workspaces"), JsonObject::new);
        long silent = row.getLong("silent");
        return new HeartbeatSummary(
                new HeartbeatSummary.Workspaces(
                        workspaces.getLong("provisioning", 0L),
                        workspaces.getLong("online", 0L),
                        workspaces.getLong("degraded", 0L),
                        workspaces.getLong("offline", 0L),
                        workspaces.getLong("awaiting_agent", 0L),
                        workspaces.getLong("paused", 0L),
                        workspaces.getLong("hibernating", 0L),
                        workspaces.getLong("hibernated", 0L),
                        workspaces.getLong("failed", 0L)),
                new HeartbeatSummary.Agents(row.getLong("agents") - silent, silent, row.getLong("paused")),
                row.getOffsetDateTime("as_of"));
    }
}
