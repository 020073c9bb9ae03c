package io.rollcall.heartbeat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** How what is old is deleted. Rows that somebody else holds are left for the next time. */
@ApplicationScoped
class HeartbeatRetentionRepository {

    /** The pool forbids sequential scans; these tables have no index on time. */
    private static final String SCAN = "SET LOCAL enable_seqscan = on";

    /** A window of the walk: how far it reached, and whether there can be more behind. */
    private static final String FORGET_INCIDENTS = """
            WITH line AS MATERIALIZED (
                SELECT COALESCE($1::timestamptz, now()) - make_interval(secs => $2) AS at),
            seen AS MATERIALIZED (
                SELECT i.id, i.raised_at, i.ended_at FROM incidents i WHERE i.id > $3 ORDER BY i.id LIMIT $4),
            old AS MATERIALIZED (
                SELECT i.id FROM incidents i
                 WHERE i.id = ANY (ARRAY(
                           SELECT s.id FROM seen s CROSS JOIN line l
                            WHERE s.raised_at < l.at AND (s.ended_at IS NULL OR s.ended_at < l.at)))
                 ORDER BY i.id FOR UPDATE SKIP LOCKED),
            gone AS (DELETE FROM incidents i USING old o WHERE i.id = o.id)
            SELECT max(s.id) AS up_to,
                   count(*) = $4 AND NOT bool_or(s.raised_at >= (SELECT l.at FROM line l)) AS more
              FROM seen s
            """;

    /** What an agent said goes with its row. */
    private static final String FORGET_AGENTS = """
            WITH old AS MATERIALIZED (
                SELECT h.workspace_id, h.agent_id FROM heartbeats h
                 WHERE NOT h.live
                    OR h.beat_at < (SELECT COALESCE($1::timestamptz, now())) - make_interval(secs => $2)
                 LIMIT $3 FOR UPDATE SKIP LOCKED)
            DELETE FROM heartbeats h USING old o WHERE h.workspace_id = o.workspace_id AND h.agent_id = o.agent_id
            """;

    private static final String FORGET_PAUSES = """
            WITH old AS MATERIALIZED (
                SELECT p.workspace_id, p.agent_id FROM watchdog_pauses p
                 WHERE p.until_at <= (SELECT COALESCE($1::timestamptz, now())) LIMIT $2 FOR UPDATE SKIP LOCKED)
            DELETE FROM watchdog_pauses p USING old o WHERE p.workspace_id = o.workspace_id AND p.agent_id = o.agent_id
            """;

    /**
     * @param upTo the last one that was looked at
     * @param isMoreBehind whether there are others that may be old enough
     */
    record Forgotten(long upTo, boolean isMoreBehind) {}

    /** Looks at the batch behind an incident. */
    Uni<Forgotten> forgetIncidents(
            SqlConnection connection, @Nullable OffsetDateTime now, Duration retention, long after, int batch) {
        return connection
                .preparedQuery(FORGET_INCIDENTS)
                .execute(Tuple.of(now, (double) retention.toSeconds(), after, batch))
                .map(rows -> rows.iterator().next())
                .map(row -> row.getLong("up_to") == null
                        ? new Forgotten(after, false)
                        : new Forgotten(row.getLong("up_to"), row.getBoolean("more")));
    }

    /** @return how many went; fewer than the batch when no others are old */
    Uni<Integer> forgetAgents(SqlConnection connection, @Nullable OffsetDateTime now, Duration retention, int batch) {
        return forget(connection, FORGET_AGENTS, Tuple.of(now, (double) retention.toSeconds(), batch));
    }

    /** @return how many went; fewer than the batch when no others have ended */
    Uni<Integer> forgetPauses(SqlConnection connection, @Nullable OffsetDateTime now, int batch) {
        return forget(connection, FORGET_PAUSES, Tuple.of(now, batch));
    }

    private static Uni<Integer> forget(SqlConnection connection, String statement, Tuple values) {
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(statement).execute(values))
                .map(rows -> rows.rowCount());
    }
}
