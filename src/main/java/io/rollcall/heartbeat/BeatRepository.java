package io.rollcall.heartbeat;

import io.rollcall.heartbeat.Outcome.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of beats. One statement writes when they came; only for those who say something new of themselves, or were held to
 * be silent, a second one writes that, and a third the statuses of workspaces that change by it.
 *
 * <p>The transaction works for all organisations: each beat names its own, and is compared with its row's.
 */
@ApplicationScoped
class BeatRepository {

    /** Of a workspace. Whoever makes up a new id with each beat would fill the table. */
    static final int MOST_AGENTS = 1000;

    private static final String ASKED = """
            WITH given AS MATERIALIZED (
                SELECT a.ordinal, a.workspace_id, a.agent_id, a.org_id, a.said, a.error_rate, a.uptime
                  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::float8[], $6::float8[]) WITH ORDINALITY
                       AS a (workspace_id, agent_id, org_id, said, error_rate, uptime, ordinal)),
            """;

    private static final String ALL = """
            asked AS (SELECT $COLUMNS FROM given g),
            """.replace("$COLUMNS", columns("g"));

    /** Without those whose row somebody else has locked. */
    private static final String FREE = """
            free AS MATERIALIZED (
                SELECT g.ordinal FROM given g
                  JOIN heartbeats h ON h.workspace_id = g.workspace_id AND h.agent_id = g.agent_id
                   FOR NO KEY UPDATE OF h SKIP LOCKED),
            asked AS MATERIALIZED (
                SELECT $COLUMNS FROM given g
                 WHERE g.ordinal IN (SELECT f.ordinal FROM free f)
                    OR NOT EXISTS (SELECT 1 FROM heartbeats h
                                    WHERE h.workspace_id = g.workspace_id AND h.agent_id = g.agent_id)),
            """.replace("$COLUMNS", columns("g"));

    /**
     * Those that have a row are two look-ups by key each; only the others are looked at more closely. No two of the parts are
     * joined: the planner, which expects ten rows of any array, would compare each with each. An uptime counts from a
     * start, which stays the same but for what clocks and networks blur.
     */
    private static final String RECORDED = """
            beaten AS (
                UPDATE heartbeats h
                   SET beat_at = now(),
                       started_at = CASE
                           WHEN a.uptime IS NULL
                                OR abs(extract(epoch FROM now() - h.started_at) - a.uptime) < 10 THEN h.started_at
                           ELSE now() - make_interval(secs => a.uptime) END
                  FROM asked a
                 WHERE h.workspace_id = a.workspace_id AND h.agent_id = a.agent_id AND h.live
                   AND (a.org_id IS NULL OR h.org_id = a.org_id)
                RETURNING a.ordinal, a.workspace_id, a.error_rate, a.said <> h.said AS told,
                          h.silent_since IS NOT NULL AS returned),
            numbered AS (
                SELECT a.ordinal, a.workspace_id, a.agent_id, a.org_id, a.said, a.uptime,
                       row_number() OVER (PARTITION BY a.workspace_id ORDER BY a.ordinal) AS place
                  FROM asked a WHERE a.ordinal NOT IN (SELECT b.ordinal FROM beaten b)),
            missing AS MATERIALIZED (
                SELECT n.ordinal, n.workspace_id, n.agent_id, n.org_id, n.said, n.uptime,
                       n.place > max(CASE WHEN n.place = 1 THEN
                           $7 - (SELECT count(*) FROM heartbeats h WHERE h.workspace_id = n.workspace_id) END)
                           OVER (PARTITION BY n.workspace_id) AS crowded
                  FROM numbered n),
            places AS MATERIALIZED (
                SELECT w.id, w.org_id, m.agent_id, m.uptime FROM missing m
                  JOIN workspaces w ON w.id = m.workspace_id AND w.live AND (m.org_id IS NULL OR w.org_id = m.org_id)
                 WHERE NOT m.crowded
                   FOR KEY SHARE OF w SKIP LOCKED),
            fresh AS (
                INSERT INTO heartbeats AS h (workspace_id, agent_id, org_id, started_at)
                SELECT p.id, p.agent_id, p.org_id, now() - make_interval(secs => p.uptime)
                  FROM places p
                 ORDER BY p.id, p.agent_id
                ON CONFLICT (workspace_id, agent_id) DO UPDATE SET beat_at = now() WHERE h.live
                RETURNING h.workspace_id, h.agent_id)
            SELECT b.ordinal, w.status, w.removed_at, true AS recorded, b.told, b.returned, false AS crowded,
                   workspace_status_heard(w.status, true, b.error_rate, w.external) <> w.status AS due
              FROM beaten b JOIN workspaces w ON w.id = b.workspace_id
             UNION ALL
            SELECT m.ordinal, w.status, w.removed_at,
                   (m.workspace_id, m.agent_id) IN (SELECT f.workspace_id, f.agent_id FROM fresh f), m.said IS NOT NULL,
                   false, m.crowded, true
              FROM missing m
              LEFT JOIN workspaces w ON w.id = m.workspace_id AND (m.org_id IS NULL OR w.org_id = m.org_id)
            """;

