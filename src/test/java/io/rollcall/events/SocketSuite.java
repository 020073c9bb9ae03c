package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.RestAssured;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /ws}: the same events as frames, who may open it, and when it ends. */
abstract class SocketSuite extends Listening {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void framesAreTheEventsOfTheStream() {
        Listener stream = ready(read);
        var frames = new Frames();
        WebSocket socket = open(frames, "", "Authorization", "Bearer " + read);
        Await.until("it is ready", () -> !frames.of("ready").isEmpty());

        for (int i = 0; i < 10; i++) {
            workspace("W" + i, org);
        }
        Await.until("all", () -> stream.events().size() == 10 && frames.all.size() == 11);

        assertEquals(stream.events().stream().map(Listener.Heard::data).toList(), frames.of("WORKSPACE_PROVISIONING"));
        var again = new Frames();
        WebSocket second = open(again, "?after=" + stream.events().get(6).id(), "Authorization", "Bearer " + read);
        Await.until("the rest", () -> !again.of("ready").isEmpty());
        assertEquals(frames.all.subList(8, 11), again.of("WORKSPACE_PROVISIONING"));
        socket.sendText("what clients say is left at that", true).join();
        workspace("Later", org);
        Await.until("it goes on", () -> frames.all.size() == 12);
        socket.abort();
        second.abort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollcall-auth.", "molecule-auth."})
    void aBrowsersTokenComesAsAProtocol(String prefix) {
        var frames = new Frames();
        WebSocket socket = CLIENT.newWebSocketBuilder()
                .subprotocols(prefix + read, "rollcall")
                .buildAsync(uri(""), frames)
                .join();

        assertEquals("rollcall", socket.getSubprotocol());
        Await.until("it is ready", () -> !frames.of("ready").isEmpty());
        socket.abort();
    }

    @Test
    void aTokenThatIsTheOnlyProtocolIsNotSaidBack() {
        for (String offered : List.of("rollcall-auth." + read, "molecule-auth." + read + ", rollcall-auth." + read)) {
            try (var socket = new RawSocket(read, "Sec-WebSocket-Protocol: " + offered + "\n")) {
                assertEquals("HTTP/1.1 400", socket.head.substring(0, 12));
                assertFalse(socket.head.contains(read), socket.head);
            }
        }
        try (var socket = new RawSocket(read, "Sec-WebSocket-Protocol: rollcall-auth." + read + ", other\n")) {
            assertTrue(socket.head.toLowerCase(Locale.ROOT).contains("sec-websocket-protocol: other\r\n"), socket.head);
        }
    }

    @Test
    void framesAreSmallAndNotPacked() {
        String packed = "Sec-WebSocket-Extensions: permessage-deflate, x-webkit-deflate-frame\n";
        try (var socket = new RawSocket(read, packed)) {
            assertEquals("HTTP/1.1 101", socket.head.substring(0, 12));
            assertFalse(socket.head.toLowerCase(Locale.ROOT).contains("extensions"), socket.head);
            socket.write(RawSocket.frame(2, 4096));
            socket.write(RawSocket.frame(2, 4097));
            assertTrue(socket.hangsUp());
        }
        try (var socket = new RawSocket(read, packed)) {
            byte[] frame = RawSocket.frame(2, 10);
            frame[0] |= 0x40;
            socket.write(frame);
            assertTrue(socket.hangsUp(), "a frame that says it is packed");
        }
    }

    @Test
    void whoMayNotIsRefused() {
        assertEquals(401, refusal(""));
        assertEquals(401, refusal("", "Authorization", "Bearer nonsense"));
        assertEquals(401, refusal("", "Authorization", "Basic " + read));
        assertEquals(403, refusal("", "Authorization", "Bearer " + agent(dev)));
        assertEquals(400, refusal("?after=x", "Authorization", "Bearer " + read));
        assertEquals(403, refusal("", "Authorization", "Bearer " + read, "Origin", "https://elsewhere.example.org"));
        var frames = new Frames();
        open(frames, "", "Authorization", "Bearer " + read, "Origin", "http://localhost:" + RestAssured.port)
                .abort();
        assertEquals("UPGRADE_REQUIRED", Call.get("/ws").expect(426).code());
    }

    @Test
    void aSocketEndsWithItsToken() {
        var frames = new Frames();
        open(frames, "", "Authorization", "Bearer " + read);
        Await.until("it is ready", () -> !frames.of("ready").isEmpty());
        assertFalse(frames.closed > 0);

        Call.of("DELETE", "/org/tokens/" + Sql.one("SELECT id FROM tokens WHERE scope = 'read'"))
                .send()
                .expect(204);

        Await.until("it ends", () -> frames.closed > 0);
        assertEquals(1001, frames.closed);
    }

    private static URI uri(String query) {
        return URI.create("ws://localhost:" + RestAssured.port + "/ws" + query);
    }

    private static WebSocket open(Frames frames, String query, String... headers) {
        return frames.open(base(), query, headers);
    }

    private static int refusal(String query, String... headers) {
        var failure = assertThrows(CompletionException.class, () -> open(new Frames(), query, headers));
        assertTrue(failure.getCause() instanceof WebSocketHandshakeException, String.valueOf(failure.getCause()));
        return ((WebSocketHandshakeException) failure.getCause()).getResponse().statusCode();
    }
}
