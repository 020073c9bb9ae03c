package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The ledger as it is read. Of a workspace's token every statement shows only what the workspace asked or was asked; of what
 * it has no part in it does not learn that it exists.
 */
@ApplicationScoped
class DelegationRepository {

    /** Late results that one reply carries, and the bytes of theirs. The rest is in the events, in short. */
    private static final int MOST_LATE = 100;

    private static final int MOST_LATE_BYTES = 10 * 1024 * 1024;

    /** Beats and results that are written apart are part of what is shown, hence of its version. */
    private static final String FIND = "SELECT " + DelegationRow.COLUMNS + """
            , b.note, task.body AS task, result.body AS result, concat_ws('-', d.xmin, b.xmin) AS version
              FROM delegations d
              LEFT JOIN delegation_beats b ON b.delegation = d.id
              LEFT JOIN delegation_payloads task ON task.delegation = d.id AND task.kind = 'task'
              LEFT JOIN delegation_payloads result ON result.delegation = d.id AND result.kind = 'result'
             WHERE d.delegation_id = $2 AND ($3::uuid IS NULL OR d.org_id = $3)
               AND ($4::uuid IS NULL OR d.caller_id = $4 OR d.callee_id = $4)
             ORDER BY d.id LIMIT 2
            """;

    private static final String LATE = """
            SELECT e.to_status, e.actor, e.attempt, e.at, e.detail ->> 'result_preview' AS result_preview,
                   e.detail ->> 'error_detail' AS error_detail,
                   CASE WHEN sum(octet_length(e.result)) OVER (ORDER BY e.seq) <= $5 THEN e.result END AS result
              FROM delegations d JOIN delegation_events e ON e.delegation = d.id AND e.kind = 'late_result'
             WHERE d.delegation_id = $1 AND ($2::uuid IS NULL OR d.org_id = $2)
               AND ($3::uuid IS NULL OR d.caller_id = $3 OR d.callee_id = $3)
             ORDER BY e.seq LIMIT $4
            """;

    private static final String EVENTS = """
            WITH found AS MATERIALIZED (
                SELECT d.id FROM delegations d
                 WHERE d.delegation_id = $1 AND ($2::uuid IS NULL OR d.org_id = $2)
                   AND ($3::uuid IS NULL OR d.caller_id = $3 OR d.callee_id = $3)
                 ORDER BY d.id LIMIT 2)
            SELECT f.id AS top, e.seq, e.kind, e.from_status, e.to_status, e.actor, e.attempt, e.reason, e.at,
                   e.detail::text AS detail
              FROM found f
              LEFT JOIN LATERAL (
                  SELECT v.seq, v.kind, v.from_status, v.to_status, v.actor, v.attempt, v.reason, v.at, v.detail
                    FROM delegation_events v
                   WHERE v.delegation = f.id AND v.seq > $4 ORDER BY v.seq LIMIT $5) e ON true
             ORDER BY f.id, e.seq
            """;

    /** The one that was asked for; when it is within a tree, beside all of that tree that was made after it. */
    private static final String TOP = """
            WITH top AS MATERIALIZED (
                SELECT d.id, d.org_id, d.root_delegation_id, d.parent_delegation_id IS NULL AS whole
                  FROM delegations d
                 WHERE d.delegation_id = $1 AND ($2::uuid IS NULL OR d.org_id = $2)
                   AND ($3::uuid IS NULL OR d.caller_id = $3 OR d.callee_id = $3)
                 ORDER BY d.id LIMIT 2)
            SELECT t.id AS top, t.org_id, t.whole, e.id, e.delegation_id, e.parent_delegation_id,
                   $3::uuid IS NULL OR e.caller_id = $3 OR e.callee_id = $3 AS shown
              FROM top t
              LEFT JOIN delegations e ON NOT t.whole AND e.root_delegation_id = t.root_delegation_id
                                     AND e.org_id = t.org_id AND e.parent_delegation_id IS NOT NULL AND e.id > t.id
             ORDER BY t.id, e.id
            """;

