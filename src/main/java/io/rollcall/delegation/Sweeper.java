package io.rollcall.delegation;

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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends what nobody else ends: delegations past their deadline, those whose callee was asked to stop and did not, and those
 * whose callee fell silent, in this order. {@link SweepRepository} says how a verdict meets what happens at the same time,
 * {@link Watch} when silence is not judged.
 *
 * <p>Invariants: every replica sweeps, none waits for another; a batch is a transaction, and is shared by the organisations
 * that have something due; the database's clock decides; a delegation that was never heard of is judged by its callee's own
 * heartbeats, else by its deadline; no row is written twice for one finding, and a sweep that finds nothing writes nothing.
 *
 * <p>Limits: a replica that meets another's locks leaves the rest of its work for the next sweep: two replicas are not twice
 * as fast.
 */
@ApplicationScoped
class Sweeper {

    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final Transactions transactions;
    private final SweepRepository repository;
    private final LedgerSettings ledger;
    private final SweeperMeters meters;
    private final Watch watch;

    Sweeper(
            Transactions transactions,
            SweepRepository repository,
            HearingRepository hearing,
            SweeperSettings settings,
            LedgerSettings ledger,
            SweeperMeters meters,
            MeterRegistry registry) {
        this.transactions = transactions;
        this.repository = repository;
        this.ledger = ledger;
        this.meters = meters;
        Duration silence = ledger.stuckAfter();
        Duration grace = settings.bootGrace().orElse(silence);
        var terms = new Watch.Terms(settings.every(), silence, grace, settings.brake(), settings.batch());
        this.watch = new Watch("sweeper", transactions, hearing, terms, registry);
    }

    Watch watch() {
        return watch;
    }

    @Scheduled(every = "{rollcall.sweeper.every}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return sweep(null).replaceWithVoid();
    }

    /**
     * @param now null for the database's clock
     * @return how many it settled of each kind
     */
    Uni<Map<Verdict, Integer>> sweep(@Nullable OffsetDateTime now) {
        Map<Verdict, Integer> settled = new EnumMap<>(Verdict.class);
        return watch.sweep(now, round -> settle(round, Verdict.DEADLINE_EXCEEDED, ledger.stuckAfter(), settled)
                        .chain(() -> settle(round, Verdict.CANCELLED, ledger.stuckAfter(), settled))
                        .chain(() -> round.silence(
                                silence -> pick(round, Verdict.LOST, silence).map(silent -> !silent.isEmpty()),
                                silence -> settle(round, Verdict.LOST, silence, settled))))
                .invoke(() -> {
                    if (!settled.isEmpty()) {
                        LOG.infof("Settled %s", settled);
                    }
                })
                .replaceWith(settled);
    }

    private Uni<Void> settle(Watch.Round round, Verdict verdict, Duration silence, Map<Verdict, Integer> settled) {
        return round.settle("settle what is " + verdict.word(), () -> pick(round, verdict, silence)
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(0)
                        : transactions.runForPlatform(
                                connection -> repository.settle(connection, verdict, round.now(), silence, ids)))
                .invoke(count -> {
                    if (count > 0) {
                        meters.settled(verdict, count);
                        settled.merge(verdict, count, Integer::sum);
                    }
                }));
    }

    private Uni<List<Long>> pick(Watch.Round round, Verdict verdict, Duration silence) {
        return transactions.readForPlatform(
                connection -> repository.pick(connection, verdict, round.now(), silence, round.batch()));
    }
}
