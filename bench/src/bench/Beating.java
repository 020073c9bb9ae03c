package bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A fleet that beats over HTTP: one beat a request, or many; on connections that stay open, one request under way on each. */
final class Beating {

    /** What all connections of one run did. */
    static final class Tally {
        final Latencies latencies = new Latencies();
        long beats;
    }

    private final int port;
    private final int beatsOfRequest;
    private final List<Line> lines = new ArrayList<>();
    private Tally tally = new Tally();
    private long period;

    private Beating(int port, int beatsOfRequest) {
        this.port = port;
        this.beatsOfRequest = beatsOfRequest;
    }

    /** Each connection beats for its share of the fleet, over and over. @param token null: each agent's own */
    static Beating singly(Service service, Fleet fleet, int connections, String token) {
        var beating = new Beating(service.port, 1);
        for (int i = 0; i < connections; i++) {
            var requests = new ArrayList<byte[]>();
            for (int j = i; j < fleet.agents.size(); j += connections) {
                requests.add(Fleet.single(fleet.agents.get(j), token));
            }
            beating.lines.add(beating.new Line(requests, 1));
        }
        return beating;
    }

    static Beating together(Service service, Fleet fleet, int connections, int size, String token) {
        var beating = new Beating(service.port, size);
        var requests = new ArrayList<List<byte[]>>();
        for (int i = 0; i < connections; i++) {
            requests.add(new ArrayList<>());
        }
        for (int i = 0; (i + 1) * size <= fleet.agents.size(); i++) {
            requests.get(i % connections).add(Fleet.bulk(fleet.agents.subList(i * size, (i + 1) * size), token));
        }
        requests.forEach(own -> beating.lines.add(beating.new Line(own, 3)));
        return beating;
    }

    /** As fast as they are answered. */
    Tally run(long nanos) throws Exception {
        return run(nanos, 0);
    }

    /** @param rate beats a second, whatever the service does; 0: as fast as they are answered */
    Tally run(long nanos, double rate) throws Exception {
        tally = new Tally();
        period = rate == 0 ? 0 : (long) (1e9 * lines.size() * beatsOfRequest / rate);
        long begin = System.nanoTime();
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).due = period == 0 ? 0 : begin + period * i / lines.size();
        }
        try (var wire = new Wire(port, lines)) {
            wire.run(nanos);
        }
        return tally;
    }

    private final class Line implements Wire.Agent {
        private final List<byte[]> requests;
        private final int last;
        private final byte[] expected = ("{\"accepted\":" + beatsOfRequest + ",").getBytes(StandardCharsets.US_ASCII);
        private int turn;
        private long due;

        Line(List<byte[]> requests, int last) {
            this.requests = requests;
            this.last = last;
        }

        @Override
        public long due() {
            return due;
        }

        @Override
        public byte[] next() {
            due += period;
            byte[] request = requests.get(turn++ % requests.size());
            Fleet.age(request, beatsOfRequest, last);
            return request;
        }

        @Override
        public void reply(int status, byte[] bytes, int bodyFrom, int to, long nanos) {
            boolean good = status == 200;
            for (int i = 0; good && beatsOfRequest > 1 && i < expected.length; i++) {
                good = bytes[bodyFrom + i] == expected[i];
            }
            if (!good) {
                throw new IllegalStateException("beat: " + status + " "
                        + new String(bytes, bodyFrom, Math.min(300, to - bodyFrom), StandardCharsets.UTF_8));
            }
            tally.latencies.add(nanos);
            tally.beats += beatsOfRequest;
        }
    }
}
