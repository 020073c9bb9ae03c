package bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A distance between service and database: every byte arrives a fixed time after it was sent, in order, with as much in
 * flight as there is. Each direction of a connection has a reader, which stamps what it reads, and a writer, which passes
 * it on when its time has come; nothing waits for what went before it, so only round trips cost.
 *
 * <p>On its way it counts PostgreSQL's frontend messages: Execute and simple Query are the statements.
 */
final class DelayProxy implements Closeable {

    private static final int STARTUP_PROTOCOL_MAJOR = 3;
    private static final int CHUNK = 64 * 1024;
    private static final int CHUNKS_IN_FLIGHT = 1024;

    private record Chunk(byte[] bytes, int length, long due) {}

    private static final Chunk END = new Chunk(new byte[0], 0, 0);

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong statements = new AtomicLong();
    private volatile long oneWayNanos;

    DelayProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        daemon("proxy-accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** What a round trip shall cost; the timer's own lateness, {@code overshootNanos} a wait, is taken off. */
    void roundTrip(long nanos, long overshootNanos) {
        oneWayNanos = nanos == 0 ? 0 : Math.max(1, nanos / 2 - overshootNanos);
    }

    /** Statements executed through here so far. */
    long statements() {
        return statements.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
                for (Socket socket : new Socket[] {client, database}) {
                    socket.setTcpNoDelay(true);
                    open.add(socket);
                }
                pump(client, database, new FrontendMessages());
                pump(database, client, null);
            }
        } catch (IOException closed) {
            // The benchmark is over.
        }
    }

    private void pump(Socket from, Socket to, FrontendMessages messages) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS_IN_FLIGHT);
        daemon("proxy-read", () -> {
            try (from) {
                InputStream in = from.getInputStream();
                while (true) {
                    byte[] bytes = new byte[CHUNK];
                    int length = in.read(bytes);
                    long due = System.nanoTime() + oneWayNanos;
                    if (length < 0) {
                        break;
                    }
                    if (messages != null) {
                        messages.see(bytes, length);
                    }
                    // A small read must not keep 64 KiB alive while it waits.
                    queue.put(new Chunk(
                            length < CHUNK / 8 ? java.util.Arrays.copyOf(bytes, length) : bytes, length, due));
                }
            } catch (IOException | InterruptedException gone) {
                // One side has hung up.
            } finally {
                open.remove(from);
                if (!queue.offer(END)) {
                    closeQuietly(to);
                }
            }
        });
        daemon("proxy-write", () -> {
            try (to) {
                OutputStream out = to.getOutputStream();
                for (Chunk chunk = queue.take(); chunk != END; chunk = queue.take()) {
                    for (long wait = chunk.due() - System.nanoTime(); wait > 0; wait = chunk.due() - System.nanoTime()) {
                        LockSupport.parkNanos(wait);
                    }
                    out.write(chunk.bytes(), 0, chunk.length());
                }
            } catch (IOException | InterruptedException gone) {
                // One side has hung up.
            } finally {
                open.remove(to);
                closeQuietly(from);
                queue.clear();
            }
        });
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    private static void daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Follows the frontend's side of the protocol: untyped start-up packets, then a type, a length and a body each. */
    private final class FrontendMessages {
        private final byte[] header = new byte[8];
        private int have;
        private long skip;
        private boolean started;

        void see(byte[] bytes, int length) {
            int at = 0;
            while (at < length) {
                if (skip > 0) {
                    int some = (int) Math.min(skip, length - at);
                    skip -= some;
                    at += some;
                    continue;
                }
                header[have++] = bytes[at++];
                if (started && have == 5) {
                    if (header[0] == 'E' || header[0] == 'Q') {
                        statements.incrementAndGet();
                    }
                    skip = number(1) - 4;
                    have = 0;
                } else if (!started && have == 8) {
                    // SSLRequest and the like have numbers of their own here and are followed by another start-up.
                    started = number(4) >>> 16 == STARTUP_PROTOCOL_MAJOR;
                    skip = number(0) - 8;
                    have = 0;
                }
            }
        }

        private int number(int at) {
            return (header[at] & 255) << 24
                    | (header[at + 1] & 255) << 16
                    | (header[at + 2] & 255) << 8
                    | header[at + 3] & 255;
        }
    }
}
