package io.rollcall.heartbeat;

import io.rollcall.delegation.DelegationBeats;
import io.rollcall.delegation.DelegationBeats.Beaten;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The beats that wait for their turn, and the requests that wait for them. For several threads. */
final class Waiting {

    /** A beat, the last of those that stand for the same, and whose requests it answers. */
    static final class Slot<T, R> {
        private T latest;
        private final List<Request> requests = new ArrayList<>(1);
        private @Nullable R result;
        private @Nullable Throwable failure;

        Slot(T latest) {
            this.latest = latest;
        }

        T latest() {
            return latest;
        }

        private void join(T beat, Request request) {
            latest = beat;
            requests.add(request);
        }

        void settle(@Nullable R answer, @Nullable Throwable failed) {
            result = answer;
            failure = failed;
            requests.forEach(Request::one);
        }
    }

    /** Who may be of one slot: the same row, asked for by the same authority. */
    private record AgentKey(
            UUID workspaceId, String agentId, @Nullable UUID organisation) {}

    private record DelegationKey(
            String id,
            @Nullable UUID organisation,
            @Nullable UUID acting,
            @Nullable Long attempt) {}

    private static final class Request {
        final List<Slot<Beat, Outcome>> agents = new ArrayList<>();
        final List<Slot<DelegationBeats.Beat, Uni<Beaten>>> delegations = new ArrayList<>();
        final UniEmitter<? super BeatBuffer.Written> emitter;
        final @Nullable Context context = Vertx.currentContext();
        final AtomicInteger open;

        Request(int open, UniEmitter<? super BeatBuffer.Written> emitter) {
            this.open = new AtomicInteger(open);
            this.emitter = emitter;
        }

        void one() {
            if (open.decrementAndGet() > 0) {
                return;
            }
            if (context == null) {
                answer();
            } else {
                context.runOnContext(here -> answer());
            }
        }

        private void answer() {
            for (Slot<?, ?> slot : all()) {
                if (slot.failure != null) {
                    emitter.fail(slot.failure);
                    return;
                }
            }
            emitter.complete(new BeatBuffer.Written(
                    agents.stream().map(slot -> slot.result).toList(),
                    delegations.stream().map(slot -> slot.result).toList()));
        }

        private List<Slot<?, ?>> all() {
            List<Slot<?, ?>> all = new ArrayList<>(agents);
            all.addAll(delegations);
            return all;
        }
    }

    /** What goes into one transaction. */
    record Batch(List<Slot<Beat, Outcome>> agents, List<Slot<DelegationBeats.Beat, Uni<Beaten>>> delegations) {

        int size() {
            return agents.size() + delegations.size();
        }

        /** Whose all beats are; null when they are of several, or of the platform's admin. */
        @Nullable UUID organisation() {
            UUID first = agents.isEmpty()
                    ? delegations.get(0).latest().organisation()
                    : agents.get(0).latest().organisation();
            return agents.stream()
                                    .allMatch(one ->
                                            Objects.equals(first, one.latest().organisation()))
                            && delegations.stream()
                                    .allMatch(one ->
                                            Objects.equals(first, one.latest().organisation()))
                    ? first
                    : null;
        }

        void answer(List<Outcome> outcomes, List<Uni<Beaten>> beaten) {
            for (int i = 0; i < agents.size(); i++) {
                agents.get(i).settle(outcomes.get(i), null);
            }
            for (int i = 0; i < delegations.size(); i++) {
                delegations.get(i).settle(beaten.get(i), null);
            }
        }

        void fail(Throwable failure) {
            agents.forEach(agent -> agent.settle(null, failure));
            delegations.forEach(delegation -> delegation.settle(null, failure));
        }

        /** The database wants none of it. */
        void refuse() {
            agents.forEach(agent -> agent.settle(new Outcome(Outcome.Verdict.REFUSED, null, null), null));
            delegations.forEach(delegation -> delegation.settle(Uni.createFrom().failure(Outcome.refused()), null));
        }

        List<Batch> halves() {
            int half = agents.size() / 2;
            int other = delegations.size() / 2;
            if (half + other == 0) {
                // One of each.
                return List.of(new Batch(agents, List.of()), new Batch(List.of(), delegations));
            }
            return List.of(
                    new Batch(agents.subList(0, half), delegations.subList(0, other)),
                    new Batch(agents.subList(half, agents.size()), delegations.subList(other, delegations.size())));
        }
    }

    private static final int MOST_UNDER_WAY = 2;

    private final int batchSize;
    private final int mostWaiting;
    private final Map<AgentKey, Slot<Beat, Outcome>> agents = new LinkedHashMap<>();
    private final Map<DelegationKey, Slot<DelegationBeats.Beat, Uni<Beaten>>> delegations = new LinkedHashMap<>();
    private int count;
    private int underWay;

    /**
     * @param batchSize rows of each kind
     * @param mostWaiting beats, those included that another one of the same agent stands for
     */
    Waiting(int batchSize, int mostWaiting) {
        this.batchSize = batchSize;
        this.mostWaiting = mostWaiting;
    }

    /** @return false when there is no room */
    synchronized boolean add(
            List<Beat> beats,
            List<DelegationBeats.Beat> ofDelegations,
            UniEmitter<? super BeatBuffer.Written> emitter) {
        int more = beats.size() + ofDelegations.size();
        if (count > 0 && count + more > mostWaiting) {
            return false;
        }
        count += more;
        var request = new Request(more, emitter);
        for (Beat beat : beats) {
            var key = new AgentKey(beat.workspaceId(), beat.agentId(), beat.organisation());
            var slot = agents.computeIfAbsent(key, absent -> new Slot<>(beat));
            slot.join(beat, request);
            request.agents.add(slot);
        }
        for (DelegationBeats.Beat beat : ofDelegations) {
            var key = new DelegationKey(beat.delegationId(), beat.organisation(), beat.acting(), beat.attempt());
            var slot = delegations.computeIfAbsent(key, absent -> new Slot<>(beat));
            slot.join(beat, request);
            request.delegations.add(slot);
        }
        return true;
    }

    /**
     * What is next, in the order of arrival; null when nothing waits, or a batch is under way and there is not another whole
     * one.
     */
    synchronized @Nullable Batch take() {
        int rows = Math.max(agents.size(), delegations.size());
        if (rows < (underWay == 0 ? 1 : batchSize) || underWay == MOST_UNDER_WAY) {
            return null;
        }
        underWay++;
        var ofAgents = new ArrayList<Slot<Beat, Outcome>>();
        var keys = new HashSet<Beat.Key>();
        var next = agents.values().iterator();
        while (next.hasNext() && ofAgents.size() < batchSize) {
            var slot = next.next();
            // One row is in a statement once, whoever asks for it.
            if (keys.add(slot.latest.key())) {
                ofAgents.add(slot);
                next.remove();
            }
        }
        var ofDelegations = new ArrayList<Slot<DelegationBeats.Beat, Uni<Beaten>>>();
        var other = delegations.values().iterator();
        while (other.hasNext() && ofDelegations.size() < batchSize) {
            ofDelegations.add(other.next());
            other.remove();
        }
        return new Batch(ofAgents, ofDelegations);
    }

    /** It was answered. */
    synchronized void done(Batch batch) {
        batch.agents.forEach(slot -> count -= slot.requests.size());
        batch.delegations.forEach(slot -> count -= slot.requests.size());
        underWay--;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    /** @return whether nothing waits any more */
    synchronized boolean awaitIdle(Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        try {
            while (count > 0) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