    private static final String BEAT = ASKED + ALL + RECORDED;
    private static final String BEAT_WHO_IS_FREE = ASKED + FREE + RECORDED;

    /** All that they say, since a beat says all of it; and that they are heard again. */
    private static final String TELL = """
            WITH asked AS MATERIALIZED (
                SELECT a.workspace_id, a.agent_id, a.said, a.status, a.error_rate, a.sample_error, a.active_tasks,
                       a.current_task, a.loop_id, a.detail
                  FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::float8[], $6::text[], $7::int[],
                              $8::text[], $9::text[], $10::text[])
                       AS a (workspace_id, agent_id, said, status, error_rate, sample_error, active_tasks, current_task,
                             loop_id, detail)),
            told AS (
                INSERT INTO agent_states AS s (workspace_id, agent_id, org_id, status, error_rate, sample_error,
                                               active_tasks, current_task, loop_id, detail)
                SELECT h.workspace_id, h.agent_id, h.org_id, a.status, a.error_rate, a.sample_error, a.active_tasks,
                       a.current_task, a.loop_id, a.detail::jsonb
                  FROM asked a JOIN heartbeats h ON h.workspace_id = a.workspace_id AND h.agent_id = a.agent_id
                 WHERE a.said IS NOT NULL
                ON CONFLICT (workspace_id, agent_id) DO UPDATE
                   SET status = excluded.status, error_rate = excluded.error_rate, sample_error = excluded.sample_error,
                       active_tasks = excluded.active_tasks, current_task = excluded.current_task,
                       loop_id = excluded.loop_id, detail = excluded.detail, said_at = now()),
            ended AS (
                UPDATE incidents i SET ended_at = now()
                  FROM asked a JOIN heartbeats h ON h.workspace_id = a.workspace_id AND h.agent_id = a.agent_id
                 WHERE h.silent_since IS NOT NULL AND i.workspace_id = a.workspace_id AND i.agent_id = a.agent_id
                   AND i.ended_at IS NULL)
            UPDATE heartbeats h SET said = CASE WHEN a.said IS NULL THEN h.said ELSE a.said END, silent_since = NULL
              FROM asked a
             WHERE h.workspace_id = a.workspace_id AND h.agent_id = a.agent_id
            """;

    private final WorkspaceStatuses statuses;

    BeatRepository(WorkspaceStatuses statuses) {
        this.statuses = statuses;
    }

