package io.rollcall.http;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor what to send as {@code cursor} for the next page; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    static final int USUAL = 50;
    static final int MOST = 500;

    /** From rows of which one more than the limit was asked for, to know whether there is a next page. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> cursor) {
        return upTo(rows, limit, last -> cursor.apply(last).encode());
    }

    /** The same of rows that are ordered by a number of theirs. */
    public static <T> Page<T> ofSerial(List<T> rows, int limit, ToLongFunction<T> id) {
        return upTo(rows, limit, last -> new SerialCursor(id.applyAsLong(last)).encode());
    }

    /** The same of rows that are ordered by two texts of theirs. */
    public static <T> Page<T> ofPairs(List<T> rows, int limit, Function<T, PairCursor> cursor) {
        return upTo(rows, limit, last -> cursor.apply(last).encode());
    }

    /** The same of rows with a key of their own kind, whose cursor is made of the last row. */
    public static <T> Page<T> upTo(List<T> rows, int limit, Function<T, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        List<T> items = List.copyOf(rows.subList(0, limit));
        return new Page<>(items, cursor.apply(items.get(limit - 1)));
    }

    /** @throws Problem 400 beyond 1 to {@value #MOST} */
    public static int limit(@Nullable String asked) {
        return limit(asked, USUAL, MOST);
    }

    /** Of an older list, which clients know with other limits. */
    public static int limit(@Nullable String asked, int usual, int most) {
        if (asked == null) {
            return usual;
        }
        int limit = asked.matches("[0-9]{1,4}") ? Integer.parseInt(asked) : 0;
        if (limit < 1 || limit > most) {
            throw Problem.malformed("limit", "must be from 1 to " + most);
        }
        return limit;
    }
}
