package io.rollcall.events;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rollcall.access.Caller;
import io.rollcall.access.TokenCheck;
import io.rollcall.access.Transactions;
import io.rollcall.events.SequenceRepository.Numbered;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The streams of this replica, and the rounds in which events are numbered and told. Each round numbers a batch and reads
 * what is new; a full batch is followed by the next at once.
 *
 * <p>A stream ends with its token, within {@link #RECHECK} and a second; with its reader, when he leaves what was sent to him
 * unread; and with the service, before that waits for the requests in flight. Who does not read is not waited for: his
 * connection is closed, after {@link #GRACE} or, at a stop, {@link #GRACE_AT_STOP}.
 */
@ApplicationScoped
class EventStreams {

    static final Duration RECHECK = Duration.ofSeconds(2);
    static final Duration GRACE = Duration.ofSeconds(2);
    static final Duration GRACE_AT_STOP = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(EventStreams.class);

    private final Sequencer sequencer;
    private final EventFeed feed;
    private final EventRepository repository;
    private final Transactions transactions;
    private final EventMeters meters;
    private final EventSettings settings;
    private final TokenCheck tokens;
    private final Vertx vertx;
    private final Set<EventStream> open;
    private final Thread atExit = new Thread(this::endAll, "event-streams-end");

    private final Outage unread = new Outage(System::nanoTime);

    private volatile boolean stopped;
    private volatile boolean idle;
    private volatile long timer;
    private long recheck;

    EventStreams(
            Sequencer sequencer,
            EventFeed feed,
            EventRepository repository,
            Transactions transactions,
            EventMeters meters,
            EventSettings settings,
            TokenCheck tokens,
            Vertx vertx) {
        this.sequencer = sequencer;
        this.feed = feed;
        // The set itself: when the hook runs there may be no beans any more, and a start that failed ends with the hook
        // too.
        this.open = feed.streams();
        this.repository = repository;
        this.transactions = transactions;
        this.meters = meters;
        this.settings = settings;
        this.tokens = tokens;
        this.vertx = vertx;
    }

    /**
     * Fails with 503 when there are too many, with 429 when there are too many of the organisation, and as the database does.
     *
     * @param after the number of the last event that the listener knows; null: from now on
     * @param hangUp closes his connection
     */
    Uni<EventStream> open(Caller caller, @Nullable Long after, Runnable hangUp) {
        var stream = new EventStream(caller, this, vertx.getOrCreateContext(), after, hangUp);
        join(stream);
        return stream.begin()
                .onFailure()
                .invoke(stream::leave)
                .onCancellation()
                .invoke(stream::leave)
                .invoke(() -> {
                    if (stopped) {
                        stream.end();
                    }
                    hurry();
                })
                .replaceWith(stream);
    }

    private void join(EventStream stream) {
        int most = settings.streams();
        int mostOfOne = EventBounds.ofOneOrganisation(settings);
        switch (feed.join(stream, most, mostOfOne)) {
            case ENOUGH -> {}
            case NONE ->
                throw full(
                        503,
                        "TOO_MANY_STREAMS",
                        most,
                        "this replica has " + most
                                + " open streams, its limit (rollcall.events.streams); try another, or later");
            case NONE_FOR_ITS_ORGANISATION ->
                throw full(
                        429,
                        "TOO_MANY_STREAMS_OF_ORGANISATION",
                        mostOfOne,
                        "this organisation has " + mostOfOne + " open streams at this replica, its share"
                                + " (rollcall.events.streams-per-organisation); close some, or try another replica");
        }
    }

    private static Problem full(int status, String code, int limit, String detail) {
        return Problem.of(status, code, detail).with("limit", limit).header("Retry-After", "5");
    }

    void atStart(@Observes StartupEvent started) {
        EventBounds.check(settings);
        // The service waits for requests in flight before it fires its own event, and a stream would be one for ever.
        Runtime.getRuntime().addShutdownHook(atExit);
        recheck = vertx.setPeriodic(RECHECK.toMillis(), tick -> recheck());
        next(Duration.ofMillis(1));
    }

    void atStop(@Observes ShutdownEvent stopping) {
        endAll();
        vertx.cancelTimer(recheck);
        vertx.cancelTimer(timer);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyRunning) {
            LOG.debug("The hook has run");
        }
    }

    private void endAll() {
        stopped = true;
        if (!open.isEmpty()) {
            open.forEach(EventStream::end);
            vertx.setTimer(GRACE_AT_STOP.toMillis(), due -> open.forEach(EventStream::breakOff));
        }
    }

    private void hurry() {
        if (idle && vertx.cancelTimer(timer)) {
            next(Duration.ofMillis(1));
        }
    }

    private void next(Duration pause) {
        timer = vertx.setTimer(Math.max(1, pause.toMillis()), due -> round());
    }

    private void round() {
        idle = false;
        sequencer
                .number()
                .invoke(this::numbered)
                .onFailure()
                .recoverWithItem(this::notNumbered)
                .chain(numbered -> feed.read()
                        .invoke(read -> isOver(unread, "Events are read again"))
                        .map(more -> new Round(numbered.count() > 0, numbered.more() || more)))
                .subscribe()
                .with(this::ended, this::notRead);
    }

    /** What a round did: whether it numbered any, and whether there may be more to number or to read. */
    private record Round(boolean numbered, boolean more) {}

    private void numbered(Numbered batch) {
        meters.numbered(batch);
        isOver(meters.outage(), "Events are numbered again");
    }

    /** What has a number can be told all the same. */
    private Numbered notNumbered(Throwable failure) {
        failed(meters.outage(), "Events cannot be numbered", failure);
        return Numbered.NONE;
    }

    private void notRead(Throwable failure) {
        failed(unread, "Events cannot be read", failure);
        if (!stopped) {
            next(settings.idleEvery());
        }
    }

    private static void failed(Outage outage, String what, Throwable failure) {
        LOG.logf(outage.failed() ? Level.WARN : Level.DEBUG, "%s, trying again: %s", what, failure.getMessage());
    }

    private static void isOver(Outage outage, String what) {
        if (outage.isOver()) {
            LOG.info(what);
        }
    }

    private void ended(Round round) {
        if (stopped) {
            return;
        }
        idle = !round.numbered && feed.size() == 0;
        next(round.more ? Duration.ofMillis(1) : idle ? settings.idleEvery() : settings.every());
    }

    private void recheck() {
        long stalled = settings.stalledAfter().toNanos();
        for (EventStream stream : open) {
            if (stream.isStalled(stalled) || stream.isOverdue(GRACE.toNanos())) {
                stream.breakOff();
            } else {
                tokens.isGood(stream.caller()).subscribe().with(good -> endUnless(good, stream), failure -> {});
            }
        }
    }

    private static void endUnless(boolean good, EventStream stream) {
        if (!good) {
            stream.end();
        }
    }

    EventFeed feed() {
        return feed;
    }

    EventRepository repository() {
        return repository;
    }

    Transactions transactions() {
        return transactions;
    }

    EventMeters meters() {
        return meters;
    }

    EventSettings settings() {
        return settings;
    }

    Vertx vertx() {
        return vertx;
    }
}
