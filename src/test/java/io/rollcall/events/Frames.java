package io.rollcall.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.events.Listener.Heard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps a socket's frames. */
final class Frames implements WebSocket.Listener, Ear {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<JsonNode> all = new CopyOnWriteArrayList<>();
    volatile int closed;
    private final StringBuilder text = new StringBuilder();
    private volatile boolean ended;

    WebSocket open(String base, String query, String... headers) {
        var builder = CLIENT.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(URI.create(base.replaceFirst("http", "ws") + "/ws" + query), this)
                .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            try {
                all.add(JSON.readTree(text.toString()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            text.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed = code;
        ended = true;
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable brokenOff) {
        ended = true;
    }

    @Override
    public List<Heard> all() {
        return all.stream()
                .map(one -> new Heard(one.path("id").asLong(), one.path("event").asText(), one))
                .toList();
    }

    @Override
    public boolean hasEnded() {
        return ended;
    }

    List<JsonNode> of(String event) {
        return all.stream()
                .filter(one -> one.path("event").asText().equals(event))
                .toList();
    }
}
