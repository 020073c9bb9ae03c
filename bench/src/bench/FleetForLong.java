package bench;

import static bench.Report.met;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Minutes of beats on a small heap: whether the table stays as it is, and the service. */
final class FleetForLong {

    private static final int RATE = 20_000;
    private static final double BAR_MEMORY = 256;
    private static final double BAR_HOT = 0.99;
    private static final double BAR_WAL = 150;
    private static final int CONNECTIONS = 4;

    /** Others, to try what memory they save. */
    private static final List<String> JVM =
            List.of(System.getProperty("bench.jvm", "-Xmx128m").split(" "));

    private final Path jar;
    private final Path work;
    private final int minutes;
    private final double rate = Double.parseDouble(System.getProperty("bench.rate", Integer.toString(RATE)));
    private final double minute = Double.parseDouble(System.getProperty("bench.minute", "60"));

    FleetForLong(Path jar, Path work, int minutes) {
        this.jar = jar;
        this.work = work;
        this.minutes = minutes;
    }

    void run(Report report) throws Exception {
        try (var database = new Database(work.resolve("long"));
                var service = new Service(
                        jar, database, database.port(), JVM, LedgerBench.UNLIMITED,
                        work.resolve("long.log"))) {
            Fleet fleet = Fleet.make(database, "Long", FleetBench.ORGANISATIONS, FleetBench.AGENTS);
            fleet.introduce(service, database);
            report.heading("For long, with " + String.join(" ", JVM) + " (P2, P8)");
            minutes(report, database, service, "in requests of " + FleetBench.SIZE
                            + (rate == 0 ? "" : ", " + FleetBench.number(rate, 0) + " a second asked"),
                    Beating.together(service, fleet, CONNECTIONS, FleetBench.SIZE, Service.TOKEN), rate, minutes);
            report.line("");
            minutes(report, database, service, "one a request, " + FleetBench.CONNECTIONS + " connections",
                    Beating.singly(service, fleet, FleetBench.CONNECTIONS, null), 0, Math.max(1, minutes / 2));
            FleetBench.loads(report);
        }
    }

    private void minutes(
            Report report, Database database, Service service, String name, Beating beating, double asked, int count)
            throws Exception {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("minute, " + name, "beats/s", "p99 ms", "HOT", "WAL bytes", "table", "dead rows", "vacuums", "RSS"));
        Written first = Written.to(database, "heartbeats");
        rows.add(row("begin", "", "", "", "", first, service));
        Written last = first;
        Written settled = first;
        long beats = 0;
        for (int i = 1; i <= count; i++) {
            long begin = System.nanoTime();
            Beating.Tally tally = beating.run((long) (minute * 1e9), asked);
            double took = (System.nanoTime() - begin) / 1e9;
            Written now = Written.to(database, "heartbeats");
            beats += tally.beats;
            rows.add(row(
                    Integer.toString(i),
                    FleetBench.number(tally.beats / took, 0),
                    FleetBench.number(tally.latencies.quantile(0.99), 1),
                    FleetBench.percent(now.hot(last)),
                    FleetBench.number((now.wal() - last.wal()) / (double) tally.beats, 0),
                    now,
                    service));
            last = now;
            settled = i == 1 ? now : settled;
            System.err.println("bench: minute " + i + ", " + name + ": " + tally.beats / took + "/s");
        }
        report.table(rows);
        report.line("");
        double hot = last.hot(first);
        double wal = (last.wal() - first.wal()) / (double) beats;
        double most = service.memory("VmHWM");
        double growth = (last.size() - settled.size()) / (double) settled.size();
        report.table(List.of(
                List.of(name, "measured", "bar", ""),
                List.of("HOT", FleetBench.percent(hot), "≥ 99 %", met(hot >= BAR_HOT)),
                List.of("WAL bytes a beat, page images included", FleetBench.number(wal, 0), "≤ 150", met(wal <= BAR_WAL)),
                List.of("the table's growth since the first minute", FleetBench.percent(growth), "flat", met(growth < 0.05)),
                List.of("the service's highest RSS", FleetBench.number(most, 0) + " MiB", "≤ 256 MiB", met(most <= BAR_MEMORY))));
    }

    private static List<String> row(
            String name, String rate, String p99, String hot, String wal, Written now, Service service) throws Exception {
        return List.of(
                name,
                rate,
                p99,
                hot,
                wal,
                FleetBench.mib(now.size()),
                FleetBench.number(now.dead(), 0),
                Long.toString(now.vacuums()),
                FleetBench.number(service.memory("VmRSS"), 0) + " MiB");
    }
}
