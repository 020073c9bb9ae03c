package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** What came back for a {@link Call}. */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(int status, HttpHeaders headers, byte[] bytes) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Null when there is no such header. */
    public String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(status + ": " + text(), e);
        }
    }

    /** A member of the body as text; empty when it is absent. */
    public String get(String member) {
        return json().path(member).asText();
    }

    public String id() {
        return get("id");
    }

    public String code() {
        return get("code");
    }

    /** The paths of all bad fields, in the body's order. */
    public List<String> violations() {
        return StreamSupport.stream(json().path("violations").spliterator(), false)
                .map(violation -> violation.path("path").asText())
                .toList();
    }

    /** This answer, if it has the status; else the test fails and shows the body. */
    public Answer expect(int expected) {
        assertEquals(expected, status, this::text);
        return this;
    }
}
