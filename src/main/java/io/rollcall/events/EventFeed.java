package io.rollcall.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.rollcall.access.Transactions;
import io.rollcall.events.EventRepository.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, read once for all who listen on this replica: the database is asked as often whatever their number.
 * Who is further behind reads the table.
 *
 * <p>Invariants: what is held is the events of all organisations without a gap, at most {@value #MOST_HELD} and {@value
 * #MOST_CHARACTERS} characters; a listener takes those of his own alone. Row security is no wall here, {@link Told#isFor} is the one.
 */
@ApplicationScoped
class EventFeed {

    private static final int MOST_HELD = 4096;
    private static final long MOST_CHARACTERS = 8 << 20;
    private static final int READ_AT_ONCE = 2000;
    private static final long BYTES_AT_ONCE = 4 << 20;
    private static final Logger LOG = Logger.getLogger(EventFeed.class);

    private final Transactions transactions;
    private final EventRepository repository;
    private final ObjectWriter writer;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

    /** The event of number n stands at n modulo the length. Guarded, as the three numbers, by this. */
    private final @Nullable Told[] held = new Told[MOST_HELD];

    private long first = Long.MAX_VALUE;
    private long last;
    private long characters;

    EventFeed(Transactions transactions, EventRepository repository, ObjectMapper mapper, EventMeters meters) {
        this.transactions = transactions;
        this.repository = repository;
        this.writer = mapper.writerFor(Event.class);
        meters.watch(this);
    }

    /** What a stream took: events, up to which number there are no more of its own, and whether it may take more. */
    record Taken(List<Told> events, long upTo, boolean more) {}

    /** Whether a stream may join. */
    enum Room {
        ENOUGH,
        NONE,
        NONE_FOR_ITS_ORGANISATION
    }

    int size() {
        return streams.size();
    }

    Set<EventStream> streams() {
        return streams;
    }

    /** @param mostOfOne how many may be of one organisation; the platform's own are not counted so */
    synchronized Room join(EventStream stream, int most, int mostOfOne) {
        if (streams.size() >= most) {
            return Room.NONE;
        }
        UUID organisation = stream.caller().organisation();
        if (organisation != null
                && streams.stream()
                                .filter(one -> organisation.equals(one.caller().organisation()))
                                .count()
                        >= mostOfOne) {
            return Room.NONE_FOR_ITS_ORGANISATION;
        }
        streams.add(stream);
        return Room.ENOUGH;
    }

    void leave(EventStream stream) {
        streams.remove(stream);
    }

    /** Null when it is not all here any more, or not yet. */
    synchronized @Nullable Taken take(@Nullable UUID organisation, long after, int limit, long mostCharacters) {
        if (after < first - 1 || after > last) {
            return null;
        }
        List<Told> taken = new ArrayList<>();
        long at = after;
        long length = 0;
        while (at < last && taken.size() < limit && length < mostCharacters) {
            at++;
            Told told = held[(int) (at % MOST_HELD)];
            if (told != null && told.isFor(organisation)) {
                taken.add(told);
                length += told.length();
            }
        }
        return new Taken(taken, at, at < last);
    }

    Told told(Event event) {
        try {
            return new Told(event.id(), event.orgId(), event.event(), writer.writeValueAsString(event));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what is new, if anybody listens.
     *
     * @return whether there may be more
     */
    Uni<Boolean> read() {
        if (streams.isEmpty()) {
            forget();
            return Uni.createFrom().item(false);
        }
        long after = last();
        return after < 0
                ? transactions
                        .readForPlatform(repository::place)
                        .invoke(place -> begin(place.last()))
                        .replaceWith(false)
                : transactions
                        .readForPlatform(
                                connection -> repository.page(connection, null, after, READ_AT_ONCE, BYTES_AT_ONCE))
                        .invoke(page -> add(after, page))
                        .map(Page::more);
    }

    private synchronized long last() {
        return first > last + 1 ? -1 : last;
    }

    /** Nobody listened: what happened meanwhile is not here. */
    private synchronized void forget() {
        beginWith(Long.MAX_VALUE, 0);
    }

    private void begin(long place) {
        beginWith(place + 1, place);
        streams.forEach(EventStream::wake);
    }

    private synchronized void beginWith(long newFirst, long newLast) {
        Arrays.fill(held, null);
        characters = 0;
        first = newFirst;
        last = newLast;
    }

    private void add(long after, Page page) {
        List<Event> events = page.events();
        long now = page.place().last();
        if (now < after) {
            LOG.warnf(
                    "The last event was %d and is %d: the database lost some, as a failover or a restore does. All listeners"
                            + " are told to read all again",
                    after, now);
            beginWith(now + 1, now);
            streams.forEach(EventStream::rewind);
            return;
        }
        if (events.isEmpty()) {
            return;
        }
        Set<UUID> whose = new HashSet<>();
        List<Told> told = events.stream().map(this::told).toList();
        synchronized (this) {
            for (Told one : told) {
                if (one.seq() != last + 1) {
                    beginWith(one.seq(), one.seq() - 1);
                }
                hold(one);
                if (one.orgId() != null) {
                    whose.add(one.orgId());
                }
            }
        }
        streams.forEach(stream -> stream.wakeFor(whose));
    }

    private synchronized void hold(Told told) {
        while (first <= last && (last - first + 1 == MOST_HELD || characters + told.length() > MOST_CHARACTERS)) {
            int place = (int) (first % MOST_HELD);
            Told oldest = held[place];
            characters -= oldest == null ? 0 : oldest.length();
            held[place] = null;
            first++;
        }
        held[(int) (told.seq() % MOST_HELD)] = told;
        characters += told.length();
        last = told.seq();
    }
}
