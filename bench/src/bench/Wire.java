package bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Many clients on one thread, each with a connection that stays open and one request under way: as little work as HTTP/1.1
 * allows, since the client takes its time from the cores that it measures. Replies are not read beyond what an agent asks for.
 */
final class Wire implements Closeable {

    /** One client: what it asks next, and what it makes of the reply. Called by the wire's thread alone. */
    interface Agent {
        /** The whole request; null: nothing more. */
        byte[] next();

        /** When the request should have left, in nanoseconds; now or earlier: at once. */
        default long due() {
            return 0;
        }

        void reply(int status, byte[] bytes, int bodyFrom, int to, long nanos);
    }

    private static final class Line {
        final SocketChannel channel;
        final Agent agent;
        final byte[] in = new byte[512 * 1024];
        final ByteBuffer buffer = ByteBuffer.wrap(in);
        ByteBuffer out;
        long sentAt;
        int bodyFrom = -1;
        int end;

        Line(SocketChannel channel, Agent agent) {
            this.channel = channel;
            this.agent = agent;
        }
    }

    private final Selector selector = Selector.open();
    private final List<Line> idle = new ArrayList<>();

    Wire(int port, List<? extends Agent> agents) throws IOException {
        for (Agent agent : agents) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Line line = new Line(channel, agent);
            channel.register(selector, SelectionKey.OP_READ, line);
            idle.add(line);
        }
    }

    /** Until the time is over or nobody asks any more; replies that are under way are waited for. */
    void run(long nanos) throws IOException {
        long until = System.nanoTime() + nanos;
        int underWay = 0;
        while (true) {
            long now = System.nanoTime();
            boolean over = now >= until;
            long earliest = until;
            for (int i = idle.size() - 1; i >= 0 && !over; i--) {
                Line line = idle.get(i);
                long due = line.agent.due();
                if (due - now > 0 && due != 0) {
                    earliest = Math.min(earliest, due);
                    continue;
                }
                byte[] request = line.agent.next();
                idle.set(i, idle.get(idle.size() - 1));
                idle.remove(idle.size() - 1);
                if (request != null) {
                    send(line, request, due == 0 ? now : due);
                    underWay++;
                }
            }
            if (underWay == 0 && (over || idle.isEmpty())) {
                return;
            }
            long wait = Math.max(1, (earliest - System.nanoTime()) / 1_000_000);
            selector.select(over ? 1000 : wait);
            Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                SelectionKey key = keys.next();
                keys.remove();
                Line line = (Line) key.attachment();
                if (line.out != null && line.out.hasRemaining()) {
                    line.channel.write(line.out);
                    key.interestOps(line.out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                }
                if (key.isReadable() && read(line)) {
                    underWay--;
                    idle.add(line);
                }
            }
        }
    }

    private void send(Line line, byte[] request, long at) throws IOException {
        line.buffer.clear();
        line.bodyFrom = -1;
        line.sentAt = at;
        line.out = ByteBuffer.wrap(request);
        line.channel.write(line.out);
        if (line.out.hasRemaining()) {
            line.channel.keyFor(selector).interestOps(SelectionKey.OP_WRITE);
        }
    }

    /** @return whether the reply is there, whole */
    private static boolean read(Line line) throws IOException {
        if (line.channel.read(line.buffer) < 0) {
            throw new IOException("the service hung up");
        }
        int have = line.buffer.position();
        if (line.bodyFrom < 0) {
            int head = end(line.in, have);
            if (head < 0) {
                return false;
            }
            line.bodyFrom = head;
            int length = length(line.in, head);
            line.end = length < 0 ? Integer.MAX_VALUE : head + length;
        }
        if (line.end == Integer.MAX_VALUE && endsWith(line.in, have)) {
            line.end = join(line.in, line.bodyFrom);
        }
        if (have < line.end) {
            return false;
        }
        int status = (line.in[9] - '0') * 100 + (line.in[10] - '0') * 10 + line.in[11] - '0';
        line.agent.reply(status, line.in, line.bodyFrom, line.end, System.nanoTime() - line.sentAt);
        return true;
    }

    private static int end(byte[] bytes, int have) {
        for (int i = 3; i < have; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    /** @return -1 when it comes in chunks */
    private static int length(byte[] bytes, int head) {
        for (int i = 0; i < head - LENGTH.length; i++) {
            if (bytes[i] == '\n') {
                int j = 0;
                while (j < LENGTH.length && (bytes[i + 1 + j] | 0x20) == (LENGTH[j] | 0x20)) {
                    j++;
                }
                if (j == LENGTH.length) {
                    int length = 0;
                    for (int k = i + 1 + j; bytes[k] != '\r'; k++) {
                        length = bytes[k] == ' ' ? length : length * 10 + bytes[k] - '0';
                    }
                    return length;
                }
            }
        }
        return -1;
    }

    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static boolean endsWith(byte[] bytes, int have) {
        int at = have - LAST_CHUNK.length;
        return at >= 0
                && Arrays.equals(bytes, at, have, LAST_CHUNK, 0, LAST_CHUNK.length);
    }

    /** Puts the chunks together where they are. @return where the body now ends */
    private static int join(byte[] bytes, int from) {
        int to = from;
        int at = from;
        while (true) {
            int length = 0;
            for (; bytes[at] != '\r'; at++) {
                length = length * 16 + Character.digit(bytes[at], 16);
            }
            at += 2;
            if (length == 0) {
                return to;
            }
            System.arraycopy(bytes, at, bytes, to, length);
            to += length;
            at += length + 2;
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
