package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KNOWN = List.of("name", "parent_id", "workspaces", "children", "mode");

    @ParameterizedTest
    @CsvSource({
        "nmae,name",
        "nam,name",
        "naame,name",
        "parentid,parent_id",
        "parent-id,parent_id",
        "workspace,workspaces",
        "childern,children",
        "mod,mode",
        "wrkspcs,"
    })
    void aMisspeltWordIsRecognised(String word, String meant) {
        assertEquals(Optional.ofNullable(meant), Nearest.of(word, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"x", "zebra", "identifier", "''"})
    void aWordThatIsLikeNoneIsLeft(String word) {
        assertEquals(Optional.empty(), Nearest.of(word, KNOWN));
    }

    @Test
    void aVeryLongWordIsNotCompared() {
        String word = "n".repeat(65);

        assertEquals(Optional.empty(), Nearest.of(word, List.of(word)));
        assertEquals(Optional.of("n".repeat(64)), Nearest.of("n".repeat(64), List.of("n".repeat(64))));
    }
}
