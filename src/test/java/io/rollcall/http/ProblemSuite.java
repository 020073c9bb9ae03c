package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error is a problem with all members of the contract, whoever refused: we, the framework or the edge. */
abstract class ProblemSuite {

    private static final int LIMIT = 10 * 1024 * 1024;

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/workspaces", "/org/templates", "/org/imports", "/canvas/viewport"})
    void withoutATokenIs401(String path) {
        unauthorized(Call.of("GET", path).anonymous().send(), path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Bearer",
                "Basic dGVzdDp0ZXN0",
                "test-token-0123456789abcdef0123456789abcdef",
                "Bearertest-token-0123456789abcdef0123456789abcdef",
                "Bearer test-token-0123456789abcdef0123456789abcde",
                "Bearer test-token-0123456789abcdef0123456789abcdef0",
                "Bearer \u00ff"
            })
    void withAWrongOrMalformedTokenIs401(String authorization) {
        Answer answer = Call.of("GET", "/workspaces")
                .anonymous()
                .header("Authorization", authorization)
                .send();

        unauthorized(answer, "/workspaces");
    }

    @Test
    void theSchemeMayBeWrittenInAnyCase() {
        Answer answer = Call.of("GET", "/workspaces")
                .anonymous()
                .header("Authorization", "bEARER " + io.rollcall.TestDatabase.TOKEN)
                .send();

        assertEquals(200, answer.status());
    }

    @Test
    void aRefusedCallerWritesNothing() {
        unauthorized(
                Call.of("POST", "/workspaces")
                        .anonymous()
                        .json("{\"name\":\"A\"}")
                        .send(),
                "/workspaces");
        assertEquals(0, Sql.count("SELECT count(*) FROM workspaces"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nothing,404,NOT_FOUND",
        "GET,/workspaces/x/y/z,404,NOT_FOUND",
        "GET,/workspaces/x,404,NOT_FOUND",
        "GET,/org/imports/x,404,NOT_FOUND",
        "PUT,/workspaces,405,METHOD_NOT_ALLOWED",
        "DELETE,/org/templates,405,METHOD_NOT_ALLOWED",
        "GET,/org/import,405,METHOD_NOT_ALLOWED",
        "GET,/workspaces?parent_id=x,400,BAD_REQUEST",
        "POST,/workspaces,400,BAD_REQUEST",
    })
    void whatIsRefusedIsAProblem(String method, String path, int status, String code) {
        Call call = Call.of(method, path);
        Answer answer = method.equals("GET") ? call.send() : call.json("").send();

        problem(answer, status, code, path.split("\\?")[0]);
    }

    @ParameterizedTest
    @CsvSource({"GET,/workspaces", "GET,/org/templates", "GET,/org/imports", "GET,/canvas/viewport"})
    void whatCannotBeAcceptedIs406(String method, String path) {
        Answer answer = Call.of(method, path).header("Accept", "image/png").send();

        problem(answer, 406, "NOT_ACCEPTABLE", path);
    }

    @ParameterizedTest
    @CsvSource({"POST,/workspaces", "POST,/org/import", "PUT,/canvas/viewport"})
    void aBodyOfAnotherTypeIs415(String method, String path) {
        Answer answer = Call.of(method, path)
                .body("text/plain", BodyPublishers.ofString("x"))
                .send();

        problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE", path);
    }

    @Test
    void aBodyOverTheLimitIs413AndNamesTheLimit() {
        Answer answer = Call.of("POST", "/org/import")
                .body("application/json", BodyPublishers.ofByteArray(new byte[LIMIT + 1]))
                .send();

        JsonNode body = problem(answer, 413, "BODY_TOO_LARGE", "/org/import");
        assertEquals(LIMIT, body.path("limit").intValue());
        assertTrue(body.path("detail").textValue().contains("" + LIMIT));
    }

    @Test
    void aBodyOfUnannouncedLengthOverTheLimitIs413AndNotRead() {
        byte[] piece = new byte[64 * 1024];
        java.util.Arrays.fill(piece, (byte) ' ');
        InputStream body = new SequenceInputStream(Collections.enumeration(Collections.nCopies(170, piece).stream()
                .map(ByteArrayInputStream::new)
                .toList()));

        Answer answer = Call.of("POST", "/org/import")
                .body("application/json", BodyPublishers.ofInputStream(() -> body))
                .send();

        // The framework counts these and answers without a body.
        assertEquals(413, answer.status());
        assertEquals(0, Sql.count("SELECT count(*) FROM import_runs"));
    }

    @Test
    void aBodyOfExactlyTheLimitIsRead() {
        byte[] body = new byte[LIMIT];
        java.util.Arrays.fill(body, (byte) ' ');
        byte[] json = "{\"name\":\"Acme\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(json, 0, body, 0, json.length);

        assertEquals(
                201,
                Call.of("POST", "/workspaces")
                        .body("application/json", BodyPublishers.ofByteArray(body))
                        .send()
                        .status());
    }

    @Test
    void brokenJsonIsNamedByLineAndColumnAndNotByOurClasses() {
        String detail =
                Call.post("/workspaces", "{\n  \"name\": Acme}").expect(400).get("detail");

        assertTrue(detail.contains("line 2, column"), detail);
        assertFalse(detail.matches(".*(com|java|io|org)\\.[a-z]+\\..*"), detail);
    }

    @Test
    void everyAnswerHasARequestIdTheClientsOwnIfItIsOne() {
        String made = Call.get("/workspaces").header("X-Request-Id");
        assertTrue(made.matches("[0-9a-f-]{36}"), made);
        for (String own : List.of("r-1", "a.b:c/d+e=f_g", "x".repeat(100))) {
            assertEquals(own, with(own, "/workspaces").header("X-Request-Id"));
            assertEquals(own, with(own, "/nothing").header("X-Request-Id"));
        }
        for (String bad : List.of("with space", "x".repeat(101), "<script>", "\u00e9", "")) {
            String given = with(bad, "/workspaces").header("X-Request-Id");
            assertTrue(given.matches("[0-9a-f-]{36}"), bad + " -> " + given);
        }
    }

    private static Answer with(String requestId, String path) {
        return Call.of("GET", path).header("X-Request-Id", requestId).send();
    }

    private static void unauthorized(Answer answer, String path) {
        problem(answer, 401, "UNAUTHORIZED", path);
        assertEquals("Bearer", answer.header("WWW-Authenticate"));
    }

    private static JsonNode problem(Answer answer, int status, String code, String path) {
        assertEquals(status, answer.status(), answer::text);
        assertEquals("application/problem+json", answer.header("Content-Type"));
        JsonNode body = answer.json();
        assertEquals("about:blank", body.path("type").textValue());
        assertFalse(body.path("title").textValue().isBlank());
        assertEquals(status, body.path("status").intValue());
        assertFalse(body.path("detail").textValue().isBlank());
        assertEquals(path, body.path("instance").textValue());
        assertEquals(body.path("detail"), body.path("error"));
        assertEquals(code, body.path("code").textValue());
        assertNull(answer.header("Server"));
        assertFalse(answer.text().contains("Exception"), answer.text());
        return body;
    }
}
