package io.rollcall.delegation;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends its request and goes away. */
final class HungUp {

    private final Socket socket;

    /** Sends the whole request. */
    HungUp(String token, String path, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + token + "\r\nContent-Length: " + bytes.length + "\r\n" + String.join("\r\n", headers)
                + (headers.length > 0 ? "\r\n" : "") + "\r\n";
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends when the service has noticed: it hangs up too, without an answer. */
    void untilNoticed() {
        if (untilClosed()) {
            throw new AssertionError("it was answered");
        }
    }

    /** Ends when the service hangs up too: whether it answered before. */
    boolean untilClosed() {
        try (socket) {
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes().length > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