    /** A page of a whole tree, which is its index, also where a parent was forgotten before its children. */
    private static final String WHOLE = "SELECT " + DelegationRow.COLUMNS + """
              FROM (SELECT d.id FROM delegations d
                     WHERE d.delegation_id = $2 AND d.org_id = $3 AND d.parent_delegation_id IS NULL AND d.id > $5
                    UNION ALL
                    SELECT d.id FROM delegations d
                     WHERE d.root_delegation_id = $2 AND d.org_id = $3 AND d.parent_delegation_id IS NOT NULL AND d.id > $5
                       AND ($4::uuid IS NULL OR d.caller_id = $4 OR d.callee_id = $4)
                     ORDER BY id LIMIT $6) page
              JOIN delegations d ON d.id = page.id
            """ + DelegationRow.BEAT + " ORDER BY d.id";

    private static final String THESE = "SELECT " + DelegationRow.COLUMNS + " FROM delegations d" + DelegationRow.BEAT
            + " WHERE d.id = ANY ($2::bigint[]) AND d.org_id = $3 ORDER BY d.id";

    /** Nothing but what is in flight is looked at row by row; of all the rest entries of indexes are counted. */
    private static final String COUNT = """
            SELECT d.status, count(*) AS rows FROM delegations d
             WHERE d.finished_at IS NULL AND d.status <> 'stuck' AND ($1::uuid IS NULL OR d.org_id = $1)
             GROUP BY d.status
            UNION ALL
            SELECT d.status, count(*) FROM delegations d
             WHERE d.status IN ('failed', 'stuck') AND ($1::uuid IS NULL OR d.org_id = $1)
             GROUP BY d.status
            UNION ALL
            SELECT 'all', count(*) FROM delegations d WHERE ($1::uuid IS NULL OR d.org_id = $1)
            """;

    private final double stuckAfter;

    DelegationRepository(LedgerSettings settings) {
        this.stuckAfter = settings.stuckAfter().toMillis() / 1000.0;
    }

    /** The newest below an id. */
    Uni<List<Delegation>> list(SqlClient client, DelegationFilter filter, long before, int rows) {
        Tuple values = Tuple.tuple()
                .addDouble(stuckAfter)
                .addLong(before)
                .addLong((long) rows)
                .addUUID(filter.visible())
                .addUUID(filter.organisation())
                .addUUID(filter.caller())
                .addUUID(filter.callee())
                .addUUID(filter.either())
                .addString(filter.status() == null ? null : filter.status().word())
                .addBoolean(filter.overdue())
                .addString(filter.root());
        return client.preparedQuery(DelegationList.of(filter))
                .execute(values)
                .map(found -> found.stream().map(DelegationRow::map).toList());
    }

    /** One with all that belongs to it: both statements are sent at once. */
    Uni<FoundDelegation> find(SqlClient client, Caller who, String id) {
        Tuple one = Tuple.of(stuckAfter, id, who.organisation(), who.workspace());
        Tuple late = Tuple.of(id, who.organisation(), who.workspace(), MOST_LATE, MOST_LATE_BYTES);
        return Uni.combine()
                .all()
                .unis(
                        client.preparedQuery(FIND).execute(one),
                        client.preparedQuery(LATE).execute(late))
                .with((found, results) -> {
                    requireOne(found.size(), id);
                    return found(
                            found.iterator().next(),
                            results.stream().map(DelegationRepository::late).toList());
                });
    }

    Uni<List<DelegationEvent>> events(SqlClient client, Caller who, String id, long after, int rows) {
        return client.preparedQuery(EVENTS)
                .execute(Tuple.of(id, who.organisation(), who.workspace(), after, (long) rows))
                .map(found -> below(found, id, row -> row.getLong("seq") != null).stream()
                        .map(DelegationRepository::event)
                        .toList());
    }

