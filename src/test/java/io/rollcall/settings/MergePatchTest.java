package io.rollcall.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The database's own {@code json_merge_patch}. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MergePatchTest {

    /** RFC 7396, appendix A, whole. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {"a":"b"}~{"a":"c"}~{"a":"c"}
            {"a":"b"}~{"b":"c"}~{"a":"b","b":"c"}
            {"a":"b"}~{"a":null}~{}
            {"a":"b","b":"c"}~{"a":null}~{"b":"c"}
            {"a":["b"]}~{"a":"c"}~{"a":"c"}
            {"a":"c"}~{"a":["b"]}~{"a":["b"]}
            {"a":{"b":"c"}}~{"a":{"b":"d","c":null}}~{"a":{"b":"d"}}
            {"a":[{"b":"c"}]}~{"a":[1]}~{"a":[1]}
            ["a","b"]~["c","d"]~["c","d"]
            {"a":"b"}~["c"]~["c"]
            {"a":"foo"}~null~null
            {"a":"foo"}~"bar"~"bar"
            {"e":null}~{"a":1}~{"e":null,"a":1}
            [1,2]~{"a":"b","c":null}~{"a":"b"}
            {}~{"a":{"bb":{"ccc":null}}}~{"a":{"bb":{}}}
            """)
    void theExamplesOfTheRfcComeOutAsItSays(String target, String patch, String result) {
        assertEquals(
                "t",
                Sql.one("SELECT json_merge_patch(?::jsonb, ?::jsonb) = ?::jsonb", target, patch, result),
                () -> Sql.one("SELECT json_merge_patch(?::jsonb, ?::jsonb)", target, patch));
    }

    /** RFC 7396, section 3, and what its table leaves out. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {"title":"Goodbye!!","author":{"givenName":"John","familyName":"Doe"},"tags":["example","sample"],"content":"x"}~{"title":"Hello!!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},"tags":["example"]}~{"title":"Hello!!","author":{"givenName":"John"},"tags":["example"],"content":"x","phoneNumber":"+01-123-456-7890"}
            {"a":1}~{}~{"a":1}
            3~{}~{}
            {"":{"":1}}~{"":{"":null,"b":2}}~{"":{"b":2}}
            {"a":[null]}~{"a":[null,null]}~{"a":[null,null]}
            {"a":1}~{"A":2}~{"a":1,"A":2}
            {"a":1.10}~{"b":1e2}~{"a":1.10,"b":100}
            """)
    void whatTheTableLeavesOut(String target, String patch, String result) {
        assertEquals(
                Sql.one("SELECT ?::jsonb", result),
                Sql.one("SELECT json_merge_patch(?::jsonb, ?::jsonb)", target, patch));
    }

    @Test
    void intoNothingItIsMergedAsIntoAnEmptyObject() {
        assertEquals("{\"a\": {}}", Sql.one("SELECT json_merge_patch(NULL, '{\"a\": {\"b\": null}, \"c\": null}')"));
        assertEquals("7", Sql.one("SELECT json_merge_patch(NULL, '7')"));
    }

    /** As deep as the service may be set to let in. */
    @Test
    void itsStackHasRoomForTheDeepest() {
        String deep = "{\"a\":".repeat(100) + "%d" + "}".repeat(100);

        assertEquals(
                "t",
                Sql.one(
                        "SELECT json_merge_patch(?::jsonb, ?::jsonb) = ?::jsonb",
                        deep.formatted(1),
                        deep.formatted(2),
                        deep.formatted(2)));
    }
}
