package io.rollcall.heartbeat;

import io.rollcall.access.Caller;
import io.rollcall.schema.PlannedEachTime;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * The SQL of summaries. Two statements, of one organisation and of all: agents of one are found through its workspaces, so
 * that a small one does not read a large fleet.
 */
@ApplicationScoped
class HeartbeatSummaryRepository {

    /** The pool forbids sequential scans, and a large fleet is counted best by one. */
    private static final String SCAN = "SET LOCAL enable_seqscan = on";

    private static final String WORKSPACES = """
            SELECT count(*) FILTER (WHERE w.status = 'provisioning') AS provisioning,
                   count(*) FILTER (WHERE w.status = 'online') AS online,
                   count(*) FILTER (WHERE w.status = 'degraded') AS degraded,
                   count(*) FILTER (WHERE w.status = 'offline') AS offline,
                   count(*) FILTER (WHERE w.status = 'awaiting_agent') AS awaiting_agent,
                   count(*) FILTER (WHERE w.status = 'paused') AS paused_workspaces,
                   count(*) FILTER (WHERE w.status = 'hibernating') AS hibernating,
                   count(*) FILTER (WHERE w.status = 'hibernated') AS hibernated,
                   count(*) FILTER (WHERE w.status = 'failed') AS failed
              FROM workspaces w""";

    private static final String AGENTS = """
            SELECT count(*) AS agents,
                   count(*) FILTER (WHERE h.beat_at < now() - make_interval(secs => $1)) AS silent""";

    /** From the pauses that run, which are few. */
    private static final String PAUSED = """
            SELECT count(*) AS paused FROM (
                   SELECT h.workspace_id, h.agent_id
                     FROM watchdog_pauses p
                     JOIN heartbeats h ON h.workspace_id = p.workspace_id AND p.agent_id IN ('*', h.agent_id)
                    WHERE p.until_at > now() AND h.live AND $WHOSE
                    GROUP BY h.workspace_id, h.agent_id) paused""";

    private static final String OF_ALL = PlannedEachTime.statement(statement(
            WORKSPACES + " WHERE w.live",
            AGENTS + " FROM heartbeats h WHERE h.live",
            PAUSED.replace("$WHOSE", "$2::uuid IS NULL")));

    private static final String OF_ORGANISATION = PlannedEachTime.statement(statement(
            WORKSPACES + " WHERE w.org_id = $2 AND w.live IS NOT NULL AND w.live",
            AGENTS + " FROM workspaces w JOIN heartbeats h ON h.workspace_id = w.id"
                    + " WHERE w.org_id = $2 AND w.live IS NOT NULL AND h.live",
            PAUSED.replace("$WHOSE", "p.org_id = $2")));

    private final LivenessSettings settings;

    HeartbeatSummaryRepository(LivenessSettings settings) {
        this.settings = settings;
    }

    Uni<HeartbeatSummary> count(SqlConnection connection, Caller caller) {
        String statement = caller.organisation() == null ? OF_ALL : OF_ORGANISATION;
        double offlineAfter = settings.offlineAfter().toMillis() / 1000.0;
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(statement).execute(Tuple.of(offlineAfter, caller.organisation())))
                .map(rows -> summary(rows.iterator().next()));
    }

    private static String statement(String workspaces, String agents, String paused) {
        return "SELECT now() AS as_of, w.provisioning, w.online, w.degraded, w.offline, w.awaiting_agent,"
                + " w.paused_workspaces, w.hibernating, w.hibernated, w.failed, a.agents, a.silent, p.paused"
                + " FROM (" + workspaces + ") w CROSS JOIN (" + agents + ") a CROSS JOIN (" + paused + ") p";
    }

    private static HeartbeatSummary summary(Row row) {
        long silent = row.getLong("silent");
        return new HeartbeatSummary(
                new HeartbeatSummary.Workspaces(
                        row.getLong("provisioning"),
                        row.getLong("online"),
                        row.getLong("degraded"),
                        row.getLong("offline"),
                        row.getLong("awaiting_agent"),
                        row.getLong("paused_workspaces"),
                        row.getLong("hibernating"),
                        row.getLong("hibernated"),
                        row.getLong("failed")),
                new HeartbeatSummary.Agents(row.getLong("agents") - silent, silent, row.getLong("paused")),
                row.getOffsetDateTime("as_of"));
    }
}
