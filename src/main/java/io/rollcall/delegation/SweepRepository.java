package io.rollcall.delegation;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The sweeper's statements. A verdict has two. One picks a batch, and only reads. The other takes what was picked, locks it
 * and writes, and puts the whole condition again: to the rows as they are when it begins, and to the new version of what
 * changes before it has the lock (EvalPlanQual). Who holds a lock is left for the next sweep. For silence the beat's row is
 * locked as well, so that a beat which landed in between wins; one that comes later waits for the verdict.
 *
 * <p>The conditions exclude each other: a row past its deadline is never found silent, whoever held it when deadlines were
 * looked at. An agent's own beat that lands while the verdict on its unheard work is written comes too late. {@code $1} moves the clock in tests. It comes from a subselect: below row security the planner keeps
 * COALESCE, which it does not know to be leakproof, out of index conditions.
 *
 * <p>Plans are kept, and statistics come late: after many delegations were made at once, those of an emptier table have cost
 * 11 s instead of 2 ms. So the reading statements say how to read, which they may, since no trigger plans under it.
 */
@ApplicationScoped
class SweepRepository {

    /** An organisation is one probe of the index, never all that lies behind it. */
    private static final String PROBE = "SET LOCAL enable_bitmapscan = off";

    /** The pool forbids sequential scans; the table of beats has nothing else to be read by. */
    private static final String SCAN = "SET LOCAL enable_seqscan = on";

    /**
     * The index has the earliest deadline of each organisation first, so that all of them cost a probe each, and the late
     * ones share the batch.
     */
    private static final String PICK_DEADLINE_EXCEEDED = """
            WITH RECURSIVE clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            organisations AS (
                (SELECT d.org_id, d.deadline AS earliest FROM delegations d
                  WHERE d.finished_at IS NULL
                  ORDER BY d.org_id, d.deadline LIMIT 1)
                UNION ALL
                SELECT next.org_id, next.earliest FROM organisations o CROSS JOIN LATERAL (
                    SELECT d.org_id, d.deadline AS earliest FROM delegations d
                     WHERE d.finished_at IS NULL AND d.org_id > o.org_id
                     ORDER BY d.org_id, d.deadline LIMIT 1) next),
            late AS MATERIALIZED (
                SELECT o.org_id, ceil($2::int / count(*) OVER ()::float8)::bigint AS share
                  FROM organisations o WHERE o.earliest < (SELECT c.now FROM clock c))
            SELECT own.id FROM late l CROSS JOIN LATERAL (
                SELECT d.id, d.deadline, row_number() OVER (ORDER BY d.deadline) AS place FROM delegations d
                 WHERE d.finished_at IS NULL AND d.org_id = l.org_id AND d.deadline < (SELECT c.now FROM clock c)
                 ORDER BY d.deadline LIMIT l.share) own
             ORDER BY own.place, own.deadline LIMIT $2
            """;

