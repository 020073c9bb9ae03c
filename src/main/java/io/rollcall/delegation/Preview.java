package io.rollcall.delegation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.http.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a text, short enough for lists. Cut between characters: the rival cut between bytes, and the database
 * refused the half of one, with the whole result (molecule-core #2962).
 */
final class Preview {

    /** In bytes of UTF-8, as the database's CHECKs have it. */
    static final int MOST_BYTES = 4096;

    private Preview() {}

    static @Nullable String of(@Nullable String text) {
        return text == null ? null : Texts.cutToBytes(text, MOST_BYTES);
    }

    /** Of a result: a text is its own, anything else its JSON. A NUL, which no column takes, is shown as a replacement. */
    static @Nullable String of(@Nullable JsonNode result) {
        if (result == null) {
            return null;
        }
        return of((result.isTextual() ? result.textValue() : result.toString()).replace('\0', '\ufffd'));
    }
}
