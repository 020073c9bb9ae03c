package io.rollcall.http;

import static io.rollcall.Fuzzed.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken for a cursor is one that a reply gave: it is written exactly as this service writes it. */
class CursorFuzz {

    static Stream<byte[]> seeds() {
        Cursor cursor = new Cursor(OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6000, ZoneOffset.UTC), new UUID(1, 2));
        return Stream.concat(
                        Stream.of(cursor, Cursor.NEWEST).map(Cursor::encode),
                        Stream.of(new PairCursor("main", "caf\u00e9").encode()))
                .flatMap(text ->
                        Stream.of(text.getBytes(UTF_8), Base64.getUrlDecoder().decode(text)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aCursorIsReadOrRefused(byte[] input) {
        check(new String(input, UTF_8));
        // Few bytes are base64; as its content, they all reach what comes after it.
        check(Base64.getUrlEncoder().withoutPadding().encodeToString(input));
    }

    private static void check(String text) {
        Cursor cursor = parsed(() -> Cursor.decode(text));
        if (cursor != null) {
            assertEquals(text, cursor.encode());
        }
        SerialCursor serial = parsed(() -> SerialCursor.decode(text));
        if (serial != null) {
            assertEquals(text, serial.encode());
        }
        PairCursor pair = parsed(() -> PairCursor.decode(text));
        if (pair != null) {
            assertEquals(text, pair.encode());
        }
    }
}