    private static final String PICK_CANCELLED = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now)
            SELECT asked.id FROM (
                SELECT d.id, row_number() OVER (PARTITION BY d.org_id ORDER BY d.cancel_requested_at) AS place
                  FROM delegations d
                 WHERE d.finished_at IS NULL AND d.deadline >= (SELECT c.now FROM clock c)
                   AND d.cancel_requested_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)) asked
             ORDER BY asked.place, asked.id LIMIT $2
            """;

    /**
     * The beats first: with an emptier table's statistics the planner would begin with all that is in flight. Somebody's work
     * that was never heard of is as silent as the agent who took it, from the quiet agents to what they work on.
     */
    private static final String PICK_LOST = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            quiet AS MATERIALIZED (
                SELECT b.delegation, b.beat_at FROM delegation_beats b
                 WHERE b.beat_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)),
            gone AS MATERIALIZED (
                SELECT h.workspace_id, h.agent_id, h.beat_at FROM heartbeats h
                 WHERE h.beat_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)),
            found AS (
                SELECT q.delegation, q.beat_at FROM quiet q
                 UNION ALL
                SELECT d.id, max(g.beat_at) FROM gone g
                  JOIN delegations d ON d.callee_id = g.workspace_id AND d.status IN ('dispatched', 'in_progress')
                       AND d.finished_at IS NULL AND (d.agent_id IS NULL OR d.agent_id = g.agent_id)
                  JOIN delegation_beats b ON b.delegation = d.id AND b.beat_at IS NULL
                 WHERE d.updated_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)
                   AND NOT EXISTS (
                       SELECT 1 FROM heartbeats o
                        WHERE o.workspace_id = g.workspace_id AND (d.agent_id IS NULL OR o.agent_id = d.agent_id)
                          AND o.beat_at >= (SELECT c.now FROM clock c) - make_interval(secs => $3))
                 GROUP BY d.id)
            SELECT silent.id FROM (
                SELECT d.id, row_number() OVER (PARTITION BY d.org_id ORDER BY f.beat_at) AS place
                  FROM found f JOIN delegations d ON d.id = f.delegation
                 WHERE d.finished_at IS NULL AND d.status <> 'stuck' AND d.deadline >= (SELECT c.now FROM clock c)
                   AND (d.cancel_requested_at IS NULL
                        OR d.cancel_requested_at >= (SELECT c.now FROM clock c) - make_interval(secs => $4))) silent
             ORDER BY silent.place, silent.id LIMIT $2
            """;

    /** By how many seconds a row of {@code due} is late, in words. */
    private static final String LATE = """
            CASE WHEN due.seconds < 60 THEN due.seconds || ' s'
                 WHEN due.seconds < 3600 THEN due.seconds / 60 || ' min ' || due.seconds % 60 || ' s'
                 ELSE due.seconds / 3600 || ' h ' || due.seconds % 3600 / 60 || ' min' END
            """;

    private static final String DEADLINE_EXCEEDED = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            due AS MATERIALIZED (
                SELECT d.id, d.deadline,
                       floor(extract(epoch FROM (SELECT c.now FROM clock c) - d.deadline))::bigint AS seconds
                  FROM delegations d
                 WHERE d.id = ANY ($2::bigint[])
                   AND d.finished_at IS NULL AND d.deadline < (SELECT c.now FROM clock c)
                 ORDER BY d.id FOR NO KEY UPDATE OF d SKIP LOCKED),
            found AS (
                SELECT due.id, 'deadline ' || to_char(due.deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                               || ' exceeded by ' || """ + LATE + """
                       AS reason FROM due)
            UPDATE delegations d
               SET status = 'failed', outcome = 'deadline_exceeded', error_detail = f.reason,
                   event_actor = 'sweeper', event_reason = f.reason
              FROM found f WHERE d.id = f.id
            """;

    private static final String CANCELLED = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            due AS MATERIALIZED (
                SELECT d.id,
                       floor(extract(epoch FROM (SELECT c.now FROM clock c) - d.cancel_requested_at))::bigint AS seconds
                  FROM delegations d
                 WHERE d.id = ANY ($2::bigint[])
                   AND d.finished_at IS NULL AND d.deadline >= (SELECT c.now FROM clock c)
                   AND d.cancel_requested_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)
                 ORDER BY d.id FOR NO KEY UPDATE OF d SKIP LOCKED),
            found AS (SELECT due.id, 'asked to stop, and not ended after ' || """ + LATE + """
                       AS reason FROM due)
            UPDATE delegations d
               SET status = 'failed', outcome = 'cancelled', error_detail = f.reason,
                   event_actor = 'sweeper', event_reason = f.reason
              FROM found f WHERE d.id = f.id
            """;

    private static final String LOST = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            due AS MATERIALIZED (
                SELECT d.id, floor(extract(epoch FROM (SELECT c.now FROM clock c)
                                   - CASE WHEN b.beat_at IS NULL THEN greatest(callee.heard_at, d.updated_at)
                                          ELSE b.beat_at END))::bigint AS seconds
                  FROM delegations d JOIN delegation_beats b ON b.delegation = d.id
                 CROSS JOIN LATERAL (
                       SELECT max(h.beat_at) AS heard_at FROM heartbeats h
                        WHERE h.workspace_id = d.callee_id AND (d.agent_id IS NULL OR h.agent_id = d.agent_id)) callee
                 WHERE d.id = ANY ($2::bigint[])
                   AND (b.beat_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)
                        OR b.beat_at IS NULL AND d.status IN ('dispatched', 'in_progress')
                           AND callee.heard_at < (SELECT c.now FROM clock c) - make_interval(secs => $3)
                           AND d.updated_at < (SELECT c.now FROM clock c) - make_interval(secs => $3))
                   AND d.finished_at IS NULL AND d.status <> 'stuck' AND d.deadline >= (SELECT c.now FROM clock c)
                   AND (d.cancel_requested_at IS NULL
                        OR d.cancel_requested_at >= (SELECT c.now FROM clock c) - make_interval(secs => $4))
                 ORDER BY d.id FOR NO KEY UPDATE OF d, b SKIP LOCKED),
            found AS (SELECT due.id, 'no heartbeat for ' || """ + LATE + """
                       AS reason FROM due)
            UPDATE delegations d
               SET status = 'stuck', outcome = 'lost', finished_at = CASE WHEN $5 THEN clock_timestamp() END,
                   error_detail = f.reason, event_actor = 'sweeper', event_reason = f.reason
              FROM found f WHERE d.id = f.id
            """;

    private final Duration cancelGrace;
    private final boolean stuckIsEnd;

    SweepRepository(LedgerSettings settings) {
        this.cancelGrace = settings.cancelGrace();
        this.stuckIsEnd = settings.stuck() == LedgerSettings.Stuck.FINAL;
    }

    /**
     * What is due, from each organisation its share.
     *
     * @param silence of whose callee, for {@link Verdict#LOST}
     */
    Uni<List<Long>> pick(
            SqlConnection connection, Verdict verdict, @Nullable OffsetDateTime now, Duration silence, int batch) {
        return switch (verdict) {
            case DEADLINE_EXCEEDED -> pick(connection, PROBE, PICK_DEADLINE_EXCEEDED, Tuple.of(now, batch));
            case CANCELLED -> pick(connection, PROBE, PICK_CANCELLED, Tuple.of(now, batch, seconds(cancelGrace)));
            case LOST ->
                pick(connection, SCAN, PICK_LOST, Tuple.of(now, batch, seconds(silence), seconds(cancelGrace)));
        };
    }

    private static Uni<List<Long>> pick(SqlConnection connection, String way, String statement, Tuple values) {
        return connection
                .query(way)
                .execute()
                .chain(() -> connection.preparedQuery(statement).execute(values))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map((Row row) -> row.getLong("id"))
                        .toList());
    }

    /** Of what was picked that which is free and still due. @return how many */
    Uni<Integer> settle(
            SqlConnection connection, Verdict verdict, @Nullable OffsetDateTime now, Duration silence, List<Long> ids) {
        Long[] picked = ids.toArray(Long[]::new);
        return switch (verdict) {
            case DEADLINE_EXCEEDED -> settle(connection, DEADLINE_EXCEEDED, Tuple.of(now, picked));
            case CANCELLED -> settle(connection, CANCELLED, Tuple.of(now, picked, seconds(cancelGrace)));
            case LOST ->
                settle(connection, LOST, Tuple.of(now, picked, seconds(silence), seconds(cancelGrace), stuckIsEnd));
        };
    }

    private static Uni<Integer> settle(SqlConnection connection, String statement, Tuple values) {
        return connection.preparedQuery(statement).execute(values).map(rows -> rows.rowCount());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
