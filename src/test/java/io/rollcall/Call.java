package io.rollcall;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request as a plain client sends it: nothing is added, decoded or followed, so that a test sees the bytes. Safe to
 * use from many threads at once, which the races need.
 */
public final class Call {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String method;
    private final String path;
    private final List<String> headers = new ArrayList<>();
    private String token = TestDatabase.TOKEN;
    private HttpRequest.BodyPublisher body = BodyPublishers.noBody();

    private Call(String method, String path) {
        this.method = method;
        this.path = path;
    }

    public static Call of(String method, String path) {
        return new Call(method, path);
    }

    public static Answer get(String path) {
        return of("GET", path).send();
    }

    public static Answer post(String path, String json) {
        return of("POST", path).json(json).send();
    }

    public static Answer patch(String path, String json) {
        return of("PATCH", path).json(json).send();
    }

    public Call header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** Without a token. */
    public Call anonymous() {
        return as("");
    }

    /** With this token instead of the platform admin's. */
    public Call as(String bearer) {
        token = bearer;
        return this;
    }

    public Call json(String json) {
        return body("application/json", BodyPublishers.ofString(json, StandardCharsets.UTF_8));
    }

    public Call body(String type, HttpRequest.BodyPublisher publisher) {
        body = publisher;
        return header("Content-Type", type);
    }

    /** A stream of events has no end: what is told of it is its beginning, until all that was known has been told. */
    private static BodySubscriber<byte[]> untilItIsReady(ResponseInfo response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        return type.startsWith("text/event-stream") ? new UntilReady() : BodySubscribers.ofByteArray();
    }

    public Answer send() {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        try {
            var response = CLIENT.send(request.build(), Call::untilItIsReady);
            Secrets.note(response.body());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
