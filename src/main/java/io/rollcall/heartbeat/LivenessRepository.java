package io.rollcall.heartbeat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The liveness sweep's statements. As in the ledger's sweep, what is picked is locked and judged again by the statement that
 * writes: a beat that landed in between wins, and who holds a lock is left for the next sweep. Incidents and workspaces'
 * statuses follow from what is written then, not from what was just found: a sweep that was cut off is made good by the next.
 *
 * <p>{@code $1} moves the clock in tests. The table of beats is read from end to end, since nothing but its key is indexed;
 * that is what makes a beat cheap.
 */
@ApplicationScoped
class LivenessRepository {

    private static final String SCAN = "SET LOCAL enable_seqscan = on";

    private static final String CLOCK = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            """;

    private static final String IS_SILENT = """
            h.live AND h.silent_since IS NULL AND h.beat_at < (SELECT c.now FROM clock c) - make_interval(secs => $2)
                   AND NOT EXISTS (SELECT 1 FROM watchdog_pauses p
                                    WHERE p.workspace_id = h.workspace_id AND p.agent_id IN (h.agent_id, '*')
                                      AND p.until_at > (SELECT c.now FROM clock c))
            """;

    private static final String PICK = CLOCK + """
            picked AS (
                SELECT h.workspace_id, h.agent_id FROM heartbeats h
                 WHERE $IS_SILENT LIMIT $3)
            SELECT p.workspace_id, p.agent_id FROM picked p
            """.replace("$IS_SILENT", IS_SILENT.strip());

    private static final String JUDGE = CLOCK + """
            due AS MATERIALIZED (
                SELECT h.workspace_id, h.agent_id
                  FROM unnest($3::uuid[], $4::text[]) AS a (workspace_id, agent_id)
                  JOIN heartbeats h ON h.workspace_id = a.workspace_id AND h.agent_id = a.agent_id
                 WHERE $IS_SILENT
                 ORDER BY h.workspace_id, h.agent_id FOR NO KEY UPDATE OF h SKIP LOCKED)
            UPDATE heartbeats h SET silent_since = (SELECT c.now FROM clock c)
              FROM due d WHERE h.workspace_id = d.workspace_id AND h.agent_id = d.agent_id
            """.replace("$IS_SILENT", IS_SILENT.strip());

    /**
     * One for each time that an agent fell silent; while its cool-down runs none, and one after it if the agent is silent
     * still. The cool-down doubles with each that follows the one before within twice its cool-down.
     */
    private static final String RAISE = CLOCK + """
            found AS MATERIALIZED (
                SELECT h.workspace_id, h.agent_id, h.org_id, h.beat_at, h.silent_since,
                       CASE WHEN last.id IS NULL
                              OR last.cool_down_until + (last.cool_down_until - last.raised_at) < (SELECT c.now FROM clock c)
                            THEN 0 ELSE last.streak + 1 END AS streak
                  FROM heartbeats h
                  LEFT JOIN LATERAL (
                       SELECT i.id, i.streak, i.raised_at, i.cool_down_until, i.ended_at FROM incidents i
                        WHERE i.workspace_id = h.workspace_id AND i.agent_id = h.agent_id
                        ORDER BY i.id DESC LIMIT 1) last ON true
                 WHERE h.live AND h.silent_since IS NOT NULL
                   AND (last.id IS NULL
                        OR last.ended_at IS NOT NULL AND last.cool_down_until <= (SELECT c.now FROM clock c))
                 ORDER BY h.workspace_id, h.agent_id LIMIT $2 FOR NO KEY UPDATE OF h SKIP LOCKED),
            raised AS (
                INSERT INTO incidents AS i (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, raised_at,
                                            cool_down_until, notify_at)
                SELECT f.org_id, f.workspace_id, f.agent_id, 'agent_silent',
                       'agent ' || f.agent_id || ' was last heard at '
                       || to_char(f.beat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                       f.beat_at, f.streak, (SELECT c.now FROM clock c),
                       (SELECT c.now FROM clock c) + least(60, 10 * 2 ^ least(f.streak, 3)) * interval '1 minute',
                       CASE WHEN $3 THEN (SELECT c.now FROM clock c) END
                  FROM found f
                ON CONFLICT (workspace_id, agent_id, type) WHERE ended_at IS NULL DO NOTHING
                RETURNING i.org_id, i.workspace_id, i.message)
            INSERT INTO activity_logs (org_id, workspace_id, type, method, status, summary, actor)
            SELECT r.org_id, r.workspace_id, 'incident', 'agent_silent', 'open', r.message, 'sweeper' FROM raised r
            """;

    /** Those that nobody is heard of any more. */
    private static final String PICK_WORKSPACES = """
            SELECT DISTINCT h.workspace_id FROM heartbeats h JOIN workspaces w ON w.id = h.workspace_id
             WHERE h.live AND h.silent_since IS NOT NULL AND w.status IN ('online', 'degraded')
               AND NOT EXISTS (SELECT 1 FROM heartbeats o
                                WHERE o.workspace_id = h.workspace_id AND o.silent_since IS NULL)
             LIMIT $1
            """;

    private static final String FLEET =
            "SELECT count(*) AS live FROM heartbeats h WHERE h.live AND h.silent_since IS NULL";

    /** An agent's row. */
    record Key(UUID workspaceId, String agentId) {}

    /** Who is silent for so long, is not known to be, and is not paused. */
    Uni<List<Key>> pick(SqlConnection connection, @Nullable OffsetDateTime now, Duration silence, int batch) {
        return scan(connection, PICK, Tuple.of(now, seconds(silence), batch))
                .map(rows -> rows.map(row -> new Key(row.getUUID("workspace_id"), row.getString("agent_id")))
                        .toList());
    }

    /** Of those who were picked they who are free and silent still. @return how many */
    Uni<Integer> judge(SqlConnection connection, @Nullable OffsetDateTime now, Duration silence, List<Key> keys) {
        Tuple values = Tuple.of(now, seconds(silence))
                .addArrayOfUUID(keys.stream().map(Key::workspaceId).toArray(UUID[]::new))
                .addArrayOfString(keys.stream().map(Key::agentId).toArray(String[]::new));
        return connection.preparedQuery(JUDGE).execute(values).map(rows -> rows.rowCount());
    }

    /** @return how many */
    Uni<Integer> raise(SqlConnection connection, @Nullable OffsetDateTime now, int batch, boolean notify) {
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(RAISE).execute(Tuple.of(now, batch, notify)))
                .map(rows -> rows.rowCount());
    }

    Uni<List<UUID>> silentWorkspaces(SqlConnection connection, int batch) {
        return scan(connection, PICK_WORKSPACES, Tuple.of(batch))
                .map(rows -> rows.map(row -> row.getUUID("workspace_id")).toList());
    }

    /** How many agents are not silent. */
    Uni<Long> fleet(SqlConnection connection) {
        return scan(connection, FLEET, Tuple.tuple())
                .map(rows -> rows.findFirst().orElseThrow().getLong("live"));
    }

    private static Uni<java.util.stream.Stream<Row>> scan(SqlConnection connection, String statement, Tuple values) {
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(statement).execute(values))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
