package io.rollcall.metrics;

import io.rollcall.http.Problem;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** From one day to another, with both. */
record Days(LocalDate from, LocalDate to) {

    /** What a team's view adds up at once. */
    static final int MOST_OF_TEAM = 400;

    /** Without end where a parameter is absent. */
    static Days ofList(@Nullable String from, @Nullable String to) {
        return ordered(Day.fromQuery("from", from, Day.FIRST), Day.fromQuery("to", to, Day.LAST));
    }

    /** @throws Problem 400 when they are absent or too many */
    static Days ofTeam(@Nullable String from, @Nullable String to) {
        Days days = ordered(Day.fromQuery("from", from, null), Day.fromQuery("to", to, null));
        long asked = ChronoUnit.DAYS.between(days.from, days.to) + 1;
        if (asked > MOST_OF_TEAM) {
            throw Problem.malformed("to", "must be within " + MOST_OF_TEAM + " days of from, is " + asked);
        }
        return days;
    }

    private static Days ordered(LocalDate from, LocalDate to) {
        if (from.isAfter(to)) {
            throw Problem.malformed("from", "must not be after to");
        }
        return new Days(from, to);
    }
}
