package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.delegation.Creation.Made;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/** Delegations that older agents have handed to their callees by themselves: recorded, and dispatched at once. */
@ApplicationScoped
class HandOvers {

    private static final String DISPATCH = """
            UPDATE delegations SET status = 'dispatched', event_actor = $2, event_reason = 'handed over by its caller'
             WHERE id = $1 AND status = 'queued' AND finished_at IS NULL
            """;

    private final Transactions transactions;
    private final Creation creation;

    HandOvers(Transactions transactions, Creation creation) {
        this.transactions = transactions;
        this.creation = creation;
    }

    /** Fails as {@link DelegationLedger#create}. */
    Uni<Made> record(Caller caller, Asked asked) {
        return transactions.run(
                caller, connection -> creation.write(connection, caller, asked).call(made -> connection
                        .preparedQuery(DISPATCH)
                        .execute(Tuple.of(made.delegation().id(), caller.actor()))));
    }
}
