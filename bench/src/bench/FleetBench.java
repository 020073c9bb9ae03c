package bench;

import static bench.Report.met;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Agents' beats over HTTP, beside the same beats in SQL alone; sides take turns, and ratios are of one turn. */
final class FleetBench {

    static final int AGENTS = 20_000;
    static final int ORGANISATIONS = 50;
    static final int CONNECTIONS = 128;
    static final int SIZE = 500;
    private static final int LARGE = 2_000;
    private static final int CLIENTS = 16;
    private static final double BAR_SINGLE = 4;
    private static final double BAR_LATENCY = 25;
    private static final double BAR_BULK = 0.7;
    private static final double BAR_RATE = 100_000;
    private static final double BAR_HOT = 0.99;
    private static final double BAR_WAL = 150;
    private static final List<String> JVM = List.of("-Xmx512m");

    private static final String SINGLY = "by hand, one row a statement";
    private static final String BATCHED = "by hand, " + SIZE + " a statement";
    private static final String BATCHED_LARGE = "by hand, 2,000 a statement";
    private static final String OWN = "its statement alone, " + SIZE;
    private static final String OWN_LARGE = "its statement alone, 2,000";

    private final Path jar;
    private final Path work;
    private final double seconds = Double.parseDouble(System.getProperty("bench.seconds", "6"));
    private final int rounds = Integer.getInteger("bench.rounds", 5);
    /** The service's compiler needs a while; so many turns' time. */
    private final double warmUp = Double.parseDouble(System.getProperty("bench.warmup", "3"));
    private final int minutes = Integer.getInteger("bench.minutes", 0);
    private final String only = System.getProperty("bench.only", "").replace('_', ' ');

