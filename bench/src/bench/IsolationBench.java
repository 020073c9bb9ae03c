package bench;

import static bench.Report.met;
import static bench.Report.ms;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What it costs to keep organisations apart in the database: the service as it ships, beside the same jar with
 * {@code bench/without} in it and row security switched off, each on a server of its own, measured in turns. Requests are
 * made with an organisation's token on both sides. The ledger and the heartbeats get their lines here when they come.
 */
final class IsolationBench {

    private static final int NODES = 10_000;
    private static final int DEPTH = 5;
    private static final int WARM_UP = 6;
    private static final int ROUNDS = 9;
    private static final int READ = 200;
    private static final int CLIENTS = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TABLES = """
            SELECT string_agg(format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', c.relname), '; ')
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            """;

    /** One of the two, with what it took: milliseconds, for one read microseconds. */
    private static final class Side {
        final Database database;
        final Service service;
        final List<Double> fresh = new ArrayList<>();
        final List<Double> again = new ArrayList<>();
        final List<Double> read = new ArrayList<>();
        final List<Double> reads = new ArrayList<>();
        String token = "";
        List<String> ids = List.of();

        Side(Database database, Service service) {
            this.database = database;
            this.service = service;
        }
    }

    private final Path jar;
    private final Path jarWithout;
    private final Path work;
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    IsolationBench(Path jar, Path jarWithout, Path work) {
        this.jar = jar;
        this.jarWithout = jarWithout;
        this.work = work;
    }

    /** @return the report */
    String run() throws Exception {
        tearDown();
        Map<String, String> unlimited =
                Map.of("ROLLCALL_RATE_LIMIT_TOKEN", "1000000", "ROLLCALL_RATE_LIMIT_ORGANISATION", "1000000");
        try (var one = new Database(work.resolve("with"));
                var other = new Database(work.resolve("without"));
                var kept = new Service(jar, one, one.port(), List.of(), unlimited, work.resolve("with.log"));
                var open = new Service(
                        jarWithout, other, other.port(), List.of(), unlimited, work.resolve("without.log"))) {
            other.execute(other.value(TABLES));
            var with = new Side(one, kept);
            var without = new Side(other, open);
            byte[] tree = OrgTree.of(NODES, DEPTH).json();
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                System.err.println("bench: isolation, round " + round);
                boolean counts = round >= 0;
                for (Side side : round % 2 == 0 ? List.of(with, without) : List.of(without, with)) {
                    imports(side, tree, counts);
                }
                for (int turn = 0; turn < 6; turn++) {
                    for (Side side : turn % 2 == 0 ? List.of(with, without) : List.of(without, with)) {
                        reads(side, counts);
                    }
                }
            }
            return report(with, without);
        } finally {
            clients.shutdownNow();
        }
    }

    /** Puts the classes of {@code bench/without} into the copy's jars, in each in which Quarkus has left one of them. */
    private void tearDown() throws Exception {
        Path classes = Path.of("target", "bench", "without-classes");
        Path top = jarWithout.resolveSibling("app").getParent();
        int replaced = 0;
        try (Stream<Path> files = Files.walk(top);
                Stream<Path> ours = Files.walk(classes)) {
            List<Path> fresh = ours.filter(Files::isRegularFile).toList();
            for (Path jar : files.filter(file -> file.getParent().endsWith("app") || file.getParent().endsWith("quarkus"))
                    .filter(file -> file.toString().endsWith(".jar"))
                    .toList()) {
                try (FileSystem app = FileSystems.newFileSystem(jar)) {
                    for (Path file : fresh) {
                        Path inside = app.getPath(classes.relativize(file).toString());
                        if (Files.exists(inside)) {
                            Files.copy(file, inside, StandardCopyOption.REPLACE_EXISTING);
                            replaced++;
                        }
                    }
                }
            }
        }
        if (replaced < 2) {
            throw new IllegalStateException("the jar's layout is another one: replaced " + replaced);
        }
    }

    private static void imports(Side side, byte[] tree, boolean counts) throws Exception {
        side.database.empty();
        String root = answer(side.service, "/workspaces", null, "{\"name\":\"Organisation\"}", "id");
        side.token = answer(
                side.service,
                "/org/tokens",
                null,
                "{\"org_id\":\"" + root + "\",\"name\":\"bench\",\"scope\":\"write\"}",
                "token");
        Service.Timed fresh = side.service.send("POST", "/org/import", side.token, tree);
        Service.Timed again = side.service.send("POST", "/org/import", side.token, tree);
        if (fresh.status() != 201 || again.status() != 200) {
            throw new IllegalStateException("import: " + fresh.status() + ", " + again.status());
        }
        side.ids = JSON.readTree(fresh.body()).path("workspaces").findValuesAsText("id").subList(0, READ);
        if (counts) {
            side.fresh.add(fresh.millis());
            side.again.add(again.millis());
        }
    }

    private void reads(Side side, boolean counts) throws Exception {
        double alone = 0;
        for (String id : side.ids) {
            alone += read(side, id);
        }
        List<Callable<Double>> together = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            together.add(() -> {
                double sum = 0;
                for (String id : side.ids) {
                    sum += read(side, id);
                }
                return sum;
            });
        }
        long begin = System.nanoTime();
        for (Future<Double> done : clients.invokeAll(together)) {
            done.get();
        }
        if (counts) {
            side.read.add(alone * 1000 / READ);
            side.reads.add((System.nanoTime() - begin) / 1e3 / (READ * CLIENTS));
        }
    }

    private static double read(Side side, String id) throws Exception {
        Service.Timed reply = side.service.send("GET", "/workspaces/" + id, side.token, null);
        if (reply.status() != 200) {
            throw new IllegalStateException("GET: " + reply.status());
        }
        return reply.millis();
    }

    private static String answer(Service service, String path, String token, String body, String field)
            throws Exception {
        Service.Timed reply = service.send("POST", path, token, body.getBytes(StandardCharsets.UTF_8));
        if (reply.status() != 201) {
            throw new IllegalStateException(path + ": " + reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(reply.body()).path(field).asText();
    }

    private static String report(Side with, Side without) {
        var report = new Report();
        report.heading("What it costs to keep organisations apart in the database");
        report.table(List.of(
                List.of("median", "without", "with", "more", "bar", ""),
                line("import of 10,000 nodes", without.fresh, with.fresh, "ms", 0.05),
                line("the same again", without.again, with.again, "ms", 0.05),
                line("one row by its id, one client", without.read, with.read, "µs", 0.25),
                line("… 16 clients, a request's share", without.reads, with.reads, "µs", 0.25)));
        report.line("");
        report.line("Without: the same jar with `bench/without` in it, which opens no transaction for a read and names no tenant, and"
                + " row security off. More: the median of the pairs measured side by side.");
        return report.toString();
    }

    private static List<String> line(String what, List<Double> without, List<Double> with, String unit, double bar) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < with.size(); i++) {
            ratios.add(with.get(i) / without.get(i));
        }
        double more = Numbers.median(ratios) - 1;
        return List.of(
                what,
                value(Numbers.median(without), unit),
                value(Numbers.median(with), unit),
                String.format(Locale.ROOT, "%+.1f %%", more * 100),
                String.format(Locale.ROOT, "≤ %.0f %%", bar * 100),
                met(more <= bar));
    }

    private static String value(double value, String unit) {
        return unit.equals("ms") ? ms(value) : String.format(Locale.ROOT, "%,.0f µs", value);
    }
}
