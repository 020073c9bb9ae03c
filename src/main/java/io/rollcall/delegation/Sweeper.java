package io.rollcall.delegation;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.DatabaseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends what nobody else ends: delegations past their deadline, those whose callee was asked to stop and did not, and those
 * whose callee fell silent, in this order. {@link SweepRepository} says how a verdict meets what happens at the same time.
 *
 * <p>Invariants: every replica sweeps, none waits for another; a batch is a transaction, and is shared by the organisations
 * that have something due; the database's clock decides; who was never heard of is not silent; no row is written twice for
 * one finding, and a sweep that finds nothing writes nothing.
 *
 * <p>Silence is judged only by who could hear. Not for a while after the replica, its database or the way between them was
 * away ({@link BootGrace}), since beats were lost then; and while too many are quiet at once ({@link Hearing}) only those
 * who are silent for twice as long. By then they no longer count as live, so no pause lasts longer for anybody.
 *
 * <p>Limits: one replica's absence is its own; that agents cannot reach the service while it reaches its database shows only
 * in the brake, which knows no organisations. A replica that meets another's locks leaves the rest of its work for the next
 * sweep: two replicas are not twice as fast.
 */
@ApplicationScoped
class Sweeper {

    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    /** A statement was cut off by its timeout. */
    private static final String CANCELED = "57014";

    /** The server was there only to say that it is not: shutting down, out of resources, its disk gone. */
    private static final Pattern NO_ANSWER = Pattern.compile("(08|53|57P|58).*");

    /** How much of the time that silence takes may pass between two sweeps before something was away. */
    private static final int GAPS_IN_SILENCE = 10;

    private final Transactions transactions;
    private final SweepRepository repository;
    private final SweeperSettings settings;
    private final LedgerSettings ledger;
    private final SweeperMeters meters;
    private final BootGrace grace;
    private volatile SweeperState state = SweeperState.FIRST;
    private volatile int batch;

    Sweeper(
            Transactions transactions,
            SweepRepository repository,
            SweeperSettings settings,
            LedgerSettings ledger,
            SweeperMeters meters) {
        this.transactions = transactions;
        this.repository = repository;
        this.settings = settings;
        this.ledger = ledger;
        this.meters = meters;
        this.batch = settings.batch();
        this.grace = new BootGrace(settings.bootGrace().orElse(ledger.stuckAfter()), gap());
    }

    private Duration gap() {
        Duration sweeps = settings.every().multipliedBy(4);
        Duration silence = ledger.stuckAfter().dividedBy(GAPS_IN_SILENCE);
        return sweeps.compareTo(silence) > 0 ? sweeps : silence;
    }

    SweeperState state() {
        return state;
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
        return Uni.createFrom().deferred(() -> {
            long begin = System.nanoTime();
            var sweep = new Sweep(now);
            return sweep.run().invoke(() -> meters.swept(Duration.ofNanos(System.nanoTime() - begin)));
        });
    }

    /** One sweep. Its parts are judged apart: that one fails is no reason to leave out the next. */
    private final class Sweep {

        private final @Nullable OffsetDateTime now;
        private final Map<Verdict, Integer> settled = new EnumMap<>(Verdict.class);
        private boolean failed;

        Sweep(@Nullable OffsetDateTime now) {
            this.now = now;
        }

        Uni<Map<Verdict, Integer>> run() {
            return meet().chain(this::judge)
                    .chain(this::meet)
                    .invoke(this::succeeded)
                    .onFailure()
                    .recoverWithUni(failure -> failed("find the time", failure)
                            .replaceWith(new Moment(OffsetDateTime.MIN, OffsetDateTime.MIN)))
                    .replaceWith(settled);
        }

        private Uni<Moment> meet() {
            return transactions
                    .readForPlatform(connection -> repository.moment(connection, now))
                    .invoke(moment -> {
                        grace.met(moment);
                        state = state.met(grace.until());
                    });
        }

