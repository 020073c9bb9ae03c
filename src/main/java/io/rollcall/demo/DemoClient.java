package io.rollcall.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Calls the service as any client would. */
@ApplicationScoped
class DemoClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper;
    private final String token;
    private final String base;

    DemoClient(
            ObjectMapper mapper,
            @ConfigProperty(name = "rollcall.admin.token") Optional<String> token,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.mapper = mapper;
        this.token = token.orElse("");
        this.base = "http://localhost:" + port;
    }

    String token() {
        return token;
    }

    String base() {
        return base;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    JsonNode post(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        JsonNode body = mapper.readTree(response.body());
        if (response.statusCode() >= 400) {
            throw new IOException(request.uri() + " answered " + response.statusCode() + ": "
                    + body.path("detail").asText());
        }
        return body;
    }
}
