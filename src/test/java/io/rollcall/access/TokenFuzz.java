package io.rollcall.access;

import static io.rollcall.Fuzzed.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken for a token has the form of one, all of it, and a right checksum. */
class TokenFuzz {

    static Stream<byte[]> seeds() {
        return Arrays.stream(Token.Kind.values())
                .map(kind -> Token.random(kind, new UUID(1, 2)).text().getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aTokenIsReadOrNone(byte[] input) {
        String text = new String(input, UTF_8);
        Token token = parsed(() -> Token.parse(text));
        if (token != null) {
            assertEquals(text, token.text());
            assertTrue(text.startsWith(token.kind().prefix(token.id()) + "_"), text);
            assertEquals(token, Token.parse(text));
        }
    }
}
