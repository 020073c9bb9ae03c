package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.access.SharedCommits;
import io.rollcall.access.Transactions;
import io.rollcall.delegation.Arrivals.Arrival;
import io.rollcall.delegation.Claims.Claim;
import io.rollcall.delegation.Creation.Made;
import io.rollcall.delegation.Moves.Moved;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The ledger's writes. Each may be repeated, raced, cut off or late: a creation is known again by its id or key, a report
 * by its status, a claim takes what nobody else took. What is asked at one time shares a
 * commit, and is answered after it.
 */
@ApplicationScoped
class DelegationLedger {

    private static final int MOST_AT_ONCE = 500;

    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Creation creation;
    private final Arrivals arrivals;
    private final LedgerMeters meters;
    private final SharedCommits<Asked, Made> creations;
    private final SharedCommits<Move, Moved> moves;
    private final SharedCommits<Claim, List<DelegationDetail>> claims;

    DelegationLedger(
            Transactions transactions,
            Idempotency idempotency,
            Creation creation,
            Moves moves,
            Claims claims,
            Arrivals arrivals,
            LedgerMeters meters) {
        this.meters = meters;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.creation = creation;
        this.arrivals = arrivals;
        this.creations = new SharedCommits<>(
                transactions,
                MOST_AT_ONCE,
                true,
                Asked::delegationId,
                asked -> asked.what().task().length(),
                creation::write);
        this.moves = new SharedCommits<>(
                transactions,
                MOST_AT_ONCE,
                true,
                Move::delegationId,
                move -> move.report().length(),
                moves::write);
        this.claims =
                new SharedCommits<>(transactions, MOST_AT_ONCE, false, Claim::calleeId, claim -> 0, claims::write);
    }

    /**
     * Fails with 404 for an unknown caller, callee or parent, 410 for a removed one, 422 for a reused id or key.
     *
     * @param key with one, the reply is kept in the delegation's own transaction, which it then shares with nobody
     */
    Uni<Reply> create(Caller caller, Asked asked, IdempotencyKey key, Function<Made, Reply> reply) {
        Uni<Reply> created = key.isPresent()
                ? transactions.run(
                        caller,
                        connection -> idempotency.once(connection, key, () -> creation.write(connection, caller, asked)
                                .invoke(meters::created)
                                .map(reply)))
                : creations.write(caller, asked).invoke(meters::created).map(reply);
        return created.invoke(() -> arrivals.of(asked.what().calleeId()));
    }

    /** Fails with 403, 404, 409 {@code FENCED} or {@code ILLEGAL_TRANSITION}. */
    Uni<Moved> move(Caller caller, Move move) {
        return moves.write(caller, move).invoke(meters::reported).onFailure().invoke(meters::refused);
    }

    /**
     * What is queued for the callee; when nothing is, the next that comes within the time. Fails with 404 or 410. Who hangs up while
     * waiting takes nothing.
     */
    Uni<List<DelegationDetail>> claim(Caller caller, Claim claim, Duration wait) {
        if (wait.isZero()) {
            return taken(claims.write(caller, claim));
        }
        Context context = Vertx.currentContext();
        Executor here = context == null ? Runnable::run : task -> context.runOnContext(on -> task.run());
        return taken(claim(caller, claim, System.nanoTime() + wait.toNanos(), here));
    }

    private Uni<List<DelegationDetail>> taken(Uni<List<DelegationDetail>> items) {
        return items.invoke(all -> meters.claimed(all.size()));
    }

    private Uni<List<DelegationDetail>> claim(Caller caller, Claim claim, long until, Executor here) {
        return Uni.createFrom().deferred(() -> {
            // Asked for before looking, so that nothing comes unnoticed in between.
            Arrival arrival = arrivals.next(claim.calleeId());
            return claims.write(caller, claim)
                    .chain(items -> {
                        Duration left = Duration.ofNanos(until - System.nanoTime());
                        if (!items.isEmpty() || left.toMillis() <= 0) {
                            return Uni.createFrom().item(items);
                        }
                        return Uni.createFrom()
                                .completionStage(arrival.came)
                                .replaceWith(true)
                                .ifNoItem()
                                .after(left)
                                .recoverWithItem(false)
                                .emitOn(here)
                                .chain(came -> came
                                        ? claim(caller, claim, until, here)
                                        : Uni.createFrom().item(items));
                    })
                    .onTermination()
                    .invoke(() -> arrivals.forget(claim.calleeId(), arrival));
        });
    }
}