    /** A delegation and what is below it, parents before children. */
    Uni<List<Delegation>> tree(SqlClient client, Caller who, String id, long after, int rows) {
        return client.preparedQuery(TOP)
                .execute(Tuple.of(id, who.organisation(), who.workspace()))
                .chain(found -> {
                    requireOneTop(found, id);
                    Row top = found.iterator().next();
                    UUID organisation = top.getUUID("org_id");
                    return top.getBoolean("whole")
                            ? client.preparedQuery(WHOLE)
                                    .execute(
                                            Tuple.of(stuckAfter, id, organisation, who.workspace(), after, (long) rows))
                            : client.preparedQuery(THESE)
                                    .execute(Tuple.of(stuckAfter, part(found, id, after, rows), organisation));
                })
                .map(page -> page.stream().map(DelegationRow::map).toList());
    }

    /**
     * Ids are given in the order of making, and a child is made after its parent: so one pass finds who is of the family. Joined
     * in a recursion, 10,000 rows took the database a minute when its statistics were of a quieter hour.
     */
    private static Long[] part(RowSet<Row> found, String id, long after, int rows) {
        var family = new HashSet<String>(Set.of(id));
        var page = new ArrayList<Long>();
        long top = found.iterator().next().getLong("top");
        if (top > after) {
            page.add(top);
        }
        for (Row row : found) {
            if (row.getLong("id") != null && family.contains(row.getString("parent_delegation_id"))) {
                family.add(row.getString("delegation_id"));
                if (row.getBoolean("shown") && row.getLong("id") > after && page.size() < rows) {
                    page.add(row.getLong("id"));
                }
            }
        }
        return page.toArray(Long[]::new);
    }

    Uni<DelegationStats> count(SqlClient client, Caller who) {
        return client.preparedQuery(COUNT).execute(Tuple.of(who.organisation())).map(DelegationRepository::stats);
    }

    /** Rows of the one that was asked for: it is on each, alone when there are none. */
    private static List<Row> below(RowSet<Row> found, String id, Predicate<Row> isOne) {
        requireOneTop(found, id);
        return found.stream().filter(isOne).toList();
    }

    private static void requireOneTop(RowSet<Row> found, String id) {
        requireOne(found.stream().map(row -> row.getLong("top")).distinct().count(), id);
    }

    private static void requireOne(long found, String id) {
        if (found == 0) {
            throw Problem.notFound("delegation", id);
        }
        if (found > 1) {
            throw Moves.ambiguous(id);
        }
    }

    private static FoundDelegation found(Row row, List<LateResult> late) {
        Delegation delegation = DelegationRow.map(row);
        return new FoundDelegation(
                new DelegationDetail(
                        delegation, null, row.getString("task"), row.getString("note"), row.getString("result"), late),
                "\"" + row.getString("version") + "-" + late.size() + "-" + delegation.liveness() + "\"");
    }

    private static LateResult late(Row row) {
        return new LateResult(
                row.getString("to_status"),
                row.getString("actor"),
                row.getLong("attempt"),
                row.getOffsetDateTime("at"),
                row.getString("result_preview"),
                row.getString("error_detail"),
                row.getString("result"));
    }

    private static DelegationEvent event(Row row) {
        return new DelegationEvent(
                row.getLong("seq"),
                row.getString("kind"),
                row.getString("from_status"),
                row.getString("to_status"),
                row.getString("actor"),
                row.getLong("attempt"),
                row.getString("reason"),
                row.getOffsetDateTime("at"),
                row.getString("detail"));
    }

    private static DelegationStats stats(RowSet<Row> found) {
        Map<String, Long> counts = new HashMap<>();
        found.forEach(row -> counts.put(row.getString("status"), row.getLong("rows")));
        long all = counts.getOrDefault("all", 0L);
        counts.remove("all");
        return new DelegationStats(
                of(counts, DelegationStatus.QUEUED),
                of(counts, DelegationStatus.DISPATCHED),
                of(counts, DelegationStatus.IN_PROGRESS),
                all - counts.values().stream().mapToLong(Long::longValue).sum(),
                of(counts, DelegationStatus.FAILED),
                of(counts, DelegationStatus.STUCK));
    }

    private static long of(Map<String, Long> counts, DelegationStatus status) {
        return counts.getOrDefault(status.word(), 0L);
    }
}
