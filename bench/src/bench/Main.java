package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code bench/run [isolation|ledger|beats|profile|ledger-profile|beats-profile]}, from the repository's root. */
final class Main {

    private static final long LIMIT_MINUTES = 30 + 2 * Integer.getInteger("bench.minutes", 0);
    private static final Path JAR = Path.of(System.getProperty("bench.app", "target/quarkus-app"), "quarkus-run.jar").toAbsolutePath();
    private static final Path WITHOUT =
            Path.of("target", "bench", "without", "quarkus-run.jar").toAbsolutePath();
    private static final Path WORK = Path.of("target", "bench", "work").toAbsolutePath();

    private Main() {}

    public static void main(String... arguments) throws Exception {
        watchdog();
        deleteRecursively(WORK);
        Files.createDirectories(WORK);
        String what = arguments.length > 0 ? arguments[0] : "";
        int code = 0;
        try {
            if (what.equals("profile")) {
                new Profile(JAR, WORK).run();
            } else if (what.equals("ledger-profile")) {
                new LedgerProfile(JAR, WORK).run();
            } else if (what.equals("beats-profile")) {
                new FleetProfile(JAR, WORK).run();
            } else if (what.equals("beats")) {
                var report = new StringBuilder("# Benchmark: beats\n\nWritten by `bench/run beats`; do not edit.\n\n");
                about().forEach((key, value) -> report.append("- ").append(key).append(": ").append(value).append('\n'));
                report.append(new FleetBench(JAR, WORK).run());
                System.out.println(report);
                if (System.getProperty("bench.only", "").isEmpty()) {
                    Files.writeString(Path.of("docs", "benchmark-beats.md"), report);
                }
            } else if (what.equals("ledger")) {
                var report = new StringBuilder("# Benchmark: the ledger\n\nWritten by `bench/run ledger`; do not edit.\n\n");
                about().forEach((key, value) -> report.append("- ").append(key).append(": ").append(value).append('\n'));
                report.append(new LedgerBench(JAR, WORK).run());
                System.out.println(report);
                if (System.getProperty("bench.only", "").isEmpty()) {
                    Files.writeString(Path.of("docs", "benchmark-ledger.md"), report);
                }
            } else if (what.equals("isolation")) {
                var report = new StringBuilder("# Benchmark: isolation\n\nWritten by `bench/run isolation`; do not edit.\n\n");
                about().forEach((key, value) -> report.append("- ").append(key).append(": ").append(value).append('\n'));
                report.append(new IsolationBench(JAR, WITHOUT, WORK).run());
                System.out.println(report);
                Files.writeString(Path.of("docs", "benchmark-isolation.md"), report);
            } else {
                String report = new ImportBench(JAR, WORK, about()).run();
                System.out.println(report);
                Files.createDirectories(Path.of("docs"));
                Files.writeString(Path.of("docs", "benchmarks.md"), report);
            }
        } catch (Exception e) {
            e.printStackTrace();
            code = 1;
        }
        System.exit(code);
    }

    private static Map<String, String> about() throws Exception {
        var about = new LinkedHashMap<String, String>();
        about.put("Date", LocalDate.now().toString());
        about.put("Commit", System.getProperty("bench.commit", "unknown"));
        about.put("Processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        about.put("Memory", line("/proc/meminfo", "MemTotal").replaceAll("\\s+", " "));
        about.put("System", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        about.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
        about.put("Load when it began", Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        return about;
    }

    private static String processor() throws Exception {
        return line("/proc/cpuinfo", "model name");
    }

    private static String line(String file, String key) throws Exception {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        }
    }

    /** Whatever hangs: the shutdown hooks stop what was started. */
    private static void watchdog() {
        var thread = new Thread(
                () -> {
                    try {
                        TimeUnit.MINUTES.sleep(LIMIT_MINUTES);
                        System.err.println("bench: not done after " + LIMIT_MINUTES + " minutes");
                        System.exit(2);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private static void deleteRecursively(Path directory) throws Exception {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