    FleetBench(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    interface Run {
        Beating.Tally run(long nanos) throws Exception;
    }

    /** @param rows of a transaction of beats, by the service's count */
    private record Turn(
            double rate, Cpu cpu, double hot, double wal, double rows, long sizeBefore, long sizeAfter, Beating.Tally tally) {}

    private record Side(String name, String table, Run run, List<Turn> turns) {
        Side(String name, String table, Run run) {
            this(name, table, run, new ArrayList<>());
        }

        boolean isService() {
            return name.startsWith("service");
        }
    }

    String run() throws Exception {
        var report = new Report();
        var sweep = new Report();
        if (only.isEmpty() || only.equals("sweep")) {
            new FleetSweep(jar, work).run(sweep);
        }
        if (only.isEmpty() || only.startsWith("p")) {
            try (var database = new Database(work.resolve("fleet"));
                    var service = new Service(
                            jar, database, database.port(), JVM, LedgerBench.UNLIMITED, work.resolve("fleet.log"))) {
                Fleet one = Fleet.make(database, "One", 1, AGENTS);
                Fleet many = Fleet.make(database, "Many", ORGANISATIONS, AGENTS);
                one.introduce(service, database);
                many.introduce(service, database);
                try (var hand = new FleetByHand(database, one)) {
                    if (only.isEmpty() || only.equals("p1")) {
                        List<FleetByHand.Client> clients = hand.singly(CLIENTS);
                        singly(report, measured(database, service, List.of(
                                new Side(SINGLY, FleetByHand.COPY, nanos -> hand.run(clients, nanos)),
                                new Side("service, one organisation", "heartbeats",
                                        Beating.singly(service, one, CONNECTIONS, one.adminToken)::run),
                                new Side("service, 50 organisations", "heartbeats",
                                        Beating.singly(service, many, CONNECTIONS, null)::run))));
                    }
                    if (only.isEmpty() || only.equals("p2")) {
                        List<Side> sides = new ArrayList<>();
                        for (int size : new int[] {SIZE, LARGE}) {
                            List<FleetByHand.Client> batched = hand.batched(size);
                            List<FleetByHand.Client> own = hand.asTheService(size);
                            sides.add(new Side(size == SIZE ? BATCHED : BATCHED_LARGE, FleetByHand.COPY,
                                    nanos -> hand.run(batched, nanos)));
                            sides.add(new Side(size == SIZE ? OWN : OWN_LARGE, "heartbeats", nanos -> hand.run(own, nanos)));
                        }
                        for (int connections : new int[] {2, 4, 8}) {
                            sides.add(new Side("service, " + connections + " connections", "heartbeats",
                                    Beating.together(service, one, connections, SIZE, one.adminToken)::run));
                        }
                        together(report, measured(database, service, sides));
                    }
                }
            }
        }
        if (minutes > 0) {
            new FleetForLong(jar, work, minutes).run(report);
        }
        return report.toString() + sweep + Files.readString(Path.of("bench", "beats-notes.md"));
    }

    private Map<String, Side> measured(Database database, Service service, List<Side> sides) throws Exception {
        for (Side side : sides) {
            side.run().run((long) (seconds * (side.isService() ? warmUp : 0.3) * 1e9));
        }
        for (int round = 0; round < rounds; round++) {
            for (Side side : sides) {
                database.checkpoint();
                side.run().run((long) (seconds * 0.15e9));
                side.turns().add(turn(database, service, side));
                System.err.printf(Locale.ROOT, "bench: round %d, %s: %,.0f/s%n", round, side.name(),
                        side.turns().get(round).rate());
            }
        }
        var named = new LinkedHashMap<String, Side>();
        sides.forEach(side -> named.put(side.name(), side));
        return named;
    }

    private Turn turn(Database database, Service service, Side side) throws Exception {
        var before = Written.to(database, side.table());
        double[] batches = batches(service);
        Cpu cpu = Cpu.now(service.pid(), database.pid());
        Beating.Tally tally = side.run().run((long) (seconds * 1e9));
        cpu = Cpu.now(service.pid(), database.pid()).since(cpu);
        double[] more = batches(service);
        var after = Written.to(database, side.table());
        return new Turn(
                tally.beats / cpu.wall(),
                cpu,
                after.hot(before),
                (after.wal() - before.wal()) / (double) tally.beats,
                (more[1] - batches[1]) / (more[0] - batches[0]),
                before.size(),
                after.size(),
                tally);
    }

    /** How many transactions of beats the service has made, and how many rows they had. */
    private static double[] batches(Service service) throws Exception {
        String text = new String(service.send("GET", "/q/metrics", null, null).body(), StandardCharsets.UTF_8);
        var found = new double[2];
        text.lines().forEach(line -> {
            if (line.startsWith("rollcall_beats_batch_count") || line.startsWith("rollcall_beats_batch_sum")) {
                found[line.startsWith("rollcall_beats_batch_sum") ? 1 : 0] =
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        });
        return found;
    }

    private static void singly(Report report, Map<String, Side> sides) throws Exception {
        Side hand = sides.get(SINGLY);
        report.heading("P1: one beat a request");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("median", "beats/s", "× by hand", "bar", "", "p50 ms", "p99 ms", "bar", ""));
        for (Side side : sides.values()) {
            double ratio = ratio(side, hand);
            double p99 = median(side, t -> t.tally().latencies.quantile(0.99));
            rows.add(List.of(
                    side.name(),
                    number(median(side, Turn::rate), 0),
                    number(ratio, 2) + " ×",
                    side.isService() ? "≥ 4 ×" : "",
                    side.isService() ? met(ratio >= BAR_SINGLE) : "",
                    number(median(side, t -> t.tally().latencies.quantile(0.5)), 1),
                    number(p99, 1),
                    side.isService() ? "< 25" : "",
                    side.isService() ? met(p99 < BAR_LATENCY) : ""));
        }
        report.table(rows);
        costs(report, sides, 1);
    }

    private static void together(Report report, Map<String, Side> sides) throws Exception {
        report.heading("P2: beats in requests of " + SIZE);
        Side best = sides.values().stream()
                .filter(Side::isService)
                .max(java.util.Comparator.comparingDouble(side -> median(side, Turn::rate)))
                .orElseThrow();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("median", "beats/s", "× 500", "× 2,000", "× own 500", "× own 2,000", "p50 ms", "p99 ms"));
        for (Side side : sides.values()) {
            rows.add(List.of(
                    side.name(),
                    number(median(side, Turn::rate), 0),
                    number(ratio(side, sides.get(BATCHED)), 2) + " ×",
                    number(ratio(side, sides.get(BATCHED_LARGE)), 2) + " ×",
                    number(ratio(side, sides.get(OWN)), 2) + " ×",
                    number(ratio(side, sides.get(OWN_LARGE)), 2) + " ×",
                    number(median(side, t -> t.tally().latencies.quantile(0.5)), 1),
                    number(median(side, t -> t.tally().latencies.quantile(0.99)), 1)));
        }
        report.table(rows);
        report.line("");
        double rate = median(best, Turn::rate);
        double ratio = ratio(best, sides.get(BATCHED));
        double large = ratio(best, sides.get(BATCHED_LARGE));
        double hot = median(best, Turn::hot);
        double wal = median(best, Turn::wal);
        report.table(List.of(
                List.of("the best: " + best.name(), "measured", "bar", ""),
                List.of("beats a second", number(rate, 0), "≥ 100,000", met(rate >= BAR_RATE)),
                List.of("of SQL alone, 500 rows a statement", number(ratio, 2) + " ×", "≥ 0.7 ×", met(ratio >= BAR_BULK)),
                List.of("of SQL alone, 2,000 rows a statement", number(large, 2) + " ×", "≥ 0.7 ×", met(large >= BAR_BULK)),
                List.of("HOT", percent(hot), "≥ 99 %", met(hot >= BAR_HOT)),
                List.of("WAL bytes a beat, page images included", number(wal, 0), "≤ 150", met(wal <= BAR_WAL))));
        costs(report, sides, SIZE);
    }

