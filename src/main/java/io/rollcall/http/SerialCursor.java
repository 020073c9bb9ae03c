package io.rollcall.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As {@link Cursor}, in a list whose rows have a number that grows: the last row's. */
public record SerialCursor(long id) {

    /** Before every row of a list that runs from new to old. */
    static final SerialCursor NEWEST = new SerialCursor(Long.MAX_VALUE);

    private static final Pattern FORM = Pattern.compile("[0-9]{1,18}");

    public String encode() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(id).getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws Problem 400 when it is not a cursor that a reply gave */
    public static SerialCursor decode(@Nullable String cursor) {
        if (cursor == null) {
            return NEWEST;
        }
        try {
            String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            SerialCursor read = FORM.matcher(id).matches() ? new SerialCursor(Long.parseLong(id)) : NEWEST;
            if (read.encode().equals(cursor)) {
                return read;
            }
        } catch (IllegalArgumentException notBase64) {
            throw Cursor.invalid();
        }
        throw Cursor.invalid();
    }
}
