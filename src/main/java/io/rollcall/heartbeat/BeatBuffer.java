package io.rollcall.heartbeat;

import io.quarkus.runtime.ShutdownEvent;
import io.rollcall.access.Transactions;
import io.rollcall.delegation.DelegationBeats;
import io.rollcall.delegation.DelegationBeats.Beaten;
import io.rollcall.heartbeat.Waiting.Slot;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Beats that arrive while a transaction commits go out together as the next one: one statement of arrays for agents and one
 * for delegations, whoever they are of. The first goes at once; there is no timer. When a whole batch waits, it does not wait
 * for the one that is under way: two are at most. Of several beats of one agent that wait, the last one is written, and all
 * are answered with what became of it.
 *
 * <p>Invariants: a request is answered after the commit of all its beats; a beat is written even if who sent it hung up. What is wrong with one beat is that one's alone: where the database
 * refuses a statement, its halves are written apart, down to the beat that is refused; and a row that somebody holds is
 * waited for {@link #LOCK_WAIT} at most, then left out, and its beat answered 503.
 *
 * <p>Repeated or late, a beat says only that the agent is alive now: the time is the database's. Cut off, it was written or
 * not, and the next one says the same.
 *
 * <p>Each beat carries its caller's organisation, and the statements compare it with the row's. Row security is a second wall
 * for a transaction whose beats are all of one organisation, and none for the others (docs/adr/0014). Limits: {@code rollcall.heartbeats.queue-size}
 * beats may wait on a replica, then 503.
 */
@ApplicationScoped
class BeatBuffer {

    private static final Logger LOG = Logger.getLogger(BeatBuffer.class);
    private static final Duration LOCK_WAIT = Duration.ofMillis(200);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** It is not what was written that the server could not do. */
    private static final Pattern NO_ANSWER = Pattern.compile("(08|53|57|58).*");

    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(10);

    /** Replicas lock rows in one order. */
    private static final Comparator<Slot<Beat, Outcome>> BY_KEY = Comparator.comparing(
                    (Slot<Beat, Outcome> slot) -> slot.latest().workspaceId())
            .thenComparing(slot -> slot.latest().agentId());

    private final Transactions transactions;
    private final BeatRepository agents;
    private final DelegationBeats delegations;
    private final BeatMeters meters;
    private final Waiting waiting;

    BeatBuffer(
            Transactions transactions,
            BeatRepository agents,
            DelegationBeats delegations,
            HeartbeatSettings settings,
            BeatMeters meters) {
        this.transactions = transactions;
        this.agents = agents;
        this.delegations = delegations;
        this.meters = meters;
        this.waiting = new Waiting(settings.flushMax(), settings.queueSize());
        meters.watch(waiting);
    }

    /**
     * What became of each, in their order.
     *
     * @param delegations failed where they were refused
     */
    record Written(List<Outcome> beats, List<Uni<Beaten>> delegations) {}

    /** Fails with 503 when too many wait, then nothing was written; or the database is away, then some may have been. */
    Uni<Written> write(List<Beat> beats, List<DelegationBeats.Beat> ofDelegations) {
        if (beats.isEmpty() && ofDelegations.isEmpty()) {
            return Uni.createFrom().item(new Written(List.of(), List.of()));
        }
        return Uni.createFrom().emitter(emitter -> {
            if (!waiting.add(beats, ofDelegations, emitter)) {
                meters.refused();
                emitter.fail(Problem.unavailable("too many beats are waiting; nothing was written"));
                return;
            }
            next();
        });
    }

    /** What waits when the service stops is written before the connections go. */
    void atStop(@Observes ShutdownEvent stopped) {
        if (!waiting.awaitIdle(LONGEST_FLUSH)) {
            LOG.warn("Beats were still waiting when the service stopped");
        }
    }

    private void next() {
        Waiting.Batch batch = waiting.take();
        if (batch == null) {
            return;
        }
        batch.agents().sort(BY_KEY);
        long begin = System.nanoTime();
        write(batch, false)
                .subscribe()
                .with(
                        done -> {
                            meters.flushed(batch.size(), Duration.ofNanos(System.nanoTime() - begin));
                            waiting.done(batch);
                            next();
                        },
                        failure -> {
                            LOG.error("Beats were not answered", failure);
                            batch.fail(failure);
                            waiting.done(batch);
                            next();
                        });
    }

    /** Does not fail: what went wrong is the answer of whose beat it was. */
    private Uni<Void> write(Waiting.Batch batch, boolean passOver) {
        return transactions
                .runForAllPlannedOnce(batch.organisation(), LOCK_WAIT, connection -> write(connection, batch, passOver))
                .invoke(written -> {
                    meters.written(written.beats());
                    batch.answer(written.beats(), written.delegations());
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(failure -> refused(batch, passOver, failure));
    }

    private Uni<Written> write(SqlConnection connection, Waiting.Batch batch, boolean passOver) {
        var ofAgents = agents.write(
                connection, batch.agents().stream().map(Slot::latest).toList(), passOver);
        var ofDelegations = delegations.write(
                connection, batch.delegations().stream().map(Slot::latest).toList(), passOver);
        return Uni.combine().all().unis(ofAgents, ofDelegations).with(Written::new);
    }

    private Uni<Void> refused(Waiting.Batch batch, boolean passOver, Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            boolean held = LOCK_NOT_AVAILABLE.equals(state);
            if (held && !passOver) {
                return write(batch, true);
            }
            if (held || !NO_ANSWER.matcher(state).matches()) {
                return apart(batch, passOver, refused);
            }
        }
        meters.failed(batch.size());
        batch.fail(failure);
        return Uni.createFrom().voidItem();
    }

    private Uni<Void> apart(Waiting.Batch batch, boolean passOver, PgException refused) {
        if (batch.size() > 1) {
            List<Waiting.Batch> halves = batch.halves();
            return write(halves.get(0), passOver).chain(() -> write(halves.get(1), passOver));
        }
        meters.failed(1);
        if (LOCK_NOT_AVAILABLE.equals(refused.getSqlState())) {
            // Not a row that is there, which would have been passed over, but one that somebody else is inserting.
            batch.fail(refused);
        } else {
            LOG.errorf("The database refused a beat: %s", refused.getMessage());
            batch.refuse();
        }
        return Uni.createFrom().voidItem();
    }
}
