package bench;

import static bench.Report.met;
import static bench.Report.ms;
import static bench.Report.one;
import static bench.Report.times;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What an import costs, beside the same rows written by hand on the same server in the same run. Every compared pair is
 * measured in alternation, so that a machine that slows down slows both; figures are medians.
 *
 * <p>A wrong answer (another status, another count, another id) ends the run; a missed bar is printed.
 */
final class ImportBench {

    private static final int NODES = 10_000;
    private static final int DEPTH = 5;
    private static final int WARM_UP = 12;
    private static final int ROUNDS = 9;
    private static final int FEW = 3;
    private static final int CLIENTS = 32;
    private static final long ONE_MILLISECOND = 1_000_000;

    private final Path jar;
    private final Path work;
    private final Map<String, String> about;
    private final Report report = new Report();
    private final List<List<String>> bars = new ArrayList<>();

    private Database database;
    private DelayProxy proxy;
    private long overshoot;

    private record Way(String name, String note, Write write) {}

    private interface Write {
        void run(ByHand hand, OrgTree tree) throws Exception;
    }

    /** Fresh and repeated imports through one service. */
    private static final class Series {
        final List<Double> fresh = new ArrayList<>();
        final List<Double> again = new ArrayList<>();
        final List<Double> freshStatements = new ArrayList<>();
        final List<Double> againStatements = new ArrayList<>();
    }

    ImportBench(Path jar, Path work, Map<String, String> about) {
        this.jar = jar;
        this.work = work;
        this.about = about;
    }

    /** @return the whole report */
    String run() throws Exception {
        bars.add(List.of("What", "Measured", "Bar", ""));
        step("starting PostgreSQL");
        try (var started = new Database(work.resolve("database"))) {
            database = started;
            settings();
            try (var distance = new DelayProxy(database.port())) {
                proxy = distance;
                overshoot = timerOvershoot();
                measure();
            }
        }
        return document();
    }

    private void measure() throws Exception {
        OrgTree tree = OrgTree.of(NODES, DEPTH);
        byte[] json = tree.json();
        about.put("Body of " + NODES + " nodes", String.format("%.1f MB of JSON", json.length / 1e6));
        Map<String, String> large = Map.of(
                "ROLLCALL_IMPORT_MAX_NODES", "200000", "QUARKUS_HTTP_LIMITS_MAX_BODY_SIZE", "64M");
        step("starting the service");
        try (var near = new Service(jar, database, database.port(), List.of(), large, work.resolve("near.log"))) {
            double cold = importOnce(near, tree, json, true);
            step("warming up");
            try (var far = new Service(jar, database, proxy.port(), List.of(), large, work.resolve("far.log"));
                    var hand = new ByHand(database, database.port())) {
                warmUp(near, far, hand, tree, json);
                imports(near, far, hand, tree, json, cold);
                growth(near, far);
            }
            crowd(near, tree);
            reading(near, tree, json);
        }
        memory(tree, json);
    }

    // ---- the import beside the same rows by hand --------------------------------------------------------------------

