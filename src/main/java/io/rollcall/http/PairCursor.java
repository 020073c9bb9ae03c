package io.rollcall.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** As {@link Cursor}, in a list that is ordered by two texts, neither of which has a NUL: the last row's. */
public record PairCursor(String first, String second) {

    /** Before every row, since no text is less than the empty one. */
    static final PairCursor START = new PairCursor("", "");

    private static final char BETWEEN = '\0';

    String encode() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((first + BETWEEN + second).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Problem 400 when it is not a cursor that a reply gave */
    public static PairCursor decode(@Nullable String cursor) {
        if (cursor == null) {
            return START;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int end = text.indexOf(BETWEEN);
            if (end >= 0 && end == text.lastIndexOf(BETWEEN)) {
                PairCursor read = new PairCursor(text.substring(0, end), text.substring(end + 1));
                if (read.encode().equals(cursor)) {
                    return read;
                }
            }
        } catch (IllegalArgumentException notBase64) {
            throw Cursor.invalid();
        }
        throw Cursor.invalid();
    }
}
