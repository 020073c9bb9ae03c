package io.rollcall.hearing;

import io.micrometer.core.instrument.MeterRegistry;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.DatabaseException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a sweep that judges silence: it settles in batches, and holds back where silence says nothing.
 *
 * <p>Invariants: silence is judged only by who could hear. Not for a while after the replica, its database or the way between
 * them was away ({@link BootGrace}), since beats were lost then; and while too many are quiet at once ({@link Hearing}) only
 * those who are silent for twice as long. By then they no longer count as live, so no pause lasts longer for anybody. The
 * database's clock decides. The parts of a sweep are judged apart: that one fails is no reason to leave out the next.
 *
 * <p>Limits: one replica's absence is its own; that agents cannot reach the service while it reaches its database shows only
 * in the brake, which knows no organisations. A watch is for one sweep at a time.
 */
public final class Watch {

    private static final Logger LOG = Logger.getLogger(Watch.class);

    /** A statement was cut off by its timeout. */
    private static final String CANCELED = "57014";

    /** The server was there only to say that it is not: shutting down, out of resources, its disk gone. */
    private static final Pattern NO_ANSWER = Pattern.compile("(08|53|57P|58).*");

    /** How much of the time that silence takes may pass between two sweeps before something was away. */
    private static final int GAPS_IN_SILENCE = 10;

    /**
     * @param every how often it sweeps
     * @param silence after how long somebody is silent
     * @param grace how long nobody is after something was away
     * @param brake above which share of quiet agents nobody is
     * @param batch how many rows one transaction settles at most
     */
    public record Terms(Duration every, Duration silence, Duration grace, double brake, int batch) {

        private Duration gap() {
            Duration sweeps = every.multipliedBy(4);
            Duration part = silence.dividedBy(GAPS_IN_SILENCE);
            return sweeps.compareTo(part) > 0 ? sweeps : part;
        }
    }

    /**
     * What it last found.
     *
     * @param sweptAt when a sweep last did all it should; null before the first
     * @param graceUntil until when nobody is held to be silent; null while the database is away
     * @param paused whether too many fell quiet at once for anybody to be held to be silent
     * @param live how many agents were live when somebody was silent last
     * @param quiet how many of these were quiet
     */
    public record State(
            @Nullable OffsetDateTime sweptAt,
            @Nullable OffsetDateTime graceUntil,
            boolean paused,
            long live,
            long quiet) {

        private static final State FIRST = new State(null, null, false, 0, 0);

        private State met(@Nullable OffsetDateTime until) {
            return new State(sweptAt, until, paused, live, quiet);
        }

        private State heard(boolean pausedNow, Hearing found) {
            return new State(sweptAt, graceUntil, pausedNow, found.live(), found.quiet());
        }

        private State swept(OffsetDateTime at) {
            return new State(at, graceUntil, paused, live, quiet);
        }

        /** Whether silence means anything now, and if not why. */
        private String judged() {
            if (graceUntil == null) {
                return "not judged: the database is away, or was not met yet";
            }
            if (sweptAt == null || sweptAt.isBefore(graceUntil)) {
                return "not judged before boot_grace_until";
            }
            return paused ? "judged after twice the time: too many are quiet at once" : "judged";
        }

        private long quietPercent() {
            return live == 0 ? 0 : Math.round(100.0 * quiet / live);
        }
    }

    private final String name;
    private final Transactions transactions;
    private final HearingRepository repository;
    private final Terms terms;
    private final WatchMeters meters;
    private final BootGrace grace;
    private volatile State state = State.FIRST;
    private volatile int batch;

    /** @param name as in health and metrics */
    public Watch(
            String name, Transactions transactions, HearingRepository repository, Terms terms, MeterRegistry registry) {
        this.name = name;
        this.transactions = transactions;
        this.repository = repository;
        this.terms = terms;
        this.meters = new WatchMeters(name, registry);
        this.batch = terms.batch();
        this.grace = new BootGrace(terms.grace(), terms.gap());
    }

    public State state() {
        return state;
    }

