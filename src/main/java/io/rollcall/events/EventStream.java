package io.rollcall.events;

import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.events.EventRepository.Place;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one listener is told, piece by piece, as fast as he takes it: nothing is made before it is asked for, so a slow one
 * costs the memory of one piece. A stream begins where it was left, with what the table has, then follows the {@link
 * EventFeed}; when that is ahead of it by too much, it reads the table again.
 *
 * <p>Invariant: {@code position} is the number up to which he was told all that is his. One piece is asked for at a time.
 */
final class EventStream {

    /** A page of the table, and the most of a piece, which ends with the event that makes it as long as this. */
    static final int PIECE = 200;

    static final long PIECE_LENGTH = 128 << 10;

    /**
     * What is sent at once. No events: a sign of life.
     *
     * @param upTo the number up to which he was told all that is his
     */
    record Piece(List<Told> events, boolean isEnd, long upTo) {}

    private final Caller caller;
    private final EventFeed feed;
    private final EventRepository repository;
    private final Transactions transactions;
    private final EventMeters meters;
    private final Vertx vertx;
    private final Context context;
    private final long keepAliveMillis;
    private final Runnable hangUp;

    private final @Nullable Long after;

    private volatile long position;
    private Place place = new Place(0, 0, OffsetDateTime.MIN);
    private boolean ready;
    private @Nullable Told first;

    /** Guarded by this, as {@code waiting}: since the feed was last looked at, something came. */
    private boolean news;

    private @Nullable CompletableFuture<Boolean> waiting;
    private volatile boolean ended;
    private volatile boolean rewound;
    private volatile long endedAt;
    private volatile long handedOverAt = System.nanoTime();

    /** @param after null: from now on */
    EventStream(Caller caller, EventStreams of, Context context, @Nullable Long after, Runnable hangUp) {
        this.caller = caller;
        this.feed = of.feed();
        this.repository = of.repository();
        this.transactions = of.transactions();
        this.meters = of.meters();
        this.vertx = of.vertx();
        this.context = context;
        this.keepAliveMillis = of.settings().keepAlive().toMillis();
        this.hangUp = hangUp;
        this.after = after;
    }

    /** To be done once, before the first piece. Fails as the database does. */
    Uni<Void> begin() {
        return transactions
                .read(caller, repository::place)
                .invoke(found -> {
                    place = found;
                    position = after == null ? found.last() : after;
                    if (position > found.last()) {
                        first = resync("ahead");
                    }
                })
                .replaceWithVoid();
    }

    Caller caller() {
        return caller;
    }

    /** The next piece, when there is one: on the event loop that the stream was opened on. */
    Uni<Piece> next() {
        handedOverAt = 0;
        return Uni.createFrom().deferred(this::look).invoke(piece -> handedOverAt = System.nanoTime());
    }

    /** Whether he left the last piece unread for so long. */
    boolean isStalled(long nanos) {
        long since = handedOverAt;
        return since != 0 && System.nanoTime() - since > nanos;
    }

    /** Whether he was to end so long ago, and is still there. */
    boolean isOverdue(long nanos) {
        return ended && System.nanoTime() - endedAt > nanos;
    }

    long position() {
        return position;
    }

    /** The numbers went back: those that follow may have been told before, of other events. */
    void rewind() {
        rewound = true;
        wake();
    }

    void wake() {
        CompletableFuture<Boolean> woken;
        synchronized (this) {
            news = true;
            woken = waiting;
            waiting = null;
        }
        if (woken != null) {
            woken.complete(true);
        }
    }

    void wakeFor(Set<UUID> organisations) {
        UUID own = caller.organisation();
        if (own == null || organisations.contains(own)) {
            wake();
        }
    }

    /** After what is under way; whoever waits, at once. It counts as open until it {@link #leave leaves}. */
    void end() {
        if (!ended) {
            endedAt = System.nanoTime();
            ended = true;
        }
        wake();
    }

    /** It is over: nothing is told any more, and there is room for another. */
    void leave() {
        end();
        feed.leave(this);
    }

    /** At once, whatever was sent. */
    void breakOff() {
        leave();
        hangUp.run();
    }

    private Uni<Piece> look() {
        if (ended) {
            return piece(List.of(), true);
        }
        if (first != null) {
            List<Told> only = List.of(first);
            first = null;
            return piece(only, false);
        }
        if (rewound) {
            rewound = false;
            return page().chain(page -> {
                place = page.place();
                return piece(List.of(resync("ahead")), false);
            });
        }
        synchronized (this) {
            news = false;
        }
        EventFeed.Taken taken = take();
        return taken == null ? page().chain(this::read) : told(taken.events(), taken.upTo(), taken.more());
    }

    private EventFeed.@Nullable Taken take() {
        return feed.take(caller.organisation(), position, PIECE, PIECE_LENGTH);
    }

    private Uni<EventRepository.Page> page() {
        return transactions.read(
                caller,
                connection -> repository.page(connection, caller.organisation(), position, PIECE, PIECE_LENGTH));
    }

    private Uni<Piece> piece(List<Told> events, boolean isEnd) {
        return Uni.createFrom().item(new Piece(events, isEnd, position));
    }

    private Uni<Piece> read(EventRepository.Page page) {
        place = page.place();
        if (position < place.floor() || position > place.last()) {
            return piece(List.of(resync(position < place.floor() ? "too_old" : "ahead")), false);
        }
        List<Told> events = page.events().stream().map(feed::told).toList();
        return told(events, page.more() ? events.get(events.size() - 1).seq() : place.last(), page.more());
    }

    private Uni<Piece> told(List<Told> events, long upTo, boolean more) {
        position = upTo;
        List<Told> all = events;
        if (!ready && !more) {
            ready = true;
            all = new ArrayList<>(events);
            all.add(feed.told(Event.ready(position, place.now())));
        }
        return all.isEmpty() ? pause() : piece(all, false);
    }

    private Told resync(String reason) {
        meters.resynced();
        position = place.last();
        return feed.told(Event.resync(position, place.now(), reason));
    }

    /** Until something comes, or a sign of life is due. */
    private Uni<Piece> pause() {
        var wait = new CompletableFuture<Boolean>();
        synchronized (this) {
            if (news || ended) {
                wait.complete(true);
            } else {
                waiting = wait;
            }
        }
        long timer = vertx.setTimer(keepAliveMillis, late -> wait.complete(false));
        return Uni.createFrom()
                .completionStage(wait)
                .onTermination()
                .invoke(() -> vertx.cancelTimer(timer))
                .emitOn(command -> context.runOnContext(here -> command.run()))
                .chain(came -> came || ended ? look() : late());
    }

    /** Looks all the same, so that the position of who hears nothing does not grow old; he is told that it goes on. */
    private Uni<Piece> late() {
        synchronized (this) {
            waiting = null;
        }
        EventFeed.Taken taken = take();
        if (taken == null) {
            return page().chain(page -> page.events().isEmpty()
                            && position >= page.place().floor()
                            && position <= page.place().last()
                    ? sign(page.place())
                    : read(page));
        }
        if (!taken.events().isEmpty() || taken.more()) {
            return told(taken.events(), taken.upTo(), taken.more());
        }
        position = taken.upTo();
        return piece(List.of(), false);
    }

    private Uni<Piece> sign(Place now) {
        place = now;
        position = now.last();
        return piece(List.of(), false);
    }
}
