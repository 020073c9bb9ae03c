package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The end of a whole tree, in one transaction: what is queued fails at once, what runs is asked to stop, and is failed by the
 * sweeper when it has not within {@code rollcall.delegations.cancel-grace}.
 *
 * <p>Invariant: nobody escapes. Every row in flight below the top is locked, and the tree is looked at again until no new one
 * is found: a child that was being made meanwhile held its parent's lock until its commit, so the second look sees it. One made
 * later finds its parent cancelled, and is settled by {@link Creation}. What has ended stays as it ended, and may have
 * no new children.
 */
@ApplicationScoped
class Cancellation {

    private static final String TOP = """
            SELECT d.id, d.org_id, d.delegation_id, d.root_delegation_id, d.caller_id, d.callee_id
              FROM delegations d WHERE d.delegation_id = $1 AND ($2::uuid IS NULL OR d.org_id = $2)
            """;

    /** All below the root, parents before children: who has a parent was made after it. */
    private static final String TREE = """
            SELECT d.id, d.delegation_id, d.parent_delegation_id, d.finished_at IS NULL AS in_flight FROM delegations d
             WHERE d.root_delegation_id = $1 AND d.org_id = $2 AND d.parent_delegation_id IS NOT NULL
             ORDER BY d.id
            """;

    /**
     * In the order of making, as everybody takes them; each by its key. Nothing here says "in flight" as an index does: a planner whose
     * statistics are of a quiet hour took the index of those in flight for empty, and went through it once for each, for 17 s.
     */
    private static final String LOCK = """
            SELECT l.id FROM (SELECT a.id FROM unnest($1::bigint[]) AS a (id) ORDER BY a.id) o
             CROSS JOIN LATERAL (
                   SELECT d.id FROM delegations d WHERE d.id = o.id FOR NO KEY UPDATE) l
            """;

    private static final String CANCEL = """
            WITH cancelled AS (
                UPDATE delegations d
                   SET status = CASE WHEN d.status = 'queued' THEN 'failed' ELSE d.status END,
                       outcome = CASE WHEN d.status = 'queued' THEN 'cancelled' ELSE d.outcome END,
                       error_detail = CASE WHEN d.status = 'queued' THEN $3 ELSE d.error_detail END,
                       cancel_requested_at = now(), event_actor = $2, event_reason = $3
                 WHERE d.id = ANY ($1::bigint[]) AND num_nulls(d.finished_at, d.cancel_requested_at) = 2
                RETURNING d.finished_at IS NOT NULL AS ended)
            SELECT count(*) FILTER (WHERE c.ended) AS failed, count(*) FILTER (WHERE NOT c.ended) AS cancel_requested
              FROM cancelled c
            """;

    private final Transactions transactions;
    private final Audit audit;

    Cancellation(Transactions transactions, Audit audit) {
        this.transactions = transactions;
        this.audit = audit;
    }

    /** How many ended at once, and how many were asked to stop; those that had been asked before are not counted again. */
    @RegisterForReflection
    @Schema(name = "DelegationsCancelled")
    record Cancelled(
            @Schema(description = "Queued ones, ended at once")
            long failed,

            @Schema(description = "Running ones, asked to stop: they fail after a grace")
            long cancelRequested) {}

    /** Repeated, it cancels what is left. Fails with 403 for who is not its caller, 404. */
    Uni<Cancelled> cancel(Caller caller, String delegationId, String reason) {
        return transactions.run(
                caller, connection -> top(connection, caller, delegationId).chain(top -> lock(connection, top, Set.of())
                        .chain(ids -> connection.preparedQuery(CANCEL).execute(Tuple.of(ids, caller.actor(), reason)))
                        .map(rows -> rows.iterator().next())
                        .map(row -> new Cancelled(row.getLong("failed"), row.getLong("cancel_requested")))
                        .call(cancelled -> audit.record(
                                connection,
                                caller,
                                top.getUUID("org_id"),
                                "delegation.cancelled",
                                delegationId,
                                new JsonObject()
                                        .put("failed", cancelled.failed())
                                        .put("cancel_requested", cancelled.cancelRequested())))));
    }

    private static Uni<Row> top(SqlConnection connection, Caller caller, String delegationId) {
        return connection
                .preparedQuery(TOP)
                .execute(Tuple.of(delegationId, caller.organisation()))
                .map(rows -> {
                    if (rows.size() > 1) {
                        throw Moves.ambiguous(delegationId);
                    }
                    UUID own = caller.workspace();
                    Row row = rows.size() == 0 ? null : rows.iterator().next();
                    if (row == null || !isParty(row, own)) {
                        throw Problem.notFound("delegation", delegationId);
                    }
                    requireCaller(caller, row);
                    return row;
                });
    }

    static void requireCaller(Caller caller, Row row) {
        if (!caller.mayActAs(row.getUUID("caller_id"))) {
            throw Problem.of(403, "FORBIDDEN", "only its caller may cancel or retry a delegation");
        }
    }

    static boolean isParty(Row row, @Nullable UUID workspace) {
        return workspace == null
                || workspace.equals(row.getUUID("caller_id"))
                || workspace.equals(row.getUUID("callee_id"));
    }

    /** Until a look finds none that the ones before had not locked. */
    private static Uni<Long[]> lock(SqlConnection connection, Row top, Set<Long> locked) {
        return below(connection, top).chain(found -> {
            Long[] fresh = found.stream().filter(id -> !locked.contains(id)).toArray(Long[]::new);
            return fresh.length == 0
                    ? Uni.createFrom().item(found.toArray(Long[]::new))
                    : connection
                            .preparedQuery(LOCK)
                            .execute(Tuple.tuple().addArrayOfLong(fresh))
                            .chain(() -> lock(connection, top, Set.copyOf(found)));
        });
    }

    /**
     * What is in flight of the top and all below it. Followed here, in one pass: joined in a recursion, a chain of 10,000 took the
     * database 12 s.
     */
    private static Uni<List<Long>> below(SqlConnection connection, Row top) {
        return connection
                .preparedQuery(TREE)
                .execute(Tuple.of(top.getString("root_delegation_id"), top.getUUID("org_id")))
                .map(rows -> {
                    var family = new HashSet<String>(Set.of(top.getString("delegation_id")));
                    var inFlight = new ArrayList<Long>(List.of(top.getLong("id")));
                    for (Row row : rows) {
                        if (family.contains(row.getString("parent_delegation_id"))) {
                            family.add(row.getString("delegation_id"));
                            if (row.getBoolean("in_flight")) {
                                inFlight.add(row.getLong("id"));
                            }
                        }
                    }
                    return inFlight;
                });
    }
}