    /** Where each side's time went. */
    private static void costs(Report report, Map<String, Side> sides, int beats) throws Exception {
        report.line("");
        var rows = new ArrayList<List<String>>();
        String of = beats == 1 ? "a beat's share" : "a beat's share of " + beats;
        rows.add(List.of(of, "service µs", "PostgreSQL µs", "client µs", "cores busy", "rows a commit", "WAL bytes", "HOT",
                "table at first", "at last"));
        for (Side side : sides.values()) {
            int decimals = beats == 1 ? 0 : 2;
            rows.add(List.of(
                    side.name(),
                    side.isService() ? number(median(side, t -> t.cpu().service() * 1e6 / t.tally().beats), decimals) : "",
                    number(median(side, t -> t.cpu().database() * 1e6 / t.tally().beats), decimals),
                    number(median(side, t -> t.cpu().client() * 1e6 / t.tally().beats), decimals),
                    number(median(side, t -> (t.cpu().service() + t.cpu().database() + t.cpu().client()) / t.cpu().wall()), 2),
                    side.isService() ? number(median(side, Turn::rows), 0) : "",
                    number(median(side, Turn::wal), 0),
                    percent(median(side, Turn::hot)),
                    mib(side.turns().get(0).sizeBefore()),
                    mib(side.turns().get(side.turns().size() - 1).sizeAfter())));
        }
        report.table(rows);
        loads(report);
    }

    /** The machine's, our own share included. */
    static void loads(Report report) throws Exception {
        report.line("");
        report.line("Load of the machine at the end, ours included (1, 5 and 15 minutes): "
                + Files.readString(Path.of("/proc/loadavg")).replaceAll("( \\S+){2}\\s*$", "."));
    }

    private interface Value {
        double of(Turn turn);
    }

    private static double median(Side side, Value value) {
        return Numbers.median(side.turns().stream().map(value::of).toList());
    }

    private static double ratio(Side side, Side baseline) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < side.turns().size(); i++) {
            ratios.add(side.turns().get(i).rate() / baseline.turns().get(i).rate());
        }
        return Numbers.median(ratios);
    }

    static String mib(long bytes) {
        return number(bytes / 1048576.0, 1) + " MiB";
    }

    static String percent(double share) {
        return Double.isNaN(share) ? "" : number(share * 100, 2) + " %";
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
