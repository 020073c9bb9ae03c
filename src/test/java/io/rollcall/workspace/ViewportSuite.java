package io.rollcall.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /canvas/viewport}. */
abstract class ViewportSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void aCanvasThatNobodyLeftBeginsAtTheOriginInNaturalSize() {
        assertEquals(
                "{\"x\":0.0,\"y\":0.0,\"zoom\":1.0}",
                Call.get("/canvas/viewport").expect(200).text());
    }

    @Test
    void theCanvasIsFoundWhereItWasLeftLast() {
        put("{\"x\":1,\"y\":2,\"zoom\":3}").expect(200);

        Answer second = put("{\"x\":-1.25,\"y\":1e6,\"zoom\":0.1}").expect(200);

        assertEquals("{\"x\":-1.25,\"y\":1000000.0,\"zoom\":0.1}", second.text());
        assertEquals(second.text(), Call.get("/canvas/viewport").text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {"x":1,"y":2,"zoom":0}~422~zoom
            {"x":1,"y":2,"zoom":-1}~422~zoom
            {"x":1,"y":2}~422~zoom
            {"y":2,"zoom":1}~422~x
            {"x":1,"y":null,"zoom":1}~422~y
            {"x":"1","y":2,"zoom":1}~422~x
            {"x":1e999,"y":2,"zoom":1}~422~x
            {"x":1,"y":2,"zoom":1,"zom":1}~400~zom
            """)
    void badValuesAreNamedAndNothingIsStored(String body, int status, String field) {
        assertEquals(List.of(field), put(body).expect(status).violations());
        assertEquals(
                "{\"x\":0.0,\"y\":0.0,\"zoom\":1.0}",
                Call.get("/canvas/viewport").text());
    }

    @Test
    void allThatIsMissingIsNamedInTheOrderOfTheFields() {
        assertEquals(List.of("x", "y", "zoom"), put("{}").expect(422).violations());
    }

    private static Answer put(String body) {
        return Call.of("PUT", "/canvas/viewport").json(body).send();
    }
}
