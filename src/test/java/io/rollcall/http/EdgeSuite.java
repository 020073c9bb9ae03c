package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.RestAssured;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every reply and every request, whatever it is about. */
abstract class EdgeSuite {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int MIB = 1024 * 1024;
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                Arguments.of(200, Call.of("GET", "/workspaces")),
                Arguments.of(200, Call.of("GET", "/org/templates")),
                Arguments.of(401, Call.of("GET", "/workspaces").anonymous()),
                Arguments.of(404, Call.of("GET", "/nothing/here")),
                Arguments.of(405, Call.of("DELETE", "/org/templates")),
                Arguments.of(400, Call.of("POST", "/workspaces").json("{")),
                Arguments.of(413, Call.of("POST", "/org/import").json(" ".repeat(11 * MIB))),
                Arguments.of(200, Call.of("GET", "/q/openapi")),
                Arguments.of(200, Call.of("GET", "/q/health/live").anonymous()));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void everyReplyHasTheHeadersThatBrowsersObey(int status, Call call) {
        Answer answer = call.header("Origin", "https://elsewhere.example").send();

        assertEquals(status, answer.status());
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals("no-referrer", answer.header("Referrer-Policy"));
        assertEquals("default-src 'none'; frame-ancestors 'none'", answer.header("Content-Security-Policy"));
        assertEquals("no-store", answer.header("Cache-Control"));
        assertNull(answer.header("Server"));
        assertNull(answer.header("Access-Control-Allow-Origin"));
    }

    @Test
    void aPreflightIsNotAllowedAnything() {
        Answer answer = Call.of("OPTIONS", "/workspaces")
                .header("Origin", "https://elsewhere.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .send();

        List<String> allowed = answer.headers().map().keySet().stream()
                .filter(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"))
                .toList();
        assertEquals(List.of(), allowed);
    }

    @Test
    void anETagStandsBesideNoStore() {
        Answer created = Call.post("/workspaces", "{\"name\":\"Acme\"}").expect(201);

        Answer changed = Call.of("PATCH", "/workspaces/" + created.id())
                .header("If-Match", created.header("ETag"))
                .json("{\"role\":\"lead\"}")
                .send();

        assertEquals(200, changed.status(), changed::text);
        assertEquals("no-store", changed.header("Cache-Control"));
        assertFalse(changed.header("ETag").equals(created.header("ETag")));
    }

    @Test
    void theSwaggerUiMayLoadWhatItLoadsAndNothingElse() {
        Answer page = Call.of("GET", "/q/swagger-ui/").anonymous().send();

        assertEquals(
                "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self'"
                        + " data:; connect-src 'self'; frame-ancestors 'none'",
                page.header("Content-Security-Policy"));
        var loaded = LOADED.matcher(page.text())
                .results()
                .map(found -> found.group(1))
                .filter(link -> !link.startsWith("#"))
                .toList();
        assertTrue(loaded.stream().anyMatch(link -> link.endsWith("swagger-ui-bundle.js")), loaded::toString);
        assertEquals(
                List.of(), loaded.stream().filter(link -> link.contains("//")).toList());
    }

    @Test
    void theConsoleLoadsNothingFromElsewhereAndItsPageIsAskedForAnew() {
        Answer page = Call.of("GET", "/").anonymous().send();

        assertEquals(200, page.status());
        assertEquals("no-cache", page.header("Cache-Control"));
        var loaded = LOADED.matcher(page.text())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertTrue(loaded.stream().anyMatch(link -> link.endsWith(".js")), loaded::toString);
        for (String link : loaded) {
            assertTrue(link.startsWith("/static/"), link);
            Answer file = Call.of("GET", link).anonymous().send();
            assertEquals(200, file.status(), link);
            assertEquals(
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri"
                            + " 'none'; form-action 'none'; frame-ancestors 'none'",
                    file.header("Content-Security-Policy"));
            assertTrue(file.header("Cache-Control").contains("max-age"), link);
            assertEquals("nosniff", file.header("X-Content-Type-Options"));
        }
    }

    @Test
    void theConsolesFilesAreCompressedAndNoReplyThatHasSecretsIs() {
        String script = LOADED.matcher(Call.of("GET", "/").anonymous().send().text())
                .results()
                .map(found -> found.group(1))
                .filter(link -> link.endsWith(".js"))
                .findFirst()
                .orElseThrow();

        assertEquals(
                "gzip",
                Call.of("GET", script)
                        .anonymous()
                        .header("Accept-Encoding", "gzip")
                        .send()
                        .header("Content-Encoding"));
        assertNull(Call.of("GET", "/org/templates")
                .header("Accept-Encoding", "gzip")
                .send()
                .header("Content-Encoding"));
    }

    @ParameterizedTest
    @CsvSource({"5000,1,414", "1,17000,431", "1,15000,200"})
    void aHeadHasItsLimits(int query, int header, int status) {
        try (var client = new RawClient(RestAssured.port)) {
            client.send("GET /q/health/live?" + "q".repeat(query) + " HTTP/1.1\nHost: localhost\nX-Long: "
                    + "h".repeat(header) + "\nConnection: close\n\n");

            assertTrue(client.closesWithin(Await.PATIENCE));
            assertTrue(client.received().matches("(?s)HTTP/1\\.[01] " + status + " .*"), client::received);
        }
    }

    /** On HTTP/2 the limits of heads and bodies would not all hold. */
    @Test
    void aClientThatOffersHttp2IsAnsweredInHttp1() throws Exception {
        var reply = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/q/health/live"))
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(200, reply.statusCode());
        assertEquals(HttpClient.Version.HTTP_1_1, reply.version());
    }

    static Stream<Arguments> bombs() {
        return Stream.of(
                Arguments.of(
                        "/workspaces", "[".repeat(5 * MIB), "nesting depth (501) exceeds the maximum allowed (500)"),
                Arguments.of(
                        "/workspaces",
                        "{\"labels\":".repeat(MIB),
                        "nesting depth (501) exceeds the maximum allowed (500)"),
                Arguments.of("/workspaces", "{\"name\":\"" + "a".repeat(9 * MIB) + "\"}", "at most 255 characters"),
                Arguments.of("/workspaces", "{\"x\":" + "9".repeat(9 * MIB) + "}", "maximum allowed (1000)"),
                Arguments.of("/workspaces", "{\"tier\":1e999999999}", "tier"),
                Arguments.of("/workspaces", "{\"" + "k".repeat(9 * MIB) + "\":1}", "maximum allowed (50000)"),
                Arguments.of("/workspaces", keys(700_000), "unknown field"),
                Arguments.of("/org/import", "{\"template\":" + keys(700_000) + "}", "unknown field"));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBodyMadeToCostMuchIsRefusedSoon(String path, String body, String named) {
        Answer answer = assertTimeout(BOUND, () -> Call.post(path, body));

        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::text);
        assertTrue(answer.text().contains(named), answer::text);
        assertFalse(answer.get("detail").contains("StreamReadConstraints"), answer.get("detail"));
        assertTrue(answer.bytes().length < MIB, () -> answer.bytes().length + " bytes");
    }

    private static String keys(int count) {
        var body = new StringBuilder("{\"name\":\"A\"");
        for (int i = 0; i < count; i++) {
            body.append(",\"k").append(i).append("\":0");
        }
        return body.append('}').toString();
    }
}
