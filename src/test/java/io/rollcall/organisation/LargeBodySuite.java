package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.rollcall.Api;
import io.rollcall.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies around the limit of 10 MiB, announced and chunked, through a client that sends what it is told. */
abstract class LargeBodySuite {

    private static final int MIB = 1024 * 1024;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
        Refusal.warmUp();
    }

    @Test
    void anAnnouncedBodyOf11MebibytesIsRefusedNamingTheLimit() throws Exception {
        HttpResponse<String> reply = post(BodyPublishers.ofByteArray(template(11 * MIB)), "application/json");

        refusedAsTooLarge(reply);
        assertEquals(10 * MIB, JsonPath.from(reply.body()).getInt("limit"));
    }

    @Test
    void aChunkedBodyOf11MebibytesIsRefusedNamingTheLimit() throws Exception {
        byte[] body = template(11 * MIB);

        HttpResponse<String> reply =
                post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), "application/json");

        refusedAsTooLarge(reply);
        assertEquals(10 * MIB, JsonPath.from(reply.body()).getInt("limit"));
    }

    @Test
    void aBodyOf9MebibytesIsImported() throws Exception {
        HttpResponse<String> reply = post(BodyPublishers.ofByteArray(template(9 * MIB)), "application/json");

        assertEquals(201, reply.statusCode(), reply.body());
        assertEquals(1, JsonPath.from(reply.body()).getInt("created"));
    }

    @Test
    void aBodyWithoutContentTypeIsTakenForJson() throws Exception {
        HttpResponse<String> reply = post(BodyPublishers.ofString("{\"dir\": \"product-team\"}"), null);

        assertEquals(201, reply.statusCode(), reply.body());
    }

    private static void refusedAsTooLarge(HttpResponse<String> reply) {
        Refusal.check(413, "BODY_TOO_LARGE", reply.statusCode(), type(reply), reply.body());
        assertTrue(reply.body().contains("larger than the limit of 10485760 bytes"), reply.body());
        Refusal.leftNothing();
    }

    private HttpResponse<String> post(BodyPublisher body, String contentType) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/org/import"))
                .header("Authorization", "Bearer " + TestDatabase.TOKEN)
                .POST(body);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String type(HttpResponse<String> reply) {
        return reply.headers().firstValue("Content-Type").orElse("");
    }

    /** A valid template, were it not for its size. */
    private static byte[] template(int size) {
        byte[] before = "{\"template\":{\"name\":\"T\",\"x-a\":\"".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] after = "\",\"workspaces\":[{\"name\":\"A\"}]}}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) 'a');
        System.arraycopy(before, 0, body, 0, before.length);
        System.arraycopy(after, 0, body, size - after.length, after.length);
        return body;
    }
}
