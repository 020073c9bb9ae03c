package io.rollcall.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The place in a list after which the next page begins: the last row's time and id, a total order that rows inserted
 * meanwhile do not disturb. Opaque to clients.
 */
public record Cursor(OffsetDateTime at, UUID id) {

    /** Before every row of a list that runs from new to old. */
    public static final Cursor NEWEST =
            new Cursor(OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC), new UUID(-1, -1));

    String encode() {
        Instant instant = at.toInstant();
        String text = instant.getEpochSecond() + "." + instant.getNano() + "." + id;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws Problem 400 when it is not a cursor that a reply gave */
    public static Cursor decode(@Nullable String cursor) {
        if (cursor == null) {
            return NEWEST;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII).split("\\.");
            UUID id = parts.length == 3 ? Ids.parse(parts[2]) : null;
            Instant at = Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            if (id == null || at.isAfter(NEWEST.at().toInstant()) || at.isBefore(Instant.EPOCH)) {
                throw invalid();
            }
            Cursor read = new Cursor(at.atOffset(ZoneOffset.UTC), id);
            if (!read.encode().equals(cursor)) {
                throw invalid();
            }
            return read;
        } catch (IllegalArgumentException
                | DateTimeException
                | ArrayIndexOutOfBoundsException
                | ArithmeticException e) {
            throw invalid();
        }
    }

    static Problem invalid() {
        return Problem.malformed("cursor", "is not a next_cursor of an earlier page");
    }
}
