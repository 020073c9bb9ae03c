package io.rollcall.delegation;

import static io.rollcall.delegation.Creation.column;

import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Callees take what is queued for them, oldest first. Rows that another transaction holds are passed over, and whether a
 * row is still queued is looked at again once it is locked, so each is taken exactly once over all replicas. Each claim is a new
 * attempt: the fencing token.
 */
@ApplicationScoped
class Claims {

    /** When a claim's tasks are as long, the rest stays queued for the next. */
    private static final long MOST_BYTES = 4 * 1024 * 1024;

    /**
     * While most of what the planner knows of is queued, it would read and sort a callee's whole backlog for its oldest row.
     */
    private static final String IN_ORDER = "SET LOCAL enable_bitmapscan = off";

    /**
     * The organisation is compared outside: within, the planner expects a single row, and reads and sorts a callee's whole
     * backlog instead of the first rows of an index.
     */
    private static final String CLAIM =
            """
            WITH asked AS MATERIALIZED (
                SELECT a.ordinal, a.callee_id, a.most, a.agent_id, a.actor
                  FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[]) WITH ORDINALITY
                       AS a (callee_id, most, agent_id, actor, ordinal)),
            taken AS MATERIALIZED (
                SELECT a.ordinal, a.agent_id, a.actor, q.id,
                       sum(octet_length(p.body)) OVER (PARTITION BY a.ordinal ORDER BY q.id) - octet_length(p.body) AS before
                  FROM asked a
                 CROSS JOIN LATERAL (
                       SELECT d.id, d.org_id FROM delegations d
                        WHERE d.callee_id = a.callee_id AND d.status = 'queued' AND d.finished_at IS NULL
                        ORDER BY d.id LIMIT a.most
                          FOR NO KEY UPDATE SKIP LOCKED) q
                  LEFT JOIN delegation_payloads p ON p.delegation = q.id AND p.kind = 'task'
                 WHERE $2::uuid IS NULL OR q.org_id = $2),
            claimed AS (
                UPDATE delegations d
                   SET status = 'dispatched', attempt = d.attempt + 1, agent_id = t.agent_id, event_actor = t.actor,
                       event_reason = 'claimed'
                  FROM taken t
                 WHERE d.id = t.id AND COALESCE(t.before, 0) < $7
                RETURNING t.ordinal, d AS whole)
            SELECT a.ordinal, w.id AS workspace, w.status = 'removed' AS removed, p.body AS task, \
            """ + DelegationRow.COLUMNS + """
              FROM asked a
              LEFT JOIN workspaces w ON w.id = a.callee_id AND ($2::uuid IS NULL OR w.org_id = $2)
              LEFT JOIN claimed c ON c.ordinal = a.ordinal
             CROSS JOIN LATERAL (SELECT (c.whole).*) d
              LEFT JOIN delegation_payloads p ON p.delegation = d.id AND p.kind = 'task'
            """ + DelegationRow.BEAT + " ORDER BY a.ordinal, d.id";

    private final LedgerSettings settings;

    Claims(LedgerSettings settings) {
        this.settings = settings;
    }

    /** @param agentId which of the callee's agents asks, if it says so */
    record Claim(UUID calleeId, int limit, @Nullable String agentId, String actor) {}

    /** Refused with 404 or 410. No two of them may be of one callee: a row would be found by both. */
    Uni<List<Uni<List<DelegationDetail>>>> write(
            SqlConnection connection, @Nullable UUID organisation, List<Claim> claims) {
        Tuple values = Tuple.tuple()
                .addDouble((double) settings.stuckAfter().toSeconds())
                .addUUID(organisation)
                .addArrayOfUUID(column(claims, Claim::calleeId, UUID[]::new))
                .addArrayOfInteger(column(claims, Claim::limit, Integer[]::new))
                .addArrayOfString(column(claims, Claim::agentId, String[]::new))
                .addArrayOfString(column(claims, Claim::actor, String[]::new))
                .addLong(MOST_BYTES);
        var inOrder = connection.query(IN_ORDER).execute();
        var claimed = connection.preparedQuery(CLAIM).execute(values);
        return Uni.combine().all().unis(inOrder, claimed).with((set, rows) -> {
            var refusals = new Problem[claims.size()];
            var taken = new ArrayList<List<DelegationDetail>>();
            claims.forEach(claim -> taken.add(new ArrayList<>()));
            for (Row row : rows) {
                int index = row.getLong("ordinal").intValue() - 1;
                UUID callee = claims.get(index).calleeId();
                if (row.getUUID("workspace") == null) {
                    refusals[index] = Problem.notFound("workspace", callee);
                } else if (row.getBoolean("removed")) {
                    refusals[index] = Problem.of(410, "REMOVED", "workspace " + callee + " is removed");
                } else if (row.getLong("id") != null) {
                    taken.get(index).add(DelegationDetail.claimed(DelegationRow.map(row), row.getString("task")));
                }
            }
            var results = new ArrayList<Uni<List<DelegationDetail>>>();
            for (int i = 0; i < refusals.length; i++) {
                results.add(
                        refusals[i] == null
                                ? Uni.createFrom().item(taken.get(i))
                                : Uni.createFrom().failure(refusals[i]));
            }
            return results;
        });
    }
}
