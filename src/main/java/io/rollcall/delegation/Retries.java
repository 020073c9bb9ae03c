package io.rollcall.delegation;

import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.delegation.Creation.Made;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The same again: a new delegation that asks the same of the same, once for each, however often its button is clicked. It stands
 * below the same parent while that is open, else it stands alone.
 */
@ApplicationScoped
class Retries {

    private static final String FIRST = """
            SELECT d.org_id, d.caller_id, d.callee_id, d.status, d.retry_count, d.labels::text AS labels, t.body AS task,
                   GREATEST(1, extract(epoch FROM d.deadline - d.created_at))::int AS seconds,
                   CASE WHEN p.finished_at IS NULL AND p.cancel_requested_at IS NULL AND p.deadline > now()
                        THEN p.delegation_id END AS parent
              FROM delegations d
              JOIN delegation_payloads t ON t.delegation = d.id AND t.kind = 'task'
              LEFT JOIN delegations p ON p.delegation_id = d.parent_delegation_id AND p.org_id = d.org_id
             WHERE d.delegation_id = $1 AND ($2::uuid IS NULL OR d.org_id = $2)
            """;

    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Creation creation;
    private final Arrivals arrivals;
    private final Audit audit;

    Retries(Transactions transactions, Idempotency idempotency, Creation creation, Arrivals arrivals, Audit audit) {
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.creation = creation;
        this.arrivals = arrivals;
        this.audit = audit;
    }

    /** Fails with 403 for who is not its caller, 404, or 409 {@code IN_FLIGHT} while the first try is. */
    Uni<Reply> retry(Caller caller, String delegationId, IdempotencyKey key, Function<Made, Reply> reply) {
        var callee = new AtomicReference<UUID>();
        return transactions
                .run(
                        caller,
                        connection -> idempotency.once(connection, key, () -> again(connection, caller, delegationId)
                                .invoke(made -> callee.set(made.delegation().calleeId()))
                                .map(reply)))
                .invoke(() -> {
                    if (callee.get() != null) {
                        arrivals.of(callee.get());
                    }
                });
    }

    private Uni<Made> again(SqlConnection connection, Caller caller, String delegationId) {
        return connection
                .preparedQuery(FIRST)
                .execute(Tuple.of(delegationId, caller.organisation()))
                .chain(rows -> {
                    if (rows.size() > 1) {
                        throw Moves.ambiguous(delegationId);
                    }
                    Row first = rows.size() == 0 ? null : rows.iterator().next();
                    if (first == null || !Cancellation.isParty(first, caller.workspace())) {
                        throw Problem.notFound("delegation", delegationId);
                    }
                    Asked asked = asked(caller, first, delegationId);
                    return creation.write(connection, caller, asked)
                            .call(made -> audit.record(
                                    connection,
                                    caller,
                                    first.getUUID("org_id"),
                                    "delegation.retried",
                                    delegationId,
                                    new JsonObject()
                                            .put("retry", made.delegation().delegationId())));
                });
    }

    private static Asked asked(Caller caller, Row first, String delegationId) {
        Cancellation.requireCaller(caller, first);
        DelegationStatus status = DelegationStatus.of(first.getString("status"));
        if (!status.carriesResult()) {
            throw Problem.of(
                    409, "IN_FLIGHT", "the delegation is " + status.word() + "; it can be retried when it has ended");
        }
        var again = new NewDelegation(
                null,
                first.getUUID("caller_id"),
                first.getUUID("callee_id"),
                first.getString("task"),
                first.getInteger("seconds"),
                first.getString("parent"),
                null,
                first.getString("labels"));
        return Asked.of(caller, again, delegationId, first.getInteger("retry_count") + 1);
    }
}