    private void warmUp(Service near, Service far, ByHand hand, OrgTree tree, byte[] json) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            pair(near, tree, json, new Series());
            if (i < WARM_UP / 2) {
                pair(far, tree, json, new Series());
            }
            if (i < 2) {
                byHand(hand, tree, ByHand::rowByRowJdbc);
                byHand(hand, tree, ByHand::rowByRowVertx);
            }
        }
    }

    private void imports(Service near, Service far, ByHand hand, OrgTree tree, byte[] json, double cold)
            throws Exception {
        var jdbc = new Series();
        var vertx = new Series();
        var service = new Series();
        var distant = new Series();
        Map<Way, List<Double>> others = new LinkedHashMap<>();
        ways().forEach(way -> others.put(way, new ArrayList<>()));
        database.checkpoint();
        for (int round = 1; round <= ROUNDS; round++) {
            step("import and by hand, round " + round + " of " + ROUNDS);
            handPair(hand, tree, jdbc, ByHand::rowByRowJdbc);
            pair(near, tree, json, service);
            handPair(hand, tree, vertx, ByHand::rowByRowVertx);
            if (round <= FEW) {
                for (Map.Entry<Way, List<Double>> way : others.entrySet()) {
                    way.getValue().add(byHand(hand, tree, way.getKey().write()));
                }
            }
            proxy.roundTrip(ONE_MILLISECOND, overshoot);
            pair(far, tree, json, distant);
            proxy.roundTrip(0, 0);
        }

        step("the same by hand with 1 ms between, which takes its time");
        double direct = hand.roundTripMillis();
        double added;
        var farJdbc = new Series();
        var farVertx = new Series();
        Map<Way, Double> othersFar = new LinkedHashMap<>();
        try (var distantHand = new ByHand(database, proxy.port())) {
            // Fewer nodes first, so that code and statements are warm there too.
            byHand(distantHand, OrgTree.of(500, DEPTH), ByHand::rowByRowJdbc);
            byHand(distantHand, OrgTree.of(500, DEPTH), ByHand::rowByRowVertx);
            proxy.roundTrip(ONE_MILLISECOND, overshoot);
            added = distantHand.roundTripMillis() - direct;
            farJdbc.fresh.add(byHand(distantHand, tree, ByHand::rowByRowJdbc));
            farVertx.fresh.add(byHand(distantHand, tree, ByHand::rowByRowVertx));
            for (Way way : others.keySet()) {
                byHand(distantHand, tree, way.write());
                othersFar.put(way, byHand(distantHand, tree, way.write()));
            }
            pair(far, tree, json, distant);
            proxy.roundTrip(0, 0);
        }

        double best = Math.min(Numbers.median(jdbc.fresh), Numbers.median(vertx.fresh));
        double bestAgain = Math.min(Numbers.median(jdbc.again), Numbers.median(vertx.again));
        double bestFar = Math.min(farJdbc.fresh.get(0), farVertx.fresh.get(0));
        double nearFresh = Numbers.median(service.fresh);
        double nearAgain = Numbers.median(service.again);
        double farFresh = Numbers.median(distant.fresh);

        report.heading("Import of 10,000 nodes, beside the same rows by hand");
        report.table(List.of(
                List.of("", "fresh: median", "(fastest – slowest)", "again: median", "(fastest – slowest)"),
                List.of("by hand, row by row, pgjdbc", ms(Numbers.median(jdbc.fresh)), span(jdbc.fresh), ms(Numbers.median(jdbc.again)), span(jdbc.again)),
                List.of("by hand, row by row, vertx-pg-client", ms(Numbers.median(vertx.fresh)), span(vertx.fresh), ms(Numbers.median(vertx.again)), span(vertx.again)),
                List.of("**the whole request**", ms(nearFresh), span(service.fresh), ms(nearAgain), span(service.again)),
                List.of("the service's very first request", ms(cold), "", "", ""),
                List.of("1 ms: by hand, pgjdbc (once)", ms(farJdbc.fresh.get(0)), "", "", ""),
                List.of("1 ms: by hand, vertx-pg-client (once)", ms(farVertx.fresh.get(0)), "", "", ""),
                List.of("1 ms: **the whole request**", ms(farFresh), span(distant.fresh), ms(Numbers.median(distant.again)), span(distant.again))));
        report.line("");
        report.line(String.format(
                "By hand is SQL alone: no HTTP, no JSON, no validation, no reply. \"1 ms\": measured, a round trip took"
                        + " %.2f ms more than the %.2f ms of loopback.",
                added, direct));

        bar("whole request, loopback, over the faster of the two by hand", times(best / nearFresh), "≥ 3 ×", best / nearFresh >= 3);
        bar("the same with 1 ms between service and database", times(bestFar / farFresh), "≥ 20 ×", bestFar / farFresh >= 20);
        bar("import of 10,000 nodes", ms(nearFresh), "< 600 ms", nearFresh < 600);
        bar("the same again, all skipped", ms(nearAgain), "< 400 ms", nearAgain < 400);
        bar("the same again, over by hand again", times(bestAgain / nearAgain), "", true);

        report.heading("Other ways to write the same rows (SQL alone)");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("Way, a level at a time", "loopback", "1 ms", "says what was skipped"));
        others.forEach((way, taken) ->
                rows.add(List.of(way.name(), ms(Numbers.median(taken)), ms(othersFar.get(way)), way.note())));
        report.table(rows);
    }

    private static List<Way> ways() {
        return List.of(
                new Way("rows pipelined, 256 in flight (vertx-pg-client)", "yes", ByHand::pipelined),
                new Way("executeBatch (pgjdbc)", "by counts", ByHand::batchJdbc),
                new Way("executeBatch, reWriteBatchedInserts (pgjdbc)", "no", ByHand::batchRewritten),
                new Way("executeBatch with RETURNING (vertx-pg-client)", "yes", ByHand::batchVertx),
                new Way("jsonb_to_recordset of one document", "yes", ByHand::recordset),
                new Way("unnest of arrays: the service's statement", "yes", ByHand::arrays));
    }

    // ---- growth ------------------------------------------------------------------------------------------------------

    private void growth(Service near, Service far) throws Exception {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "Nodes", "depth", "statements", "again", "fresh", "per 1,000", "again", "per 1,000", "1 ms: fresh", "1 ms: again"));
        var perThousand = new HashMap<Integer, Double>();
        boolean linearStatements = true;
        int[][] shapes = {{1_000, 5}, {10_000, 5}, {100_000, 5}, {10_000, 2}, {10_000, 20}};
        for (int[] shape : shapes) {
            step("growth: " + shape[0] + " nodes in " + shape[1] + " levels");
            OrgTree tree = OrgTree.of(shape[0], shape[1]);
            byte[] json = tree.json();
            int repetitions = shape[0] > NODES ? FEW : 5;
            var close = new Series();
            var distant = new Series();
            // The first of each is not counted: that size is new to the heap and to the server's memory.
            for (int i = 0; i <= repetitions; i++) {
                pair(near, tree, json, i == 0 ? new Series() : close);
                proxy.roundTrip(ONE_MILLISECOND, overshoot);
                pair(far, tree, json, i == 0 ? new Series() : distant);
                proxy.roundTrip(0, 0);
            }
            double fresh = Numbers.median(close.fresh);
            double again = Numbers.median(close.again);
            double thousands = shape[0] / 1000.0;
            // The least seen: the service's own timers ask something now and then.
            double statements = Numbers.min(distant.freshStatements);
            double statementsAgain = Numbers.min(distant.againStatements);
            linearStatements &= statements <= shape[1] + 10 && statementsAgain <= 2 * shape[1] + 10;
            if (shape[1] == DEPTH) {
                perThousand.put(shape[0], fresh / thousands);
            }
            rows.add(List.of(
                    String.format("%,d", shape[0]),
                    Integer.toString(shape[1]),
                    Integer.toString((int) statements),
                    Integer.toString((int) statementsAgain),
                    ms(fresh),
                    one(fresh / thousands) + " ms",
                    ms(again),
                    one(again / thousands) + " ms",
                    ms(Numbers.median(distant.fresh)),
                    ms(Numbers.median(distant.again))));
        }
        report.heading("Growth");
        report.table(rows);
        report.line("");
        report.line("Statements are counted on the wire (Execute and simple Query, BEGIN and COMMIT among them).");
        double growth = perThousand.get(100_000) / perThousand.get(NODES);
        bar("statements per import", "depth + " + statementsBeyondDepth(rows), "O(depth)", linearStatements);
        bar("time per node, 100,000 over 10,000 nodes", times(growth), "linear: ≤ 1.5 ×", growth <= 1.5);
    }

    private static String statementsBeyondDepth(List<List<String>> rows) {
        return rows.stream()
                .skip(1)
                .map(row -> Integer.parseInt(row.get(2)) - Integer.parseInt(row.get(1)))
                .distinct()
                .map(String::valueOf)
                .reduce((a, b) -> a + " or " + b)
                .orElseThrow();
    }

    // ---- thirty-two at once -----------------------------------------------------------------------------------------

    private void crowd(Service near, OrgTree tree) throws Exception {
        var bodies = new ArrayList<byte[]>();
        for (int i = 0; i < CLIENTS; i++) {
            bodies.add(tree.json(new Random(i)));
        }
        var walls = new ArrayList<Double>();
        var slowest = new ArrayList<Double>();
        var statuses = new java.util.TreeMap<Integer, Integer>();
        boolean sameIds = true;
        long created = 0;
        long deadlocksBefore = deadlocks();
        for (int round = 1; round <= FEW; round++) {
            step(CLIENTS + " clients at once, round " + round + " of " + FEW);
            database.empty();
            List<Service.Timed> replies = new ArrayList<>();
            ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
            try {
                var start = new CyclicBarrier(CLIENTS + 1);
                List<Future<Service.Timed>> running = new ArrayList<>();
                for (byte[] body : bodies) {
                    Callable<Service.Timed> client = () -> {
                        start.await(30, TimeUnit.SECONDS);
                        return near.importJson(body);
                    };
                    running.add(pool.submit(client));
                }
                start.await(30, TimeUnit.SECONDS);
                long begin = System.nanoTime();
                for (Future<Service.Timed> one : running) {
                    replies.add(one.get(120, TimeUnit.SECONDS));
                }
                walls.add((System.nanoTime() - begin) / 1e6);
            } finally {
                pool.shutdownNow();
            }
            Map<String, String> ids = null;
            for (Service.Timed reply : replies) {
                statuses.merge(reply.status(), 1, Integer::sum);
                slowest.add(reply.millis());
                if (reply.status() / 100 == 2) {
                    JsonNode body = OrgTree.JSON.readTree(reply.body());
                    created += body.get("created").asLong();
                    Map<String, String> these = new HashMap<>();
                    body.get("workspaces")
                            .forEach(w -> these.put(w.get("path").asText(), w.get("id").asText()));
                    ids = ids == null ? these : ids;
                    sameIds &= these.size() == tree.nodes.size() && these.equals(ids);
                }
            }
        }
        long deadlocks = deadlocks() - deadlocksBefore;
        boolean all2xx = statuses.keySet().stream().allMatch(s -> s / 100 == 2);
        boolean onceEach = created == (long) FEW * NODES;
        report.heading(CLIENTS + " clients at once with the same 10,000-node tree, siblings shuffled");
        report.table(List.of(
                List.of("", "measured"),
                List.of("until the last reply: median of " + FEW, ms(Numbers.median(walls))),
                List.of("a reply: median", ms(Numbers.median(slowest))),
                List.of("statuses", statuses.toString()),
                List.of("ids equal in all replies", sameIds ? "yes" : "NO"),
                List.of("rows created, over " + FEW + " rounds", Long.toString(created)),
                List.of("deadlocks (pg_stat_database)", Long.toString(deadlocks))));
        bar(CLIENTS + " clients at once: answers", statuses.toString(), "all 2xx", all2xx);
        bar("… ids equal, each node created once", sameIds && onceEach ? "yes" : "NO", "yes", sameIds && onceEach);
        bar("… deadlocks", Long.toString(deadlocks), "0", deadlocks == 0);
    }

    private long deadlocks() throws Exception {
        // Statistics are told when a transaction ends, and at most once a second.
        Thread.sleep(1500);
        return database.count("SELECT deadlocks FROM pg_stat_database WHERE datname = '" + database.name() + "'");
    }

    // ---- YAML, and reading it back ----------------------------------------------------------------------------------

    private void reading(Service near, OrgTree tree, byte[] json) throws Exception {
        step("YAML, and GET /workspaces");
        byte[] yaml = tree.yaml();
        var yamls = new ArrayList<Double>();
        var first = new ArrayList<Double>();
        var total = new ArrayList<Double>();
        double bytes = 0;
        for (int i = 0; i < 8; i++) {
            database.empty();
            Service.Timed reply = near.importYaml(yaml);
            check(reply, tree, true);
            if (i >= 3) {
                yamls.add(reply.millis());
            }
        }
        database.empty();
        importOnce(near, tree, json, true);
        for (int i = 0; i < 24; i++) {
            double[] listed = near.list();
            if (i >= 9) {
                first.add(listed[0]);
                total.add(listed[1]);
                bytes = listed[2];
            }
        }
        report.heading("For information: YAML in, the tree out");
        report.table(List.of(
                List.of("", "median", "(fastest – slowest)"),
                List.of(String.format("import of 10,000 nodes as YAML (%.1f MB)", yaml.length / 1e6), ms(Numbers.median(yamls)), span(yamls)),
                List.of("GET /workspaces of 10,000 nodes: first byte", ms(Numbers.median(first)), span(first)),
                List.of(String.format("… last byte (%.1f MB)", bytes / 1e6), ms(Numbers.median(total)), span(total))));
        bar("GET /workspaces of 10,000 nodes, whole", ms(Numbers.median(total)), "< 150 ms", Numbers.median(total) < 150);
    }

    // ---- memory ------------------------------------------------------------------------------------------------------

    private void memory(OrgTree tree, byte[] json) throws Exception {
        step("memory with -Xmx128m");
        Path log = work.resolve("gc.log");
        try (var small = new Service(
                jar,
                database,
                database.port(),
                List.of("-Xmx128m", "-Xlog:gc:file=" + log + ":time"),
                Map.of(),
                work.resolve("small.log"))) {
            for (int i = 0; i < 3; i++) {
                pair(small, tree, json, new Series());
            }
            double rssBefore = small.memory("VmRSS");
            var pauses = new HeapLog(log);
            int before = 0;
            int live = 0;
            int peak = 0;
            var taken = new Series();
            for (int i = 0; i < 5; i++) {
                small.jcmd("GC.run");
                int base = pauses.next().stream().reduce((a, b) -> b).orElseThrow().after();
                database.empty();
                taken.fresh.add(importOnce(small, tree, json, true));
                // What is used now, garbage and all, is what the next collection finds.
                small.jcmd("GC.run");
                List<HeapLog.Pause> seen = pauses.next();
                for (int p = 0; p < seen.size(); p++) {
                    peak = Math.max(peak, seen.get(p).before() - base);
                    // The two collections asked for come when the import is over.
                    live = Math.max(live, p < seen.size() - 1 ? seen.get(p).after() - base : 0);
                }
                before = Math.max(before, base);
            }
            report.heading("Memory: 10,000 nodes in a service of -Xmx128m");
            report.table(List.of(
                    List.of("", "measured"),
                    List.of("import, median of 5", ms(Numbers.median(taken.fresh))),
                    List.of("heap used before, after a full collection", before + " MiB"),
                    List.of("highest rise of what a collection left", live + " MiB"),
                    List.of("highest rise of all that was used, garbage too", peak + " MiB"),
                    List.of("RSS before / after / highest", String.format(
                            "%.0f / %.0f / %.0f MiB", rssBefore, small.memory("VmRSS"), small.memory("VmHWM")))));
            report.line("");
            report.line("From the collector's log, which says how full the heap was before and after each pause (no"
                    + " sampling): five imports, a full collection before each; the highest of the five. What a young"
                    + " collection left still holds some garbage, so the need is below the first figure; the second"
                    + " says how much the collector let pile up, which depends on -Xmx.");
            bar("heap rise during an import of 10,000 nodes (-Xmx128m)", live + " MiB", "≤ 64 MiB", live <= 64);
        }
    }

    // ---- under all of them ------------------------------------------------------------------------------------------

    /** A fresh import and the same again, timed, checked and counted. */
    private void pair(Service service, OrgTree tree, byte[] json, Series into) throws Exception {
        database.empty();
        long start = proxy.statements();
        into.fresh.add(importOnce(service, tree, json, true));
        long middle = proxy.statements();
        into.again.add(importOnce(service, tree, json, false));
        into.freshStatements.add((double) (middle - start));
        into.againStatements.add((double) (proxy.statements() - middle));
    }

    private double importOnce(Service service, OrgTree tree, byte[] json, boolean fresh) throws Exception {
        Service.Timed reply = service.importJson(json);
        check(reply, tree, fresh);
        note(service.name + (fresh ? " fresh" : " again"), tree, reply.millis());
        return reply.millis();
    }

    /** Every single timing, for whoever doubts a median: target/bench/work/times.tsv. */
    private void note(String what, OrgTree tree, double millis) throws Exception {
        Files.writeString(
                work.resolve("times.tsv"),
                String.format("%tT\t%s\t%d\t%d\t%.1f%n", System.currentTimeMillis(), what, tree.nodes.size(), tree.depth, millis),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    private static void check(Service.Timed reply, OrgTree tree, boolean fresh) throws Exception {
        String start = new String(reply.body(), 0, Math.min(400, reply.body().length), java.nio.charset.StandardCharsets.UTF_8);
        String expected = fresh ? "\"created\":" + tree.nodes.size() + "," : "\"skipped\":" + tree.nodes.size() + ",";
        if (reply.status() != (fresh ? 201 : 200) || !start.contains(expected)) {
            throw new IllegalStateException("not the answer to expect: " + reply.status() + " " + start);
        }
    }

    private void handPair(ByHand hand, OrgTree tree, Series into, Write write) throws Exception {
        into.fresh.add(byHand(hand, tree, write));
        into.again.add(timed(hand, tree, write));
    }

    private double byHand(ByHand hand, OrgTree tree, Write write) throws Exception {
        database.empty();
        double millis = timed(hand, tree, write);
        if (database.count("SELECT count(*) FROM workspaces") != tree.nodes.size()) {
            throw new IllegalStateException("not all rows are there");
        }
        return millis;
    }

    private double timed(ByHand hand, OrgTree tree, Write write) throws Exception {
        long begin = System.nanoTime();
        write.run(hand, tree);
        double millis = (System.nanoTime() - begin) / 1e6;
        note("by hand", tree, millis);
        return millis;
    }

    private void bar(String what, String measured, String bar, boolean met) {
        bars.add(List.of(what, measured, bar, bar.isEmpty() ? "" : met(met)));
    }

    private static String span(List<Double> values) {
        return String.format("%,.0f – %,.0f", Numbers.min(values), Numbers.max(values));
    }

    private void settings() throws Exception {
        about.put("PostgreSQL", database.value("SHOW server_version") + ", embedded, as the service ships it");
        var durable = new ArrayList<String>();
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers")) {
            durable.add(setting + "=" + database.value("SHOW " + setting));
        }
        about.put("Durability", String.join(", ", durable));
        if (!durable.containsAll(List.of("fsync=on", "synchronous_commit=on", "full_page_writes=on"))) {
            throw new IllegalStateException("not durable: " + durable);
        }
    }

    /** How late this machine's timer wakes a thread that waits for half a millisecond. */
    private static long timerOvershoot() {
        var late = new double[200];
        for (int i = 0; i < late.length; i++) {
            long due = System.nanoTime() + ONE_MILLISECOND / 2;
            for (long wait = ONE_MILLISECOND / 2; wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            late[i] = System.nanoTime() - due;
        }
        return (long) Numbers.median(late);
    }

    private static void step(String what) {
        System.err.printf("[%tT] %s%n", System.currentTimeMillis(), what);
    }

    private String document() throws Exception {
        var head = new Report()
                .line("# Benchmarks: import")
                .line("")
                .line("Written by `bench/run`; do not edit. Figures of one run on one machine: what carries over are the"
                        + " ratios, since both sides were measured in turns.")
                .line("");
        var machine = new ArrayList<List<String>>();
        machine.add(List.of("Machine", ""));
        about.forEach((key, value) -> machine.add(List.of(key, value)));
        head.table(machine).heading("Bars").table(bars);
        return head + report.toString() + Files.readString(Path.of("bench", "reading.md"));
    }
}
