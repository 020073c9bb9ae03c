package bench;

import static bench.Report.met;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whole delegations over HTTP, beside the same rows written by hand; sides take turns, and ratios are of one turn. */
final class LedgerBench {

    static final Map<String, String> UNLIMITED =
            Map.of("ROLLCALL_RATE_LIMIT_TOKEN", "1000000", "ROLLCALL_RATE_LIMIT_ORGANISATION", "1000000");

    private static final int CONNECTIONS = 128;
    private static final int ORGANISATIONS = 50;
    private static final int BATCH = 50;
    private static final double BAR = 1.5;
    private static final double BAR_RATE = 2000;
    private static final List<String> JVM = List.of("-Xmx512m");

    private final Path jar;
    private final Path work;
    private final double seconds = Double.parseDouble(System.getProperty("bench.seconds", "8"));
    private final int rounds = Integer.getInteger("bench.rounds", 3);
    /** The service's compiler needs a while; half of its time goes there in the first minute. */
    private final double warmUp = Double.parseDouble(System.getProperty("bench.warmup", "3"));
    private final String only = System.getProperty("bench.only", "").replace('_', ' ');

    LedgerBench(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    interface Run {
        LifeCycle.Tally run(long nanos) throws Exception;
    }

    /** What one turn of a side showed, each life cycle's share of it. */
    private record Turn(double rate, Cpu cpu, double transactions, double wal, double syncs, LifeCycle.Tally tally) {}

    private record Side(String name, Run run, List<Turn> turns) {}

    String run() throws Exception {
        var beats = new Report();
        var sweeps = new Report();
        var whole = new Report();
        // Last what depends most on a machine that has nothing else to do.
        if (only.isEmpty() || only.equals("beats")) {
            try (var database = new Database(work.resolve("beats"))) {
                new Service(jar, database, database.port(), JVM, UNLIMITED, work.resolve("beats.log")).close();
                new BeatsBench(database, seconds).run(beats);
            }
            loads(beats);
        }
        if (only.isEmpty() || only.equals("sweep")) {
            var settings = new HashMap<>(UNLIMITED);
            settings.putAll(SweepBench.SETTINGS);
            try (var database = new Database(work.resolve("sweep"));
                    var service =
                            new Service(jar, database, database.port(), JVM, settings, work.resolve("sweep.log"))) {
                new SweepBench(database, service).run(sweeps);
            }
            loads(sweeps);
        }
        if (!only.equals("sweep") && !only.equals("beats")) {
            lifeCycles(whole);
            loads(whole);
        }
        return whole.toString() + sweeps + beats + Files.readString(Path.of("bench", "ledger-notes.md"));
    }

    /** The machine's, our own share included. */
    private static void loads(Report report) throws Exception {
        report.line("");
        report.line("Load of the machine at the end, ours included (1, 5 and 15 minutes): "
                + Files.readString(Path.of("/proc/loadavg")).replaceAll("( \\S+){2}\\s*$", "."));
    }

    private void lifeCycles(Report report) throws Exception {
        try (var database = new Database(work.resolve("ledger"));
                var service = new Service(jar, database, database.port(), JVM, UNLIMITED, work.resolve("ledger.log"))) {
            List<Teams.Pair> one = Teams.make(service, "One", 1, CONNECTIONS);
            List<Teams.Pair> many = Teams.make(service, "Many", ORGANISATIONS, CONNECTIONS);
            try (var hand = new LedgerByHand(database, one)) {
                var single = new Clients(service, one, 1, false);
                var batched = new Clients(service, Teams.make(service, "Pools", 1, CONNECTIONS), BATCH, false);
                var apart = new Clients(service, many, 1, false);
                var admin = new Clients(service, Teams.make(service, "Admin", 1, CONNECTIONS), 1, true);
                var sides = new LinkedHashMap<String, Side>();
                for (Side side : List.of(
                        side("by hand, several statements a step", nanos -> hand.run(nanos, 1, false)),
                        side("by hand, one statement a step", nanos -> hand.run(nanos, 1, true)),
                        side("service, one organisation", single),
                        side("service, 50 organisations", apart),
                        side("service, the admin's token", admin),
                        side("by hand, one statement, claims of 50", nanos -> hand.run(nanos, BATCH, true)),
                        side("service, claims of 50", batched))) {
                    if (only.isEmpty() || side.name().contains(only)) {
                        sides.put(side.name(), side);
                    }
                }
                measure(database, service, new ArrayList<>(sides.values()));
                report(report, sides);
            }
        }
    }

    private static Side side(String name, Run run) {
        return new Side(name, run, new ArrayList<>());
    }

    private void measure(Database database, Service service, List<Side> sides) throws Exception {
        for (Side side : sides) {
            side.run().run((long) (seconds * (side.name().startsWith("service") ? warmUp : 0.5) * 1e9));
        }
        database.execute("ANALYZE");
        for (int round = 0; round < rounds; round++) {
            for (Side side : sides) {
                database.checkpoint();
                side.run().run((long) (seconds * 0.15e9));
                long transactions = transactions(database);
                long wal = database.count("SELECT wal_bytes FROM pg_stat_wal");
                long syncs = database.count("SELECT wal_sync FROM pg_stat_wal");
                Cpu before = Cpu.now(service.pid(), database.pid());
                LifeCycle.Tally tally = side.run().run((long) (seconds * 1e9));
                Cpu cpu = Cpu.now(service.pid(), database.pid()).since(before);
                double all = tally.completed;
                side.turns()
                        .add(new Turn(
                                all / cpu.wall(),
                                cpu,
                                (transactions(database) - transactions) / all,
                                (database.count("SELECT wal_bytes FROM pg_stat_wal") - wal) / all,
                                (database.count("SELECT wal_sync FROM pg_stat_wal") - syncs) / all,
                                tally));
                System.err.printf(
                        Locale.ROOT, "bench: round %d, %s: %.0f/s%n", round, side.name(), all / cpu.wall());
            }
        }
    }

    /** Backends tell their numbers with a delay. */
    private static long transactions(Database database) throws Exception {
        Thread.sleep(1100);
        database.execute("SELECT pg_stat_clear_snapshot()");
        return database.count("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    }

    /** {@value #CONNECTIONS} agents; in its next turn each goes on where it was. */
    static final class Clients implements Run {
        private final LifeCycle.Tally tally = new LifeCycle.Tally();
        private final List<LifeCycle> agents = new ArrayList<>();
        private final int port;

        Clients(Service service, List<Teams.Pair> pairs, int batch, boolean asAdmin) throws Exception {
            port = service.port;
            for (int i = 0; i < pairs.size(); i++) {
                Teams.Pair pair = pairs.get(i);
                agents.add(new LifeCycle(
                        pair,
                        asAdmin ? Service.TOKEN : pair.callerToken(),
                        asAdmin ? Service.TOKEN : pair.calleeToken(),
                        batch,
                        1 + i % batch,
                        tally));
            }
        }

        @Override
        public LifeCycle.Tally run(long nanos) throws Exception {
            tally.clear();
            try (var wire = new Wire(port, agents)) {
                wire.run(nanos);
            }
            return tally.copy();
        }
    }

    private void report(Report report, Map<String, Side> sides) {
        report.heading("P3: whole delegations");
        Side several = sides.get("by hand, several statements a step");
        Side atOnce = sides.get("by hand, one statement a step");
        Side fifty = sides.get("by hand, one statement, claims of 50");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("median", "life cycles/s", "× several", "× one", "bar", ""));
        for (Side side : sides.values()) {
            boolean service = side.name().startsWith("service");
            double rate = median(side, Turn::rate);
            Side best = side.name().endsWith("of 50") ? fifty : atOnce;
            double ratio = ratio(side, several);
            rows.add(List.of(
                    side.name(),
                    String.format(Locale.ROOT, "%,.0f", rate),
                    times(ratio),
                    times(ratio(side, best)),
                    service ? "≥ 2,000/s and ≥ 1.5 ×" : "",
                    service ? met(rate >= BAR_RATE) + ", " + met(ratio >= BAR) : ""));
        }
        report.table(rows);
        report.line("");
        var costs = new ArrayList<List<String>>();
        costs.add(List.of("a life cycle's share", "service µs", "PostgreSQL µs", "client µs", "cores busy", "commits",
                "WAL bytes", "flushes"));
        for (Side side : sides.values()) {
            costs.add(List.of(
                    side.name(),
                    number(median(side, t -> t.cpu().service() * 1e6 / t.tally().completed), 0),
                    number(median(side, t -> t.cpu().database() * 1e6 / t.tally().completed), 0),
                    number(median(side, t -> t.cpu().client() * 1e6 / t.tally().completed), 0),
                    number(median(side, t -> (t.cpu().service() + t.cpu().database() + t.cpu().client())
                            / t.cpu().wall()), 2),
                    number(median(side, Turn::transactions), 2),
                    number(median(side, Turn::wal), 0),
                    number(median(side, Turn::syncs), 2)));
        }
        report.table(costs);
        report.line("");
        var times = new ArrayList<List<String>>();
        times.add(List.of("p50 / p99, ms", "create", "claim", "start", "complete"));
        for (Side side : sides.values()) {
            var cells = new ArrayList<String>();
            cells.add(side.name());
            for (LifeCycle.Step step : LifeCycle.Step.values()) {
                cells.add(number(median(side, t -> t.tally().latencies.get(step).quantile(0.5)), 1) + " / "
                        + number(median(side, t -> t.tally().latencies.get(step).quantile(0.99)), 1));
            }
            times.add(cells);
        }
        report.table(times);
    }

    private interface Value {
        double of(Turn turn);
    }

    private static double median(Side side, Value value) {
        return Numbers.median(side.turns().stream().map(value::of).toList());
    }

    private static double ratio(Side side, Side baseline) {
        if (baseline == null) {
            return Double.NaN;
        }
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < side.turns().size(); i++) {
            ratios.add(side.turns().get(i).rate() / baseline.turns().get(i).rate());
        }
        return Numbers.median(ratios);
    }

    private static String times(double ratio) {
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f ×", ratio);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
