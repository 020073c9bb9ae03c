package io.rollcall.delegation;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the claims that wait: at once for what is made on this replica, within {@link #EVERY} for what is made on others, by
 * one statement for all who wait, whatever their number. No LISTEN: a NOTIFY in each transaction that makes a delegation took
 * 61 % of the throughput in a probe, and poolers lose it.
 */
@ApplicationScoped
class Arrivals {

    static final Duration EVERY = Duration.ofMillis(500);

    private static final String QUEUED = """
            SELECT c.callee_id FROM unnest($1::uuid[]) AS c (callee_id)
             WHERE EXISTS (SELECT 1 FROM delegations d
                            WHERE d.callee_id = c.callee_id AND d.status = 'queued' AND d.finished_at IS NULL)
            """;

    private final Transactions transactions;
    private final Map<UUID, Set<Arrival>> waiting = new ConcurrentHashMap<>();
    private @Nullable Cancellable asking;

    Arrivals(Transactions transactions) {
        this.transactions = transactions;
    }

    /** What one claim waits for. */
    static final class Arrival {
        final CompletableFuture<Void> came = new CompletableFuture<>();
    }

    /** Completes with the next arrival for the callee from now on. */
    Arrival next(UUID calleeId) {
        var arrival = new Arrival();
        waiting.compute(calleeId, (callee, arrivals) -> {
            Set<Arrival> all = arrivals == null ? new HashSet<>() : arrivals;
            all.add(arrival);
            return all;
        });
        return arrival;
    }

    /** Nobody waits for it any more. */
    void forget(UUID calleeId, Arrival arrival) {
        waiting.computeIfPresent(calleeId, (callee, arrivals) -> {
            arrivals.remove(arrival);
            return arrivals.isEmpty() ? null : arrivals;
        });
    }

    /** Something is queued for the callee. */
    void of(UUID calleeId) {
        Set<Arrival> arrivals = waiting.remove(calleeId);
        if (arrivals != null) {
            arrivals.forEach(arrival -> arrival.came.complete(null));
        }
    }

    void atStart(@Observes StartupEvent started) {
        asking = Multi.createFrom()
                .ticks()
                .every(EVERY)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> ask().onFailure().recoverWithNull())
                .subscribe()
                .with(asked -> {});
    }

    void atStop(@Observes ShutdownEvent stopped) {
        if (asking != null) {
            asking.cancel();
        }
    }

    private Uni<Void> ask() {
        UUID[] callees = waiting.keySet().toArray(UUID[]::new);
        return callees.length == 0
                ? Uni.createFrom().voidItem()
                : transactions
                        .readForPlatform(connection -> connection
                                .preparedQuery(QUEUED)
                                .execute(Tuple.tuple().addArrayOfUUID(callees)))
                        .invoke(rows -> rows.forEach(row -> of(row.getUUID("callee_id"))))
                        .replaceWithVoid();
    }
}
