package io.rollcall.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for texts that come from outside. Each answers what is wrong, or null. */
public final class Texts {

    /** {@link #nameFault} as the API's document says it. */
    public static final String NAME =
            "^[^\\s\\x00-\\x1f\\x7f-\\x9f]([^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f])?$";

    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private Texts() {}

    /** What PostgreSQL can store: no NUL, no half of a surrogate pair; and no more than {@code limit} characters. */
    public static @Nullable String fault(String text, int limit) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "must not contain the NUL character";
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return "must be valid Unicode: it contains half of a surrogate pair";
            }
        }
        // Characters, not chars: only a text that is too long in chars can be too long in characters.
        int length = text.length() <= limit ? text.length() : text.codePointCount(0, text.length());
        return length > limit ? "must have at most " + limit + " characters, has " + length : null;
    }

    /** A name: also not empty, on one line, and without white space at its ends, which nobody would see. */
    public static @Nullable String nameFault(String name, int limit) {
        String fault = fault(name, limit);
        if (fault != null) {
            return fault;
        }
        if (name.isBlank()) {
            return "must not be empty";
        }
        if (CONTROL.matcher(name).find()) {
            return "must not contain control characters";
        }
        return name.strip().length() == name.length() ? null : "must not begin or end with white space";
    }

    /** At most {@code limit} bytes of UTF-8, no character cut in two: half of one is no text that a database takes. */
    public static String cutToBytes(String text, int limit) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > limit) {
                return text.substring(0, i);
            }
            i += Character.charCount(character);
        }
        return text;
    }

    /** At most {@code limit} characters, none of them cut in two. */
    public static String cut(String text, int limit) {
        return text.codePointCount(0, text.length()) <= limit
                ? text
                : text.substring(0, text.offsetByCodePoints(0, limit));
    }
}