        private Uni<Void> judge(Moment moment) {
            return settle(Verdict.DEADLINE_EXCEEDED, ledger.stuckAfter())
                    .chain(() -> settle(Verdict.CANCELLED, ledger.stuckAfter()))
                    .chain(() -> grace.isOver(moment.now()) ? silence() : heard(false, Hearing.NOBODY));
        }

        private Uni<Void> silence() {
            return pick(Verdict.LOST, ledger.stuckAfter())
                    .chain(silent -> silent.isEmpty() ? heard(false, Hearing.NOBODY) : silenceOfSome())
                    .onFailure()
                    .recoverWithUni(failure -> failed("listen", failure));
        }

        private Uni<Void> silenceOfSome() {
            return transactions
                    .readForPlatform(connection -> repository.hearing(connection, now, ledger.stuckAfter()))
                    .chain(hearing -> {
                        boolean pause = hearing.isTooQuiet(settings.brake());
                        Duration twice = ledger.stuckAfter().multipliedBy(2);
                        return heard(pause, hearing)
                                .chain(() -> settle(Verdict.LOST, pause ? twice : ledger.stuckAfter()));
                    });
        }

        /** Batch after batch, until one finds nothing that is free. */
        private Uni<Void> settle(Verdict verdict, Duration silence) {
            return Multi.createBy()
                    .repeating()
                    .uni(() -> pick(verdict, silence)
                            .chain(ids -> ids.isEmpty() ? Uni.createFrom().item(0) : settle(verdict, silence, ids))
                            .invoke(count -> settled(verdict, count)))
                    .whilst(count -> count > 0)
                    .onItem()
                    .ignoreAsUni()
                    .onFailure()
                    .recoverWithUni(failure -> failed("settle what is " + verdict.word(), failure));
        }

        private Uni<List<Long>> pick(Verdict verdict, Duration silence) {
            return transactions.readForPlatform(
                    connection -> repository.pick(connection, verdict, now, silence, batch));
        }

        private Uni<Integer> settle(Verdict verdict, Duration silence, List<Long> ids) {
            return transactions.runForPlatform(connection -> repository.settle(connection, verdict, now, silence, ids));
        }

        private void settled(Verdict verdict, int count) {
            if (count > 0) {
                meters.settled(verdict, count);
                settled.merge(verdict, count, Integer::sum);
            }
        }

        private Uni<Void> heard(boolean pause, Hearing hearing) {
            if (pause && !state.paused()) {
                LOG.warnf(
                        "%d of %d live agents are quiet at once: nobody is held to be silent before %s",
                        hearing.quiet(), hearing.live(), ledger.stuckAfter().multipliedBy(2));
            } else if (!pause && state.paused()) {
                LOG.info("Who is silent is judged as usual again");
            }
            state = state.heard(pause, hearing);
            meters.paused(pause);
            return Uni.createFrom().voidItem();
        }

        private Uni<Void> failed(String what, Throwable failure) {
            failed = true;
            meters.failed();
            LOG.warnf("Could not %s, trying again at the next sweep: %s", what, failure.getMessage());
            String answer = failure instanceof DatabaseException refused ? String.valueOf(refused.getSqlState()) : "";
            if (CANCELED.equals(answer)) {
                batch = Math.max(1, batch / 4);
            } else if (!Transactions.isContention(failure)
                    && (answer.isEmpty() || NO_ANSWER.matcher(answer).matches())) {
                grace.lost();
                state = state.met(null);
            }
            return Uni.createFrom().voidItem();
        }

        private void succeeded(Moment end) {
            if (!settled.isEmpty()) {
                LOG.infof("Settled %s", settled);
            }
            if (!failed) {
                batch = Math.min(settings.batch(), batch * 2);
                state = state.swept(end.now());
                meters.succeeded(end.now().toInstant().toEpochMilli());
            }
        }
    }
}
