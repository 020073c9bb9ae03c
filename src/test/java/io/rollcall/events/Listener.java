package io.rollcall.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads {@code /events} as a browser does: it keeps the last id, and each event as it came. */
final class Listener implements AutoCloseable, Ear {

    /** An event of the stream, as its three lines said. */
    record Heard(long id, String event, JsonNode data) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final HttpResponse<InputStream> response;
    private volatile long known = -1;

    private Listener(HttpResponse<InputStream> response) {
        this.response = response;
    }

    /** Opens the stream and reads it. */
    static Listener open(String base, String token, String query, String... headers) {
        var listener = connect(base, token, query, headers);
        listener.read();
        return listener;
    }

    /** Opens the stream and reads nothing of it yet. */
    static Listener connect(String base, String token, String query, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(base + "/events" + query))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<InputStream> response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new AssertionError(response.statusCode() + " "
                        + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
            }
            return new Listener(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void read() {
        var reader = new Thread(this::readAll, "listener");
        reader.setDaemon(true);
        reader.start();
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    @Override
    public List<Heard> all() {
        return List.copyOf(heard);
    }

    List<Heard> of(String event) {
        return heard.stream().filter(one -> one.event().equals(event)).toList();
    }

    List<String> comments() {
        return comments;
    }

    /** The number that a browser would come back with: also of signs of life. */
    long known() {
        return known;
    }

    @Override
    public boolean hasEnded() {
        return ended.get();
    }

    /** The first one of the name, when it has come. */
    Heard await(String event) {
        Await.until(event + " among " + names(), () -> !of(event).isEmpty());
        return of(event).get(0);
    }

    void awaitReady() {
        await("ready");
    }

    private List<String> names() {
        return heard.stream().map(Heard::event).toList();
    }

    private void readAll() {
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String event = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                    known = Long.parseLong(id);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !data.isEmpty()) {
                    heard.add(new Heard(Long.parseLong(id), event, json(data)));
                    data = "";
                }
            }
        } catch (IOException brokenOff) {
            // As when the service is gone: what was heard counts.
        } finally {
            ended.set(true);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
