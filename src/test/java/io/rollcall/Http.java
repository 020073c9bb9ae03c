package io.rollcall;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A plain client for races and for services of our own making, where RestAssured's shared state would be in the way. */
public final class Http {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String token;

    public Http(String base, String token) {
        this.base = URI.create(base);
        this.token = token;
    }

    /** To the service under {@code @QuarkusTest}. */
    public static Http toTest() {
        return new Http("http://localhost:" + RestAssured.port, TestDatabase.TOKEN);
    }

    public record Answer(int status, String body, HttpHeaders headers) {

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError(status + " " + body, e);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** Status and, for a problem, its code: {@code 409 IMPORT_CONTENTION}. */
        public String outcome() {
            return status < 400
                    ? Integer.toString(status)
                    : status + " " + json().path("code").asText();
        }
    }

    public Answer importing(String body, String... headers) {
        return send("POST", "/org/import", "application/json", body, headers);
    }

    public Answer importingYaml(String body) {
        return send("POST", "/org/import", "application/yaml", body);
    }

    public Answer get(String path) {
        return send("GET", path, "application/json", "");
    }

    public Answer patch(String path, String body) {
        return send("PATCH", path, "application/json", body);
    }

    public Answer delete(String path, String name) {
        return send("DELETE", path, "application/json", "", "X-Confirm-Name", name);
    }

    public Answer send(String method, String path, String type, String body, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " was not answered", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
