package io.rollcall.access;

import io.rollcall.http.Problem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes that arrive together are written together: one transaction is under way for each organisation, and what is asked
 * meanwhile goes into the next. Under load a commit is shared by as many as came while the one before was made; without
 * load nobody waits for anybody.
 *
 * <p>Invariants: each is answered after the commit of its own write, on the event loop that asked; a transaction has the
 * writes of one organisation, so that its tenant is theirs; no two of one key are in the same, since a statement changes
 * a row once. What one of them makes the database refuse is that one's alone: the others are written without it.
 *
 * <p>A write is not tied to the request that asked for it: who hangs up has asked all the same (molecule-core lost every
 * delegation for five days to a cancelled request's context). It can be told otherwise, for what is of use to the asker
 * alone.
 *
 * <p>Limits: {@value #MOST_WAITING} may wait on a replica; one more is answered 503.
 *
 * @param <T> what is asked
 * @param <R> what is answered
 */
public final class SharedCommits<T, R> {

    private static final int MOST_WAITING = 20_000;

    /** When a transaction carries as much, the next write waits for the next one. */
    private static final long MOST_BYTES = 4 * 1024 * 1024;

    /**
     * Writes them all, which are of callers of one organisation (null: the platform's admin), with a number of statements that does not depend on how many they are. Each result answers one, in
     * their order: it is there, or has failed as a refusal that leaves the others alone.
     */
    @FunctionalInterface
    public interface Work<T, R> {
        Uni<List<Uni<R>>> write(SqlConnection connection, @Nullable UUID organisation, List<T> asked);
    }

    private final class Waiting {
        final Caller caller;
        final T asked;
        final UniEmitter<? super R> emitter;
        final @Nullable Context context = Vertx.currentContext();
        volatile boolean abandoned;

        Waiting(Caller caller, T asked, UniEmitter<? super R> emitter) {
            this.caller = caller;
            this.asked = asked;
            this.emitter = emitter;
            emitter.onTermination(() -> abandoned = true);
        }

        void answer(Runnable reply) {
            if (context == null) {
                reply.run();
            } else {
                context.runOnContext(here -> reply.run());
            }
        }
    }

    /** Of one organisation. Guarded by itself. */
    private final class Lane {
        final Deque<Waiting> waiting = new ArrayDeque<>();
        boolean underWay;
    }

    private final Transactions transactions;
    private final int mostAtOnce;
    private final boolean evenIfAbandoned;
    private final Function<T, Object> key;
    private final ToIntFunction<T> bytes;
    private final Work<T, R> work;
    private final Map<Optional<UUID>, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * @param mostAtOnce how many one transaction has at most
     * @param evenIfAbandoned whether a write whose asker hung up before it began is made all the same
     * @param key what two of one transaction must not share
     * @param bytes about how much one of them carries
     */
    public SharedCommits(
            Transactions transactions,
            int mostAtOnce,
            boolean evenIfAbandoned,
            Function<T, Object> key,
            ToIntFunction<T> bytes,
            Work<T, R> work) {
        this.transactions = transactions;
        this.mostAtOnce = mostAtOnce;
        this.evenIfAbandoned = evenIfAbandoned;
        this.key = key;
        this.bytes = bytes;
        this.work = work;
    }

    /** The result of this one, after its commit. */
    public Uni<R> write(Caller caller, T asked) {
        return Uni.createFrom().emitter(emitter -> {
            if (count.incrementAndGet() > MOST_WAITING) {
                count.decrementAndGet();
                emitter.fail(Problem.unavailable("too many writes are waiting; nothing was written"));
                return;
            }
            Lane lane = lanes.computeIfAbsent(Optional.ofNullable(caller.organisation()), of -> new Lane());
            synchronized (lane) {
                lane.waiting.add(new Waiting(caller, asked, emitter));
                if (lane.underWay) {
                    return;
                }
                lane.underWay = true;
            }
            next(lane);
        });
    }

    private void next(Lane lane) {
        List<Waiting> batch;
        synchronized (lane) {
            batch = take(lane.waiting);
            lane.underWay = !batch.isEmpty();
        }
        if (!batch.isEmpty()) {
            run(batch)
                    .subscribe()
                    .with(
                            results -> {
                                next(lane);
                                answer(batch, results);
                            },
                            failure -> failed(lane, batch, failure));
        }
    }

    private Uni<List<Uni<R>>> run(List<Waiting> batch) {
        List<T> asked = batch.stream().map(one -> one.asked).toList();
        Caller caller = batch.get(0).caller;
        return transactions.runPlannedOnce(caller, connection -> work.write(connection, caller.organisation(), asked));
    }

    /** In order, as many as there may be; one whose key another has goes next time. */
    private List<Waiting> take(Deque<Waiting> waiting) {
        var batch = new ArrayList<Waiting>();
        var later = new ArrayList<Waiting>();
        var keys = new HashSet<>();
        long carried = 0;
        while (batch.size() < mostAtOnce && !waiting.isEmpty() && carried < MOST_BYTES) {
            Waiting one = waiting.poll();
            if (one.abandoned && !evenIfAbandoned) {
                count.decrementAndGet();
                continue;
            }
            if (keys.add(key.apply(one.asked))) {
                batch.add(one);
                carried += bytes.applyAsInt(one.asked);
            } else {
                later.add(one);
            }
        }
        for (int i = later.size() - 1; i >= 0; i--) {
            waiting.addFirst(later.get(i));
        }
        count.addAndGet(-batch.size());
        return batch;
    }

    private void answer(List<Waiting> batch, List<Uni<R>> results) {
        for (int i = 0; i < batch.size(); i++) {
            Waiting one = batch.get(i);
            Uni<R> result = results.get(i);
            one.answer(() -> result.subscribe().with(one.emitter::complete, one.emitter::fail));
        }
    }

    /** When the server refused a statement, nothing was written, and somebody's write was the reason: then each alone. */
    private void failed(Lane lane, List<Waiting> batch, Throwable failure) {
        if (batch.size() == 1 || !(failure instanceof PgException)) {
            next(lane);
            batch.forEach(one -> one.answer(() -> one.emitter.fail(failure)));
            return;
        }
        Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(one -> run(List.of(one))
                        .invoke(results -> answer(List.of(one), results))
                        .onFailure()
                        .invoke(alone -> one.answer(() -> one.emitter.fail(alone)))
                        .onFailure()
                        .recoverWithNull())
                .onTermination()
                .invoke(() -> next(lane))
                .subscribe()
                .with(done -> {});
    }
}