    /**
     * No two of them may be of one agent.
     *
     * @param passOver leaves out who is locked by somebody else, with {@link Verdict#BUSY}; otherwise they are waited for
     */
    Uni<List<Outcome>> write(SqlConnection connection, List<Beat> beats, boolean passOver) {
        if (beats.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        Tuple values = Tuple.tuple()
                .addArrayOfUUID(column(beats, Beat::workspaceId, UUID[]::new))
                .addArrayOfString(column(beats, Beat::agentId, String[]::new))
                .addArrayOfUUID(column(beats, Beat::organisation, UUID[]::new))
                .addArrayOfLong(column(beats, BeatRepository::fingerprint, Long[]::new))
                .addArrayOfDouble(column(beats, of(Said::errorRate), Double[]::new))
                .addArrayOfDouble(column(
                        beats,
                        beat -> beat.uptimeSeconds() == null
                                ? null
                                : beat.uptimeSeconds().doubleValue(),
                        Double[]::new))
                .addLong((long) MOST_AGENTS);
        return connection
                .preparedQuery(passOver ? BEAT_WHO_IS_FREE : BEAT)
                .execute(values)
                .chain(rows -> follow(connection, beats, rows));
    }

    private Uni<List<Outcome>> follow(SqlConnection connection, List<Beat> beats, RowSet<Row> rows) {
        var outcomes = new ArrayList<Outcome>(beats.size());
        beats.forEach(beat -> outcomes.add(new Outcome(Verdict.BUSY, null, null)));
        var telling = new ArrayList<Beat>();
        Set<UUID> due = new HashSet<>();
        for (Row row : rows) {
            int index = row.getLong("ordinal").intValue() - 1;
            Outcome outcome = outcome(row);
            outcomes.set(index, outcome);
            if (!outcome.recorded()) {
                continue;
            }
            Beat beat = beats.get(index);
            boolean returned = row.getBoolean("returned");
            if (returned || Boolean.TRUE.equals(row.getBoolean("told"))) {
                telling.add(beat);
            }
            if (returned || row.getBoolean("due")) {
                due.add(beat.workspaceId());
            }
        }
        if (telling.isEmpty() && due.isEmpty()) {
            return Uni.createFrom().item(outcomes);
        }
        // Sent one after the other at once: the second one's snapshot has what the first wrote.
        return Uni.combine()
                .all()
                .unis(tell(connection, telling), statuses.settle(connection, due, "heartbeat"))
                .with((told, moved) -> {
                    for (int i = 0; i < outcomes.size(); i++) {
                        outcomes.set(
                                i, after(outcomes.get(i), moved, beats.get(i).workspaceId()));
                    }
                    return outcomes;
                });
    }

    private static Outcome after(Outcome outcome, Map<UUID, String> moved, UUID workspaceId) {
        String status = moved.get(workspaceId);
        return status == null || !outcome.recorded() ? outcome : new Outcome(outcome.verdict(), status, null);
    }

    private static Outcome outcome(Row row) {
        String status = row.getString("status");
        Verdict verdict = status == null
                ? Verdict.NOT_FOUND
                : row.getOffsetDateTime("removed_at") != null
                        ? Verdict.REMOVED
                        : row.getBoolean("recorded")
                                ? Verdict.RECORDED
                                : row.getBoolean("crowded") ? Verdict.TOO_MANY_AGENTS : Verdict.BUSY;
        return new Outcome(verdict, status, row.getOffsetDateTime("removed_at"));
    }

    private static Uni<?> tell(SqlConnection connection, List<Beat> beats) {
        if (beats.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple values = Tuple.tuple()
                .addArrayOfUUID(column(beats, Beat::workspaceId, UUID[]::new))
                .addArrayOfString(column(beats, Beat::agentId, String[]::new))
                .addArrayOfLong(column(beats, BeatRepository::fingerprint, Long[]::new))
                .addArrayOfString(column(beats, of(Said::status), String[]::new))
                .addArrayOfDouble(column(beats, of(Said::errorRate), Double[]::new))
                .addArrayOfString(column(beats, of(Said::sampleError), String[]::new))
                .addArrayOfInteger(column(beats, of(Said::activeTasks), Integer[]::new))
                .addArrayOfString(column(beats, of(Said::currentTask), String[]::new))
                .addArrayOfString(column(beats, of(Said::loopId), String[]::new))
                .addArrayOfString(column(beats, of(Said::detail), String[]::new));
        return connection.preparedQuery(TELL).execute(values);
    }

    private static @Nullable Long fingerprint(Beat beat) {
        return beat.said() == null ? null : beat.said().fingerprint();
    }

    private static <C> Function<Beat, @Nullable C> of(Function<Said, @Nullable C> field) {
        return beat -> beat.said() == null ? null : field.apply(beat.said());
    }

    private static <C> C[] column(List<Beat> rows, Function<Beat, @Nullable C> value, IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static String columns(String alias) {
        return "x.ordinal, x.workspace_id, x.agent_id, x.org_id, x.said, x.error_rate, x.uptime"
                .replace("x.", alias + ".");
    }
}
