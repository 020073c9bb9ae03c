package bench;

import static bench.Report.met;
import static bench.Report.ms;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What sweeping costs at {@value #IN_FLIGHT} in flight: when nothing is due, and when much is. */
final class SweepBench {

    static final Map<String, String> SETTINGS =
            Map.of("ROLLCALL_SWEEPER_EVERY", "1s", "ROLLCALL_SWEEPER_BOOT_GRACE", "1s");

    private static final int IN_FLIGHT = 200_000;
    private static final int DUE = 10_000;
    private static final int SWEEPS = 20;
    private static final int ROUNDS = 3;
    private static final int AGENTS = 32;
    private static final int BEATS_A_SECOND = 500;
    private static final int BEATEN = 4_000;

    private final Database database;
    private final Service service;

    SweepBench(Database database, Service service) {
        this.database = database;
        this.service = service;
    }

    /** How often it swept, and for how many seconds in all. */
    private record Swept(double count, double seconds) {}

    /** One beat: when it was to leave, in milliseconds since 1970, and how long it took. */
    private record Sample(double at, double millis) {}

    void run(Report report) throws Exception {
        List<Teams.Pair> pairs = Teams.make(service, "Beating", 1, AGENTS);
        fill(pairs);
        double[] idle = new double[SWEEPS];
        long writes = writes();
        Swept last = swept();
        for (int i = 0; i < SWEEPS; ) {
            Thread.sleep(50);
            Swept now = swept();
            if (now.count() > last.count()) {
                idle[i++] = (now.seconds() - last.seconds()) / (now.count() - last.count()) * 1000;
                last = now;
            }
        }
        writes = writes() - writes;
        var calm = new ArrayList<Sample>();
        var meanwhile = new ArrayList<Sample>();
        var settled = new ArrayList<Double>();
        var sweeps = new ArrayList<Double>();
        long largest = 0;
        for (int round = 0; round < ROUNDS; round++) {
            System.err.println("bench: sweep, round " + round);
            String name = "due" + round + "-";
            database.execute("INSERT INTO delegations (delegation_id, root_delegation_id, org_id, caller_id, callee_id,"
                    + " task_preview, payload_sha256, event_actor, deadline) SELECT '" + name + "' || n, '" + name + "' || n,"
                    + " md5('o' || n % 50)::uuid, md5('caller' || n % 1000)::uuid, md5('callee' || n % 1000)::uuid, 'late',"
                    + " sha256('late'), 'agent', date_trunc('second', clock_timestamp()) + interval '16 s'"
                    + " FROM generate_series(1, " + DUE + ") n");
            var samples = new ArrayList<Sample>();
            try (var beating = new Beating(pairs, samples)) {
                Swept before = swept();
                double most = 0;
                while (database.count("SELECT count(*) FROM delegations WHERE finished_at IS NULL AND delegation_id LIKE '"
                        + name + "%'") > 0) {
                    Thread.sleep(100);
                    Swept now = swept();
                    if (now.count() > before.count()) {
                        most = Math.max(most, (now.seconds() - before.seconds()) * 1000);
                        before = now;
                    }
                }
                Thread.sleep(1500);
                Swept now = swept();
                sweeps.add(Math.max(most, (now.seconds() - before.seconds()) * 1000));
            }
            String of = " FROM delegations WHERE delegation_id LIKE '" + name + "%'";
            double first = Double.parseDouble(database.value("SELECT extract(epoch FROM min(finished_at)) * 1000" + of));
            double end = Double.parseDouble(database.value("SELECT extract(epoch FROM max(finished_at)) * 1000" + of));
            settled.add(end - first);
            largest = Math.max(
                    largest,
                    database.count("SELECT max(n) FROM (SELECT count(*) AS n" + of + " GROUP BY xmin::text) batch"));
            double start = first - 50;
            samples.stream().filter(s -> s.at() >= start && s.at() <= end).forEach(meanwhile::add);
            samples.stream().filter(s -> s.at() < first - 2000 && s.at() > first - 12000).forEach(calm::add);
        }
        double before = p99(calm);
        double during = p99(meanwhile);
        double idleMillis = Numbers.median(idle);
        report.heading("P5: sweeps at " + String.format(Locale.ROOT, "%,d", IN_FLIGHT) + " in flight");
        report.table(List.of(
                List.of("", "measured", "bar", ""),
                List.of("a sweep that finds nothing, median of " + SWEEPS, ms(idleMillis), "< 50 ms", met(idleMillis < 50)),
                List.of("rows written by those sweeps", Long.toString(writes), "0", met(writes == 0)),
                List.of("10,000 due: from the first settled to the last", ms(Numbers.median(settled)), "< 2 s",
                        met(Numbers.median(settled) < 2000)),
                List.of("the whole sweep", ms(Numbers.median(sweeps)), "< 2 s", met(Numbers.median(sweeps) < 2000)),
                List.of("largest transaction, rows", Long.toString(largest), "bounded", ""),
                List.of("a beat's p99 before", ms(before), "", ""),
                List.of("a beat's p99 meanwhile", ms(during), "< 2 ×", met(during < 2 * before))));
        report.line("");
        report.line("Beats: " + BEATS_A_SECOND + " a second of " + AGENTS + " agents, one a request, each timed from when it was"
                + " to leave; " + meanwhile.size() + " of them came while something was being settled.");
    }

    private void fill(List<Teams.Pair> pairs) throws Exception {
        database.execute("SET session_replication_role = replica");
        database.execute("INSERT INTO delegations (delegation_id, root_delegation_id, org_id, caller_id, callee_id, task_preview,"
                + " payload_sha256, status, attempt, event_actor) SELECT 'quiet' || n, 'quiet' || n,"
                + " md5('o' || n % 50)::uuid, md5('caller' || n % 1000)::uuid, md5('callee' || n % 1000)::uuid, 'a task',"
                + " sha256('a task'), 'in_progress', 1, 'agent' FROM generate_series(1, " + (IN_FLIGHT - BEATEN) + ") n");
        for (int i = 0; i < pairs.size(); i++) {
            Teams.Pair pair = pairs.get(i);
            database.execute("INSERT INTO delegations (delegation_id, root_delegation_id, org_id, caller_id, callee_id,"
                    + " task_preview, payload_sha256, status, attempt, event_actor) SELECT 'beat" + i + "-' || n,"
                    + " 'beat" + i + "-' || n, '" + pair.organisation() + "', '" + pair.caller() + "', '" + pair.callee()
                    + "', 'a task', sha256('a task'), 'in_progress', 1, 'agent' FROM generate_series(0, "
                    + (BEATEN / AGENTS - 1) + ") n");
        }
        database.execute("INSERT INTO delegation_beats (delegation, org_id, beat_at)"
                + " SELECT id, org_id, now() FROM delegations WHERE finished_at IS NULL");
        database.execute("RESET session_replication_role");
        database.execute("VACUUM ANALYZE");
        database.checkpoint();
    }

    private Swept swept() throws Exception {
        String text = new String(service.send("GET", "/q/metrics", null, null).body(), StandardCharsets.UTF_8);
        return new Swept(
                metric(text, "rollcall_sweeper_sweep_seconds_count"), metric(text, "rollcall_sweeper_sweep_seconds_sum"));
    }

    private static double metric(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private long writes() throws Exception {
        // A session tells of its changes with a delay; this one has just filled the table.
        database.execute("SELECT pg_stat_force_next_flush()");
        Thread.sleep(2200);
        return database.count("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_all_tables WHERE relname LIKE"
                + " 'delegation%' OR relname IN ('activity_logs', 'inboxes', 'inbox_messages')");
    }

    private static double p99(List<Sample> samples) {
        double[] sorted = samples.stream().mapToDouble(Sample::millis).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * 0.99)];
    }

    /** Beats at a constant rate, whatever the service does, until it is closed. */
    private final class Beating implements AutoCloseable {
        private final java.util.concurrent.ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<?> done;
        private volatile boolean stop;

        Beating(List<Teams.Pair> pairs, List<Sample> samples) {
            var agents = new ArrayList<Wire.Agent>();
            long period = 1_000_000_000L * AGENTS / BEATS_A_SECOND;
            long begin = System.nanoTime();
            for (int i = 0; i < AGENTS; i++) {
                agents.add(agent(i, pairs.get(i).calleeToken(), begin + period * i / AGENTS, period, samples));
            }
            done = thread.submit(() -> {
                try (var wire = new Wire(service.port, agents)) {
                    wire.run(120_000_000_000L);
                }
                return null;
            });
        }

        private Wire.Agent agent(int index, String token, long begin, long period, List<Sample> samples) {
            return new Wire.Agent() {
                private long due = begin;
                private int turn;

                @Override
                public long due() {
                    return due;
                }

                @Override
                public byte[] next() {
                    due += period;
                    return stop
                            ? null
                            : Requests.post(
                                    "/delegations/beat" + index + "-" + turn++ % (BEATEN / AGENTS) + "/heartbeat",
                                    token,
                                    "{\"attempt\":1}");
                }

                @Override
                public void reply(int status, byte[] bytes, int bodyFrom, int to, long nanos) {
                    if (status != 200) {
                        throw new IllegalStateException("beat: " + status + " "
                                + new String(bytes, bodyFrom, to - bodyFrom, StandardCharsets.UTF_8));
                    }
                    samples.add(new Sample(System.currentTimeMillis() - nanos / 1e6, nanos / 1e6));
                }
            };
        }

        @Override
        public void close() throws Exception {
            stop = true;
            done.get();
            thread.shutdown();
        }
    }
}
