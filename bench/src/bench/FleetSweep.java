package bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What it costs to look for the silent among {@value #AGENTS} agents when nobody is. */
final class FleetSweep {

    private static final int AGENTS = 100_000;
    private static final int SWEEPS = 15;
    private static final double BAR = 50;
    private static final String TABLES = "('heartbeats', 'agent_states', 'incidents', 'workspaces', 'activity_logs')";

    private final Path jar;
    private final Path work;

    FleetSweep(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    void run(Report report) throws Exception {
        var settings = new TreeMap<>(LedgerBench.UNLIMITED);
        settings.putAll(Map.of("ROLLCALL_HEARTBEATS_SWEEP_EVERY", "1s", "ROLLCALL_SWEEPER_BOOT_GRACE", "1s"));
        try (var database = new Database(work.resolve("silent"));
                var service = new Service(
                        jar, database, database.port(), List.of("-Xmx512m"), settings, work.resolve("silent.log"))) {
            Fleet.make(database, "Quiet", FleetBench.ORGANISATIONS, AGENTS);
            database.execute("VACUUM ANALYZE");
            Thread.sleep(4000);
            database.execute("UPDATE heartbeats SET beat_at = now()");
            long writes = writes(database);
            double[] times = new double[SWEEPS];
            double[] last = sweeps(service);
            for (int i = 0; i < SWEEPS; ) {
                Thread.sleep(50);
                double[] now = sweeps(service);
                if (now[0] > last[0]) {
                    times[i++] = (now[1] - last[1]) / (now[0] - last[0]) * 1000;
                    last = now;
                }
            }
            writes = writes(database) - writes;
            report.heading("A sweep of " + FleetBench.number(AGENTS, 0) + " agents, none silent");
            report.table(List.of(
                    List.of("", "measured", "bar", ""),
                    List.of("a sweep, median of " + SWEEPS, Report.ms(Numbers.median(times)), "< 50 ms",
                            Report.met(Numbers.median(times) < BAR)),
                    List.of("rows written by them", Long.toString(writes), "0", Report.met(writes == 0))));
            FleetBench.loads(report);
        }
    }

    /** A session tells of its changes with a delay; this one has just filled the tables. */
    private static long writes(Database database) throws Exception {
        database.execute("SELECT pg_stat_force_next_flush()");
        Thread.sleep(2200);
        return database.count(
                "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_all_tables WHERE relname IN " + TABLES);
    }

    private static double[] sweeps(Service service) throws Exception {
        String text = new String(service.send("GET", "/q/metrics", null, null).body(), StandardCharsets.UTF_8);
        return new double[] {
            metric(text, "rollcall_liveness_sweep_seconds_count"), metric(text, "rollcall_liveness_sweep_seconds_sum")
        };
    }

    private static double metric(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
