package io.rollcall.hearing;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Since when this replica and its database have been there to hear: beats that nobody could write down are nobody's silence.
 * All times are the database's; the replica's own start is its first sweep. Not for several threads.
 */
final class BootGrace {

    private final Duration length;
    private final Duration gap;
    private boolean away = true;
    private OffsetDateTime since = OffsetDateTime.MIN;
    private OffsetDateTime contact = OffsetDateTime.MIN;
    private @Nullable OffsetDateTime until;

    /**
     * @param length of the grace
     * @param gap between two contacts after which something was away
     */
    BootGrace(Duration length, Duration gap) {
        this.length = length;
        this.gap = gap;
    }

    /** The database could not be reached: nobody is silent before it was met again. */
    void lost() {
        away = true;
        until = null;
    }

    /** At the beginning and at the end of a sweep: its own length is no absence. */
    void met(Moment moment) {
        if (away || moment.now().isAfter(contact.plus(gap))) {
            since = moment.now();
            away = false;
        }
        contact = moment.now();
        until = (moment.databaseStarted().isAfter(since) ? moment.databaseStarted() : since).plus(length);
    }

    /** Until when nobody is silent; null before the first contact and while the database is away. */
    @Nullable OffsetDateTime until() {
        return until;
    }

    boolean isOver(OffsetDateTime now) {
        return until != null && !now.isBefore(until);
    }
}
