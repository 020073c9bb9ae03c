package io.rollcall.heartbeat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.rollcall.access.Transactions;
import io.rollcall.hearing.HearingRepository;
import io.rollcall.hearing.SweeperSettings;
import io.rollcall.hearing.Watch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the agents that fell silent, in all organisations at once and each (workspace, agent) by itself; raises an incident
 * for each finding; and takes a workspace offline when none of its agents is heard. {@link LivenessRepository} says how a
 * verdict meets a beat, {@link Watch} when silence is not judged.
 *
 * <p>Invariants: any number of replicas sweep, none waits for another; the database's clock decides; who is paused is not
 * judged; a row is judged once a silence, a sweep that finds nothing writes nothing; what the sweep knows is in rows, so that
 * a restart changes nothing. Only beats bring somebody back, which needs no sweep: nothing expires once and is forgotten.
 *
 * <p>An incident starts a cool-down of 10 minutes, doubled with each that comes soon after the one before, to 60 at most.
 * Who falls silent meanwhile is silent, but raises none before it is over: a flapping agent does not flood its people.
 */
@ApplicationScoped
class LivenessSweeper {

    private static final Logger LOG = Logger.getLogger(LivenessSweeper.class);

    private final Transactions transactions;
    private final LivenessRepository repository;
    private final WorkspaceStatuses statuses;
    private final Pace pace;
    private final Webhook webhook;
    private final Watch watch;
    private final Counter silent;
    private final Counter incidents;

    LivenessSweeper(
            Transactions transactions,
            LivenessRepository repository,
            WorkspaceStatuses statuses,
            Pace pace,
            Webhook webhook,
            HearingRepository hearing,
            HeartbeatSettings heartbeats,
            SweeperSettings sweeps,
            MeterRegistry registry) {
        this.transactions = transactions;
        this.repository = repository;
        this.statuses = statuses;
        this.pace = pace;
        this.webhook = webhook;
        Duration silence = heartbeats.offlineAfter();
        Duration grace = sweeps.bootGrace().orElse(silence);
        var terms = new Watch.Terms(heartbeats.sweepEvery(), silence, grace, sweeps.brake(), sweeps.batch());
        this.watch = new Watch("liveness", transactions, hearing, terms, registry);
        silent = Counter.builder("rollcall.agents.silent")
                .description("Agents that the sweep found silent")
                .register(registry);
        incidents = Counter.builder("rollcall.incidents.raised")
                .description("Incidents that the sweep raised")
                .register(registry);
    }

    Watch watch() {
        return watch;
    }

    @Scheduled(every = "{rollcall.heartbeats.sweep-every}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return sweep(null).replaceWithVoid();
    }

    /** What a sweep did. */
    static final class Found {
        int silent;
        int incidents;
        int workspaces;

        @Override
        public String toString() {
            return silent + " silent, " + incidents + " incidents, " + workspaces + " workspaces gone";
        }
    }

    /** @param now null for the database's clock */
    Uni<Found> sweep(@Nullable OffsetDateTime now) {
        var found = new Found();
        return watch.sweep(now, round -> round.silence(
                                silence -> transactions
                                        .readForPlatform(connection -> repository.pick(connection, now, silence, 1))
                                        .map(some -> !some.isEmpty()),
                                silence -> round.settle("judge who is silent", () -> judge(round, silence, found)))
                        .chain(() -> round.settle("raise incidents", () -> raise(round, found)))
                        .chain(() -> round.settle("take workspaces offline", () -> workspaces(round, found)))
                        .chain(() -> round.part("count the fleet", this::count)))
                .invoke(() -> {
                    if (found.silent + found.incidents + found.workspaces > 0) {
                        LOG.infof("Liveness: %s", found);
                    }
                })
                .replaceWith(found);
    }

    private Uni<Integer> judge(Watch.Round round, Duration silence, Found found) {
        return transactions
                .readForPlatform(connection -> repository.pick(connection, round.now(), silence, round.batch()))
                .chain(keys -> keys.isEmpty()
                        ? Uni.createFrom().item(0)
                        : transactions.runForPlatform(
                                connection -> repository.judge(connection, round.now(), silence, keys)))
                .invoke(count -> {
                    found.silent += count;
                    silent.increment(count);
                });
    }

    private Uni<Integer> raise(Watch.Round round, Found found) {
        return transactions
                .runForPlatform(
                        connection -> repository.raise(connection, round.now(), round.batch(), webhook.isConfigured()))
                .invoke(count -> {
                    found.incidents += count;
                    incidents.increment(count);
                });
    }

    private Uni<Integer> workspaces(Watch.Round round, Found found) {
        return transactions
                .readForPlatform(connection -> repository.silentWorkspaces(connection, round.batch()))
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(0)
                        : transactions
                                .runForPlatform(connection -> statuses.settle(connection, ids, "sweeper"))
                                .map(moved -> moved.size()))
                .invoke(count -> found.workspaces += count);
    }

    private Uni<Void> count() {
        return transactions
                .readForPlatform(repository::fleet)
                .invoke(pace::fleet)
                .replaceWithVoid();
    }
}
