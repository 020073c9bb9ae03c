package io.rollcall.heartbeat;

import io.rollcall.delegation.DelegationBeats;
import io.rollcall.delegation.DelegationBeats.Beaten;
import io.rollcall.heartbeat.BeatReader.Element;
import io.rollcall.heartbeat.HeartbeatReply.Listed;
import io.rollcall.heartbeat.HeartbeatReply.Rejected;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers requests with beats: of one agent, of one delegation, of many. */
@ApplicationScoped
class Heartbeats {

    private final BeatBuffer buffer;
    private final Pace pace;

    Heartbeats(BeatBuffer buffer, Pace pace) {
        this.buffer = buffer;
        this.pace = pace;
    }

    /** Fails with 404, 409 or 410 for the agent's own beat; those of delegations are written all the same. */
    Uni<HeartbeatReply> single(BeatReader.Single request) {
        return buffer.write(List.of(request.beat()), read(request.delegations()))
                .chain(written -> {
                    Outcome outcome = written.beats().get(0);
                    if (!outcome.recorded()) {
                        throw outcome.problem(request.beat().workspaceId());
                    }
                    return answers(request.delegations(), written.delegations())
                            .map(answers -> new HeartbeatReply(
                                    "ok",
                                    Objects.requireNonNull(outcome.workspaceStatus()),
                                    pace.nextHeartbeatMs(),
                                    listed(request.delegations(), answers)));
                });
    }

    /** Fails with 403, 404 or 409. */
    Uni<HeartbeatReply.OfDelegation> ofDelegation(DelegationBeats.Beat beat) {
        return buffer.write(List.of(), List.of(beat))
                .chain(written -> written.delegations().get(0))
                .map(beaten -> new HeartbeatReply.OfDelegation(
                        beaten.recorded(),
                        beaten.status(),
                        beaten.attempt(),
                        beaten.cancelRequested(),
                        beaten.deadlineInMs(),
                        pace.nextHeartbeatMs()));
    }

    /** Refuses elements, never the rest. */
    Uni<HeartbeatReply.Bulk> bulk(BeatReader.Bulk request) {
        return buffer.write(read(request.beats()), read(request.delegations()))
                .chain(written -> answers(request.delegations(), written.delegations())
                        .map(answers -> bulk(request, written.beats(), answers)));
    }

    private HeartbeatReply.Bulk bulk(BeatReader.Bulk request, List<Outcome> outcomes, List<Answer> answers) {
        var rejected = new ArrayList<Rejected>();
        Iterator<Outcome> next = outcomes.iterator();
        for (int i = 0; i < request.beats().size(); i++) {
            Element<Beat> element = request.beats().get(i);
            Problem refusal = element.refusal();
            if (element.beat() != null) {
                Outcome outcome = next.next();
                refusal = outcome.recorded()
                        ? null
                        : outcome.problem(element.beat().workspaceId());
            }
            if (refusal != null) {
                rejected.add(new Rejected("heartbeats", i, refusal.code(), refusal.detail()));
            }
        }
        var cancelRequested = new ArrayList<String>();
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            if (answer.refusal != null) {
                rejected.add(new Rejected("delegations", i, answer.refusal.code(), answer.refusal.detail()));
            } else if (answer.beaten != null && answer.beaten.refusal() != null) {
                rejected.add(new Rejected(
                        "delegations",
                        i,
                        answer.beaten.refusal(),
                        "it is " + answer.beaten.status() + ": stop working on it"));
            } else if (answer.beaten != null && answer.beaten.cancelRequested()) {
                cancelRequested.add(
                        Objects.requireNonNull(request.delegations().get(i).beat())
                                .delegationId());
            }
        }
        long sent = (long) request.beats().size() + request.delegations().size();
        return new HeartbeatReply.Bulk(sent - rejected.size(), rejected, cancelRequested, pace.nextHeartbeatMs());
    }

    /** What became of a delegation's beat, or why it did not. */
    private record Answer(@Nullable Beaten beaten, @Nullable Problem refusal) {}

    private static <T> List<T> read(List<Element<T>> elements) {
        var beats = new ArrayList<T>(elements.size());
        for (Element<T> element : elements) {
            if (element.beat() != null) {
                beats.add(element.beat());
            }
        }
        return beats;
    }

    /** One for each element, in their order. The results are there already. */
    private static Uni<List<Answer>> answers(List<Element<DelegationBeats.Beat>> elements, List<Uni<Beaten>> results) {
        if (elements.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        Iterator<Uni<Beaten>> next = results.iterator();
        List<Uni<Answer>> answers = new ArrayList<>(elements.size());
        for (Element<DelegationBeats.Beat> element : elements) {
            answers.add(
                    element.beat() == null
                            ? Uni.createFrom().item(new Answer(null, element.refusal()))
                            : next.next()
                                    .map(beaten -> new Answer(beaten, null))
                                    .onFailure(Problem.class)
                                    .recoverWithItem(refusal -> new Answer(null, (Problem) refusal)));
        }
        return Uni.join().all(answers).andFailFast();
    }

    private static List<Listed> listed(List<Element<DelegationBeats.Beat>> elements, List<Answer> answers) {
        var listed = new ArrayList<Listed>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            DelegationBeats.Beat beat = elements.get(i).beat();
            String id = beat == null ? null : beat.delegationId();
            Answer answer = answers.get(i);
            listed.add(
                    answer.beaten == null
                            ? Listed.refused(
                                    id, Objects.requireNonNull(answer.refusal).code())
                            : Listed.of(id, answer.beaten));
        }
        return listed;
    }
}
