package io.rollcall.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor what to send as {@code cursor} for the next page; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** From rows of which one more than the limit was asked for, to know whether there is a next page. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        List<T> items = List.copyOf(rows.subList(0, limit));
        return new Page<>(items, cursor.apply(items.get(limit - 1)).encode());
    }

    /** @throws Problem 400 beyond 1 to 500 */
    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return 50;
        }
        if (asked < 1 || asked > 500) {
            throw Problem.malformed("limit", "must be from 1 to 500");
        }
        return asked;
    }
}
