package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Race;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {

    private enum Mode {
        MERGE,
        DRY_RUN
    }

    @Test
    void everyTypeIsReadAsItStands() {
        Document document = document("""
                {"t":"x","n":"Zoe\u0308","i":7,"d":1.5,"whole":2,"b":true,"o":{"k":1},"e":"dry_run",
                 "u":"00000000-0000-0000-0000-0000000000aB"}""");

        assertEquals("x", document.text("t", 9));
        assertEquals("Zo\u00eb", document.name("n", 9));
        assertEquals(7, document.integer("i", 0, 9));
        assertEquals(1.5, document.number("d"));
        assertEquals(2.0, document.number("whole"));
        assertEquals(true, document.bool("b"));
        assertEquals(Mode.DRY_RUN, document.oneOf("e", Mode.class));
        assertEquals(new UUID(0, 0xab), document.uuid("u"));
        assertEquals(1, document.object("o").integer("k", 0, 9));
        assertDoesNotThrow(document.violations()::orElseThrow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"k\":null}"})
    void absentAndNullAreNullAndNoFault(String body) {
        Document document = document(body);

        assertNull(document.text("k", 9));
        assertNull(document.integer("k", 0, 9));
        assertNull(document.number("k"));
        assertNull(document.bool("k"));
        assertNull(document.uuid("k"));
        assertNull(document.oneOf("k", Mode.class));
        assertNull(document.object("k"));
        assertTrue(document.violations().isEmpty());
        assertEquals(body.contains("null"), document.has("k"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            7~must be text, is a number (put it in quotes)
            true~must be text, is true or false (put it in quotes)
            []~must be text, is a list
            {}~must be text, is an object
            "abcd"~must have at most 3 characters, has 4
            """)
    void aTextThatIsNoneIsNamed(String value, String message) {
        Document document = document("{\"k\":" + value + "}");

        assertNull(document.text("k", 3));
        assertEquals(List.of(new Violation("k", message)), faults(document));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e0", "\"1\"", "true", "99999999999", "-1", "10"})
    void aWholeNumberIsWrittenAsOneAndInItsRange(String value) {
        Document document = document("{\"k\":" + value + "}");

        assertNull(document.integer("k", 0, 9));
        assertEquals("k", faults(document).get(0).path());
    }

    @Test
    void allFaultsAreSaidAtOnceWithTheirPaths() {
        Document document = document("{\"a\":1,\"o\":{\"b\":\"x\"},\"m\":\"MERGE\"}");
        document.text("a", 9);
        document.object("o").bool("b");
        document.name("missing", 9);

        Problem problem = assertThrows(Problem.class, document.violations()::orElseThrow);

        assertEquals(422, problem.status());
        assertEquals(
                List.of("a", "o.b", "missing"),
                problem.violations().stream().map(Violation::path).toList());
        assertTrue(problem.detail().endsWith("(and 2 more)"), problem.detail());
    }

    @Test
    void anUnknownFieldOrWordIs400WithWhatWouldBeRight() {
        Document document = document("{\"nmae\":1,\"m\":\"MERGE\"}");
        document.allowOnly(Set.of("name", "m"));
        document.oneOf("m", Mode.class);

        Problem problem = assertThrows(Problem.class, document.violations()::orElseThrow);

        assertEquals(400, problem.status());
        assertEquals(
                List.of(
                        new Violation("nmae", "unknown field, did you mean name?"),
                        new Violation("m", "must be one of merge, dry_run")),
                problem.violations());
    }

    @Test
    void aThousandFaultsAreListedAndAllAreCounted() {
        var body = new StringBuilder("{\"k0\":1");
        for (int i = 1; i < 1500; i++) {
            body.append(",\"k").append(i).append("\":1");
        }
        Document document = document(body + "}");
        document.allowOnly(Set.of());

        Problem problem = assertThrows(Problem.class, document.violations()::orElseThrow);

        assertEquals(1000, problem.violations().size());
        assertEquals(1500, problem.members().get("violations_total"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "null",
                "{",
                "{}x",
                "{} {}",
                "{'a':1}",
                "{\"a\":1,\"a\":2}",
                "\uFEFF",
                "{\"a\":01}"
            })
    void whatIsNoObjectOrSaysAFieldTwiceIs400(String body) {
        Problem problem = assertThrows(Problem.class, () -> document(body));

        assertEquals(400, problem.status());
        assertFalse(problem.detail().matches(".*(com|java|org)\\.[a-z]+\\..*"), problem.detail());
    }

    @Test
    void nothingThatArrivesBreaksIt() {
        Random random = new Random(Race.seed("document junk"));
        byte[] valid = "{\"a\":[1,2.5e3,\"x\\u00e9\"],\"b\":{\"c\":null},\"d\":true}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = valid.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                Document.parse(body);
            } catch (Problem refused) {
                assertEquals(400, refused.status());
            }
        }
    }

    /** Of a million unknown fields the first thousand are compared with the known ones: the rest would cost minutes. */
    @Test
    void whatWillNotBeListedIsNotComparedEither() {
        Document document = document(
                IntStream.range(0, 1000).mapToObj(i -> "\"k" + i + "\":0").collect(Collectors.joining(",", "{", "}")));

        String before = document.unknown("nam", Set.of("name"));
        document.allowOnly(Set.of("name"));

        assertEquals("unknown field, did you mean name?", before);
        assertEquals("unknown field", document.unknown("nam", Set.of("name")));
    }

    @Test
    void deepNestingIsRefusedNotAStackOverflow() {
        Problem problem = assertThrows(Problem.class, () -> document("[".repeat(200_000)));

        assertEquals(400, problem.status());
        assertEquals(
                "the body is not valid JSON: Document nesting depth (501) exceeds the maximum allowed (500)",
                problem.detail());
    }

    @Test
    void anExponentThatNoNumberHasRoomForIs400() {
        Problem problem = assertThrows(Problem.class, () -> document("{\"k\": 1e99999999999}"));

        assertEquals(400, problem.status());
    }

    @Test
    void aNumberKeepsTheDigitsThatItWasWrittenWith() {
        assertEquals("1.10", document("{\"k\": 1.10}").value("k").asText());
    }

    private static Document document(String body) {
        return Document.parse(body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Violation> faults(Document document) {
        return assertThrows(Problem.class, document.violations()::orElseThrow).violations();
    }
}
