package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Race;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void whatWasEncodedIsDecodedToTheMicrosecondInWhateverOffset() {
        Random random = new Random(Race.seed("cursor round trip"));
        for (int i = 0; i < 10_000; i++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(253_402_300_799L), random.nextInt(1_000_000) * 1000L);
            var cursor = new Cursor(
                    at.atOffset(ZoneOffset.ofHours(random.nextInt(-18, 19))),
                    new UUID(random.nextLong(), random.nextLong()));

            assertEquals(
                    new Cursor(cursor.at().withOffsetSameInstant(ZoneOffset.UTC), cursor.id()),
                    Cursor.decode(cursor.encode()));
        }
    }

    @Test
    void noCursorIsTheBeginning() {
        assertEquals(Cursor.NEWEST, Cursor.decode(null));
        assertEquals(Cursor.NEWEST, Cursor.decode(Cursor.NEWEST.encode()));
    }

    @Test
    void aCursorIsSafeInAUrlWithoutEncoding() {
        assertTrue(Cursor.NEWEST.encode().matches("[A-Za-z0-9_-]+"));
    }

    /** Each is a time and an id, but not as this service writes them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1.0.00000000-0000-0001-0000-000000000002",
                "01.0.00000000-0000-0001-0000-000000000002",
                "0.1000000000.00000000-0000-0001-0000-000000000002",
                "1.0.00000000-0000-0001-0000-00000000000A",
                "1.0.00000000-0000-0001-0000-000000000002."
            })
    void whatNoReplyGaveIsRefused(String text) {
        String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));

        assertThrows(Problem.class, () -> Cursor.decode(cursor));
        assertThrows(Problem.class, () -> Cursor.decode(Cursor.NEWEST.encode() + "="));
    }

    @Test
    void junkIsRefusedAndNeverBreaks() {
        Random random = new Random(Race.seed("cursor junk"));
        String valid =
                new Cursor(OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6000, ZoneOffset.UTC), new UUID(1, 2)).encode();
        for (int i = 0; i < 100_000; i++) {
            String junk = junk(random, valid);
            try {
                Cursor.decode(junk);
            } catch (Problem refused) {
                assertEquals(400, refused.status(), junk);
                assertEquals("cursor", refused.violations().get(0).path(), junk);
            }
        }
    }

    @Test
    void aPairIsDecodedAsItWasEncodedAndNothingElseIsOne() {
        var pair = new PairCursor("ünal 1", "\uD83D\uDE00/a.md");

        assertEquals(pair, PairCursor.decode(pair.encode()));
        assertTrue(pair.encode().matches("[A-Za-z0-9_-]+"));
        assertEquals(PairCursor.START, PairCursor.decode(null));
        for (String text : new String[] {"", "a", "a\0b\0c"}) {
            String cursor =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            assertThrows(Problem.class, () -> PairCursor.decode(cursor), text);
        }
        assertThrows(Problem.class, () -> PairCursor.decode(pair.encode() + "="));
        assertThrows(Problem.class, () -> PairCursor.decode("/w=="));
        assertThrows(Problem.class, () -> PairCursor.decode("_wA"));
    }

    /** Random text; a valid cursor with a char changed; and random parts in the right form. */
    private static String junk(Random random, String valid) {
        return switch (random.nextInt(3)) {
            case 0 -> text(random, random.nextInt(60));
            case 1 -> {
                var changed = new StringBuilder(valid);
                changed.setCharAt(random.nextInt(valid.length()), (char) random.nextInt(128));
                yield changed.toString();
            }
            default ->
                Base64.getUrlEncoder()
                        .encodeToString(
                                (random.nextLong() + "." + random.nextLong() + "." + new UUID(3, 4) + text(random, 2))
                                        .getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String text(Random random, int length) {
        return random.ints(length, 0, 0x10000)
                .collect(StringBuilder::new, (b, c) -> b.append((char) c), (a, b) -> {})
                .toString();
    }
}
