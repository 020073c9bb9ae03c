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
            SELECT d.id, d.org_id, d.root_delegation_id, d.caller_id, d.callee_id
              FROM delegations d WHERE d.delegation_id = $1 AND ($2::uuid IS NULL OR d.org_id = $2)
            """;

    /** In the order of making, parents first: as everybody takes them. */
    private static final String LOCK = """
            WITH RECURSIVE tree AS MATERIALIZED (
                SELECT d.id, d.delegation_id, d.parent_delegation_id FROM delegations d
                 WHERE d.root_delegation_id = $2 AND d.org_id = $3 AND d.parent_delegation_id IS NOT NULL),
            below (id, delegation_id) AS (
                SELECT d.id, d.delegation_id FROM delegations d WHERE d.id = $1
                 UNION ALL
                SELECT t.id, t.delegation_id FROM tree t JOIN below b ON t.parent_delegation_id = b.delegation_id)
            SELECT d.id FROM delegations d
             WHERE d.id IN (SELECT b.id FROM below b) AND d.finished_at IS NULL
             ORDER BY d.id
               FOR NO KEY UPDATE
            """;

    private static final String CANCEL = """
            WITH cancelled AS (
                UPDATE delegations d
                   SET status = CASE WHEN d.status = 'queued' THEN 'failed' ELSE d.status END,
                       outcome = CASE WHEN d.status = 'queued' THEN 'cancelled' ELSE d.outcome END,
                       error_detail = CASE WHEN d.status = 'queued' THEN $3 ELSE d.error_detail END,
                       cancel_requested_at = now(), event_actor = $2, event_reason = $3
                 WHERE d.id = ANY ($1::bigint[]) AND d.finished_at IS NULL AND d.cancel_requested_at IS NULL
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
                caller, connection -> top(connection, caller, delegationId).chain(top -> lock(connection, top, 0)
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

    /** Until a look finds no more than the one before had locked. */
    private static Uni<Long[]> lock(SqlConnection connection, Row top, int locked) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(top.getLong("id"), top.getString("root_delegation_id"), top.getUUID("org_id")))
                .chain(rows -> rows.size() > locked
                        ? lock(connection, top, rows.size())
                        : Uni.createFrom()
                                .item(rows.stream()
                                        .map(row -> row.getLong("id"))
                                        .toArray(Long[]::new)));
    }
}
