package io.rollcall.delegation;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What the sweeper last found.
 *
 * @param sweptAt when a sweep last did all it should; null before the first
 * @param graceUntil until when nobody is held to be silent; null while the database is away
 * @param paused whether too many fell quiet at once for anybody to be held to be silent
 * @param hearing as it last was when somebody was silent
 */
record SweeperState(
        @Nullable OffsetDateTime sweptAt, @Nullable OffsetDateTime graceUntil, boolean paused, Hearing hearing) {

    static final SweeperState FIRST = new SweeperState(null, null, false, Hearing.NOBODY);

    SweeperState met(@Nullable OffsetDateTime until) {
        return new SweeperState(sweptAt, until, paused, hearing);
    }

    SweeperState heard(boolean pausedNow, Hearing found) {
        return new SweeperState(sweptAt, graceUntil, pausedNow, found);
    }

    SweeperState swept(OffsetDateTime at) {
        return new SweeperState(at, graceUntil, paused, hearing);
    }
}
