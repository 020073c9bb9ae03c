package io.rollcall.events;

import io.rollcall.http.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The number of an event, as a listener names it. */
final class EventNumber {

    static final String FORM = "^[0-9]{1,18}$";

    private static final Pattern NUMBER = Pattern.compile(FORM);

    private EventNumber() {}

    /**
     * The header wins: a browser that connects again sends it, with the query of the first time.
     *
     * @return null when neither is given
     * @throws Problem 400 when one of them is no number
     */
    static @Nullable Long after(@Nullable String header, @Nullable String query) {
        Long ofQuery = query == null ? null : parse("after", query);
        return header == null || header.isEmpty() ? ofQuery : parse("Last-Event-ID", header);
    }

    private static Long parse(String name, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw Problem.malformed(name, "must be an event's id: a number of at most 18 digits");
        }
        return Long.valueOf(text);
    }
}
