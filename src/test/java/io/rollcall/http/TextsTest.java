package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    private static final String FOX = "\uD83E\uDD8A";

    @Test
    void charactersAreCountedNotCharsOrBytes() {
        assertNull(Texts.fault(FOX.repeat(5), 5));
        assertEquals("must have at most 5 characters, has 6", Texts.fault(FOX.repeat(6), 5));
        assertEquals("must have at most 5 characters, has 6", Texts.fault("abcdef", 5));
        assertNull(Texts.fault("", 0));
    }

    @Test
    void whatPostgresCannotStoreIsRefused() {
        assertEquals("must not contain the NUL character", Texts.fault("a\0b", 9));
        String half = "must be valid Unicode: it contains half of a surrogate pair";
        assertEquals(half, Texts.fault("a\uD83E", 9));
        assertEquals(half, Texts.fault("\uDD8Aa", 9));
        assertEquals(half, Texts.fault("\uDD8A\uD83E", 9));
        assertEquals(half, Texts.fault("\uD83Ea\uDD8A", 9));
        assertNull(Texts.fault("line one\nline two\t" + FOX, 99));
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "\u3000a", "a\u2003"})
    void aNameHasNoWhiteSpaceAtItsEnds(String name) {
        assertEquals("must not begin or end with white space", Texts.nameFault(name, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u3000", "\u2003 "})
    void aNameIsNotEmpty(String name) {
        assertEquals("must not be empty", Texts.nameFault(name, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\tb", "\u0007", "a\u0085b", "a\u007fb"})
    void aNameHasNoControlCharacters(String name) {
        assertEquals("must not contain control characters", Texts.nameFault(name, 9));
    }

    @Test
    void namesOfAllScriptsAreNames() {
        for (String name : new String[] {"a", "A b", "日本", "Zo\u00eb", FOX, "عرب", "a/b", "'; DROP TABLE"}) {
            assertNull(Texts.nameFault(name, 99), name);
        }
    }

    @Test
    void aTextIsCutBetweenCharacters() {
        assertEquals(FOX, Texts.cut(FOX + FOX, 1));
        assertEquals("a" + FOX, Texts.cut("a" + FOX + "b", 2));
        assertEquals("ab", Texts.cut("ab", 2));
        assertEquals("", Texts.cut("ab", 0));
    }
}
