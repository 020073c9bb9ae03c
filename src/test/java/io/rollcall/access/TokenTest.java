package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    private static final UUID ID = UUID.fromString("01a2b3c4-d5e6-7f80-9123-456789abcdef");

    @Test
    void thePrefixesOfTheKindsArePinnedSinceScannersKnowThem() {
        assertEquals(
                List.of(
                        "rc_admin_01a2b3c4d5e67f809123456789abcdef",
                        "rc_org_01a2b3c4d5e67f809123456789abcdef",
                        "rc_ws_01a2b3c4d5e67f809123456789abcdef"),
                Arrays.stream(Token.Kind.values()).map(kind -> kind.prefix(ID)).toList());
    }

    @Test
    void noKindsPrefixIsTheBeginningOfAnother() {
        for (Token.Kind one : Token.Kind.values()) {
            for (Token.Kind other : Token.Kind.values()) {
                assertFalse(
                        one != other
                                && other.prefix(ID).startsWith(one.prefix(ID).split("_0")[0]),
                        one + " " + other);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Token.Kind.class)
    void whatIsMadeIsRead(Token.Kind kind) {
        Token made = Token.random(kind, ID);

        assertTrue(made.text().matches(kind.prefix(ID) + "_[0-9a-f]{64}[0-9a-f]{8}"), made.text());
        assertEquals(made, Token.parse(made.text()));
        assertNotEquals(made.text(), Token.random(kind, ID).text());
    }

    @Test
    void aTokenWithAnyCharacterMistypedIsRefusedByItsChecksum() {
        String text = Token.random(Token.Kind.ORGANISATION, ID).text();
        for (int i = "rc_org_".length(); i < text.length(); i++) {
            char other = text.charAt(i) == '0' ? '1' : '0';
            assertNull(Token.parse(text.substring(0, i) + other + text.substring(i + 1)), "at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rc_org_", "test-token-0123456789abcdef0123456789abcdef", "rc_org_é", "rc_admin_1_2"})
    void whatIsNoTokenIsNone(String text) {
        assertNull(Token.parse(text));
    }

    @Test
    void aTokenOfAnUnknownKindIsNoneThoughItsChecksumIsRight() {
        // CRC-32 of the body, computed once with zlib.
        String body = "rc_team_01a2b3c4d5e67f809123456789abcdef_" + "0".repeat(64);
        assertNull(Token.parse(body + "66ce0076"));
    }

    @Test
    void asTextItShowsNoSecret() {
        Token token = Token.random(Token.Kind.WORKSPACE, ID);

        assertEquals("rc_ws_01a2b3c4d5e67f809123456789abcdef_…", token.toString());
    }
}
