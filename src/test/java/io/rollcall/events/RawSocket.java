package io.rollcall.events;

import io.restassured.RestAssured;
import io.rollcall.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.time.Duration;

/** Speaks to {@code /ws} as no client library would, and reads only when it is told to. */
final class RawSocket implements AutoCloseable {

    /** Less than Vert.x waits for a client's goodbye. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final RawClient client = new RawClient(RestAssured.port);

    /** The reply to the handshake. */
    final String head;

    RawSocket(String token, String... headers) {
        client.send("GET /ws HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\n"
                + "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
                + "Authorization: Bearer " + token + "\n" + String.join("", headers) + "\n");
        client.awaitHead(PATIENCE);
        head = client.received();
    }

    /** Masked with zeros, which changes nothing. */
    static byte[] frame(int opcode, int length) {
        var frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (length < 126) {
            frame.write(0x80 | length);
        } else {
            frame.write(0x80 | 126);
            frame.write(length >> 8);
            frame.write(length & 0xff);
        }
        frame.writeBytes(new byte[4 + length]);
        return frame.toByteArray();
    }

    /** False when the other side has hung up. */
    boolean write(byte[] bytes) {
        return client.send(bytes);
    }

    /** Whether the other side hangs up while this reads and answers nothing. */
    boolean hangsUp() {
        return client.closesWithin(PATIENCE);
    }

    @Override
    public void close() {
        client.close();
    }
}
