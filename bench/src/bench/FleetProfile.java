package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the time of a beat goes; for people who change it. Nothing is published from here. */
final class FleetProfile {

    private static final int[] SIZES = {1, 16, 128, 500, 2000, 5000};
    private static final List<Integer> EXPLAINED = List.of(128, 500, 2000);

    private final Path jar;
    private final Path work;
    private final String only = System.getProperty("bench.only", "");
    private final double seconds = Double.parseDouble(System.getProperty("bench.seconds", "15"));

    FleetProfile(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    void run() throws Exception {
        try (var database = new Database(work.resolve("database"));
                var service = new Service(
                        jar, database, database.port(), List.of("-Xmx512m", "-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"),
                        LedgerBench.UNLIMITED, work.resolve("service.log"))) {
            Fleet fleet = Fleet.make(database, "Many", FleetBench.ORGANISATIONS, FleetBench.AGENTS);
            if (only.isEmpty() || only.equals("statements")) {
                System.out.println("==== before ANALYZE: planned while the statistics know of no row");
                statements(database, fleet, false);
            }
            fleet.introduce(service, database);
            if (only.isEmpty() || only.equals("statements")) {
                System.out.println("==== after ANALYZE");
                statements(database, fleet, true);
            }
            if (only.isEmpty() || only.equals("p1")) {
                record(service, database, "p1", Beating.singly(service, fleet, FleetBench.CONNECTIONS, null));
            }
            if (only.isEmpty() || only.equals("p2")) {
                record(service, database, "p2", Beating.together(service, fleet, 4, FleetBench.SIZE, Service.TOKEN));
            }
        }
    }

    private void record(Service service, Database database, String name, Beating beating) throws Exception {
        System.out.printf(Locale.ROOT, "%n==== %s%nwarm-up: %,.0f/s%n", name, beating.run((long) (seconds * 1.5e9)).beats / seconds / 1.5);
        Beating.Tally plain;
        Cpu before = Cpu.now(service.pid(), database.pid());
        Map<String, Double> threads = threads(service.pid());
        plain = beating.run((long) (seconds * 1e9));
        Cpu cpu = Cpu.now(service.pid(), database.pid()).since(before);
        Map<String, Double> later = threads(service.pid());
        System.out.printf(
                Locale.ROOT, "%,.0f beats/s; of each the service %.2f us, PostgreSQL %.2f us, the client %.2f us; %.2f cores busy; load %s%n",
                plain.beats / cpu.wall(), cpu.service() * 1e6 / plain.beats, cpu.database() * 1e6 / plain.beats,
                cpu.client() * 1e6 / plain.beats, (cpu.service() + cpu.database() + cpu.client()) / cpu.wall(),
                Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.println("the service's threads, us a beat: " + later.entrySet().stream()
                .map(one -> Map.entry(one.getKey(), (one.getValue() - threads.getOrDefault(one.getKey(), 0.0)) * 1e6 / plain.beats))
                .filter(one -> one.getValue() > 0.01)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(one -> String.format(Locale.ROOT, "%s %.2f", one.getKey(), one.getValue()))
                .collect(Collectors.joining(", ")));
        Path settings = work.resolve("fine.jfc");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                        "configure", "--input", "profile", "--output", settings.toString(),
                        "jdk.ExecutionSample#period=5 ms", "jdk.NativeMethodSample#period=5 ms",
                        "jdk.ObjectAllocationSample#throttle=1000/s")
                .inheritIO()
                .start()
                .waitFor();
        System.out.println(service.jcmd("JFR.start", "name=" + name, "settings=" + settings));
        Beating.Tally tally = beating.run((long) (seconds * 1e9));
        Path file = work.resolve(name + ".jfr");
        System.out.println(service.jcmd("JFR.stop", "name=" + name, "filename=" + file));
        new Recording(file).print(tally.beats);
        System.out.println("\nrecording: " + file);
    }

    /** Seconds of processor time by kind of thread. */
    private static Map<String, Double> threads(long pid) throws Exception {
        var seconds = new HashMap<String, Double>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')).replaceAll("[-#0-9 ]+$", "");
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    seconds.merge(name, (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0, Double::sum);
                } catch (java.io.IOException gone) {
                    // Ended between being listed and being read.
                }
            }
        }
        return seconds;
    }

    /** The service's own statement by the service's role, with its session's settings. */
    private static void statements(Database database, Fleet fleet, boolean told) throws Exception {
        for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
            try (Connection connection = FleetByHand.serving(database);
                    Statement statement = connection.createStatement()) {
                statement.execute("SET plan_cache_mode = " + mode + "; SET lock_timeout = 0");
                for (String name : List.of("BEAT", "BEAT_WHO_IS_FREE")) {
                    statement.execute("PREPARE " + name + " (uuid[], text[], uuid[], bigint[], float8[], float8[], bigint) AS "
                            + FleetByHand.productStatement(name));
                    long said = database.count("SELECT max(said) FROM heartbeats");
                    for (int size : SIZES) {
                        String call = "EXECUTE " + name + arguments(fleet, size, said);
                        var times = new ArrayList<Double>();
                        for (int i = 0; i < (told ? 12 : 3); i++) {
                            long begin = System.nanoTime();
                            statement.execute(call);
                            times.add((System.nanoTime() - begin) / 1e6);
                        }
                        System.out.printf(Locale.ROOT, "%s, %s, %d rows: %.2f ms, %.1f us a row (the literals' parsing included)%n",
                                name, mode, size, Numbers.median(times), Numbers.median(times) * 1000 / size);
                        if (told) {
                            newcomers(statement, name, fleet, size);
                        }
                        explain(statement, call, told && mode.startsWith("force_g") && EXPLAINED.contains(size)
                                && (name.equals("BEAT") || size == 500));
                    }
                }
            }
        }
    }

    /** Agents that have no row yet, a workspace each; undone. A fleet that comes for the first time must not wait long. */
    private static void newcomers(Statement statement, String name, Fleet fleet, int size) throws Exception {
        String call = "EXECUTE " + name + arguments(fleet, size, 1).replace("'main'", "'newcomer'");
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            statement.execute("BEGIN");
            long begin = System.nanoTime();
            statement.execute(call);
            best = Math.min(best, (System.nanoTime() - begin) / 1e6);
            statement.execute("ROLLBACK");
        }
        System.out.printf(Locale.ROOT, "    newcomers: %.2f ms, %.1f us a row%n", best, best * 1000 / size);
    }

    private static void explain(Statement statement, String call, boolean whole) throws Exception {
        try (ResultSet rows = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, WAL, SETTINGS) " + call)) {
            while (rows.next()) {
                String line = rows.getString(1);
                if (whole || line.startsWith("Planning Time") || line.startsWith("Execution Time")
                        || line.startsWith("Trigger") || line.contains("Rows Removed by Join Filter")
                        || line.contains("Materialize")) {
                    System.out.println("    " + line.substring(0, Math.min(line.length(), 240)));
                }
            }
        }
    }

    private static String arguments(Fleet fleet, int size, long said) {
        List<Fleet.Agent> some = fleet.agents.subList(0, size);
        String ids = some.stream().map(agent -> agent.workspace().toString()).sorted().collect(Collectors.joining(","));
        return "('{" + ids + "}', " + fill("'main'", "text", size) + ", " + fill("NULL", "uuid", size) + ", "
                + fill(Long.toString(said), "bigint", size) + ", " + fill("0.01", "float8", size) + ", "
                + fill("1e6", "float8", size) + ", 1000)";
    }

    private static String fill(String value, String type, int size) {
        return "array_fill(" + value + "::" + type + ", ARRAY[" + size + "])";
    }
}
