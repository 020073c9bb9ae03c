package io.rollcall.access;

import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks tokens up together: one statement is under way at a time, and what is asked meanwhile goes into the next one. So
 * thousands of agents that come back at once, or a stranger who makes up tokens, cost the database one connection.
 *
 * <p>Limits: {@value #MOST_WAITING} may wait; one more is answered 503.
 */
@ApplicationScoped
class TokenLookUps {

    private static final int MOST_AT_ONCE = 1000;
    private static final int MOST_WAITING = 10_000;

    private record Waiting(UUID id, Context context, UniEmitter<? super @Nullable KnownToken> emitter) {}

    private final TokenRepository tokens;
    private final Transactions transactions;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean underWay = new AtomicBoolean();

    TokenLookUps(TokenRepository tokens, Transactions transactions) {
        this.tokens = tokens;
        this.transactions = transactions;
    }

    /** Null when there is no live token of this id. The answer arrives on the event loop that asked. */
    Uni<@Nullable KnownToken> find(UUID id) {
        return Uni.createFrom().emitter(emitter -> {
            if (count.incrementAndGet() > MOST_WAITING) {
                count.decrementAndGet();
                emitter.fail(Problem.unavailable("too many tokens are being looked up"));
                return;
            }
            waiting.add(new Waiting(id, Vertx.currentContext(), emitter));
            ask();
        });
    }

    private void ask() {
        // Whoever finds the queue empty lets go of the turn and looks once more: something may have come in between.
        while (!waiting.isEmpty() && underWay.compareAndSet(false, true)) {
            List<Waiting> batch = take();
            if (!batch.isEmpty()) {
                UUID[] ids = batch.stream().map(Waiting::id).distinct().toArray(UUID[]::new);
                transactions
                        .readForPlatform(connection -> tokens.known(connection, ids))
                        .subscribe()
                        .with(
                                found -> answer(batch, asked -> asked.emitter.complete(found.get(asked.id))),
                                failure -> answer(batch, asked -> asked.emitter.fail(failure)));
                return;
            }
            underWay.set(false);
        }
    }

    private List<Waiting> take() {
        var batch = new ArrayList<Waiting>();
        while (batch.size() < MOST_AT_ONCE) {
            Waiting next = waiting.poll();
            if (next == null) {
                break;
            }
            count.decrementAndGet();
            batch.add(next);
        }
        return batch;
    }

    private void answer(List<Waiting> batch, Consumer<Waiting> reply) {
        underWay.set(false);
        ask();
        batch.forEach(asked -> asked.context.runOnContext(here -> reply.accept(asked)));
    }
}