    /** Always up: that verdicts pause is no reason to send requests elsewhere. */
    public HealthCheckResponse health() {
        State now = state;
        return HealthCheckResponse.named(name)
                .up()
                .withData("silence", now.judged())
                .withData("paused", now.paused())
                .withData("live_agents", now.live())
                .withData("quiet_share", now.quietPercent() + " %")
                .withData("last_sweep", time(now.sweptAt()))
                .withData("boot_grace_until", time(now.graceUntil()))
                .build();
    }

    private static String time(@Nullable OffsetDateTime time) {
        return time == null ? "never" : time.toString();
    }

    /**
     * One sweep. Does not fail.
     *
     * @param now null for the database's clock
     */
    public Uni<Void> sweep(@Nullable OffsetDateTime now, Function<Round, Uni<Void>> work) {
        return Uni.createFrom().deferred(() -> {
            long begin = System.nanoTime();
            var round = new Round(now);
            return round.meet()
                    .chain(() -> work.apply(round))
                    .chain(round::meet)
                    .invoke(round::succeeded)
                    .onFailure()
                    .recoverWithUni(failure -> round.failed("find the time", failure)
                            .replaceWith(new Moment(OffsetDateTime.MIN, OffsetDateTime.MIN)))
                    .invoke(() -> meters.swept(Duration.ofNanos(System.nanoTime() - begin)))
                    .replaceWithVoid();
        });
    }

    /** What a sweep's work uses. */
    public final class Round {

        private final @Nullable OffsetDateTime now;
        private OffsetDateTime met = OffsetDateTime.MIN;
        private boolean failed;

        Round(@Nullable OffsetDateTime now) {
            this.now = now;
        }

        /** Null for the database's clock. */
        public @Nullable OffsetDateTime now() {
            return now;
        }

        /** How many to pick; fewer for a while after a statement that took too long. */
        public int batch() {
            return batch;
        }

        /** Batch after batch, until one settles nothing. */
        public Uni<Void> settle(String what, Supplier<Uni<Integer>> some) {
            return Multi.createBy()
                    .repeating()
                    .uni(() -> some.get())
                    .whilst(count -> count > 0)
                    .onItem()
                    .ignoreAsUni()
                    .onFailure()
                    .recoverWithUni(failure -> failed(what, failure));
        }

        /** Something that is done once. */
        public Uni<Void> part(String what, Supplier<Uni<Void>> work) {
            return work.get().onFailure().recoverWithUni(failure -> failed(what, failure));
        }

        /**
         * Judges silence, if anybody could hear.
         *
         * @param isAnybody whether somebody is silent for so long
         * @param verdict settles those who are silent for so long
         */
        public Uni<Void> silence(Function<Duration, Uni<Boolean>> isAnybody, Function<Duration, Uni<Void>> verdict) {
            if (!grace.isOver(met)) {
                return heard(false, Hearing.NOBODY);
            }
            return isAnybody
                    .apply(terms.silence())
                    .chain(some -> some ? restrained(verdict) : heard(false, Hearing.NOBODY))
                    .onFailure()
                    .recoverWithUni(failure -> failed("listen", failure));
        }

        private Uni<Void> restrained(Function<Duration, Uni<Void>> verdict) {
            return transactions
                    .readForPlatform(connection -> repository.hearing(connection, now, terms.silence()))
                    .chain(hearing -> {
                        boolean pause = hearing.isTooQuiet(terms.brake());
                        Duration silence = pause ? terms.silence().multipliedBy(2) : terms.silence();
                        return heard(pause, hearing).chain(() -> verdict.apply(silence));
                    });
        }

        private Uni<Moment> meet() {
            return transactions
                    .readForPlatform(connection -> repository.moment(connection, now))
                    .invoke(moment -> {
                        met = moment.now();
                        grace.met(moment);
                        state = state.met(grace.until());
                    });
        }

        private Uni<Void> heard(boolean pause, Hearing hearing) {
            if (pause && !state.paused()) {
                LOG.warnf(
                        "%s: %d of %d live agents are quiet at once: nobody is held to be silent before %s",
                        name, hearing.quiet(), hearing.live(), terms.silence().multipliedBy(2));
            } else if (!pause && state.paused()) {
                LOG.infof("%s: who is silent is judged as usual again", name);
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

        private void succeeded() {
            if (!failed) {
                batch = Math.min(terms.batch(), batch * 2);
                state = state.swept(met);
                meters.succeeded(met.toInstant().toEpochMilli());
            }
        }
    }
}
