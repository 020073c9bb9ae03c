package io.rollcall.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection on which a test writes what no client library would, and sees when it is closed. */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    public RawClient(int port) {
        try {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            // Little arrives that the test does not read, and little waits that the service does not.
            socket.setReceiveBufferSize(8192);
            socket.setSendBufferSize(8192);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines end as HTTP's do. False when the other side has hung up. */
    public boolean send(String text) {
        return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** False when the other side has hung up. */
    public boolean send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (SocketException hungUp) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the other side hangs up within the time. What it says meanwhile is kept. */
    public boolean closesWithin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        byte[] buffer = new byte[8192];
        try {
            for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                socket.setSoTimeout((int) left);
                int n = socket.getInputStream().read(buffer);
                if (n < 0) {
                    return true;
                }
                read.write(buffer, 0, n);
            }
            return false;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a reply's head and no further; {@link #received} has it. */
    public void awaitHead(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            for (int next = 0; next >= 0 && !received().endsWith("\r\n\r\n"); ) {
                next = socket.getInputStream().read();
                if (next >= 0) {
                    read.write(next);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that came so far. */
    public String received() {
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
