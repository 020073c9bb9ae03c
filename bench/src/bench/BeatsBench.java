package bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** Where the last beat should be: in a narrow table, in the wide row, or in the wide row with an index. SQL alone. */
final class BeatsBench {

    private static final int IN_FLIGHT = 200_000;
    private static final int CLIENTS = 16;
    private static final int BATCH = 500;
    private static final String SILENT = "SELECT count(*) FROM %s WHERE %s < now() - interval '10 minutes'";

    private final Database database;
    private final double seconds;

    /** @param beat its column, {@code key} that by which a row is found */
    private record Place(String name, String table, String key, String beat) {}

    private record Rate(double rate, double hot, double wal) {}

    BeatsBench(Database database, double seconds) {
        this.database = database;
        this.seconds = seconds;
    }

    void run(Report report) throws Exception {
        database.execute("CREATE SCHEMA place");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "the last beat is", "single beats/s", "HOT", "WAL", "batched beats/s", "HOT", "WAL", "size after",
                "who is silent"));
        for (Place place : List.of(
                narrow(),
                wide("in the wide row", "wide", 100, false),
                wide("in the wide row, half empty", "wide_half", 50, false),
                wide("in the wide row, indexed", "wide_indexed", 50, true))) {
            System.err.println("bench: beats " + place.name());
            batched(place, (long) (seconds * 0.4e9));
            Rate single = measured(place, () -> singly(place, (long) (seconds * 1e9)));
            Rate batched = measured(place, () -> batched(place, (long) (seconds * 1e9)));
            rows.add(List.of(
                    place.name(),
                    number(single.rate()),
                    percent(single.hot()),
                    number(single.wal()) + " B",
                    number(batched.rate()),
                    percent(batched.hot()),
                    number(batched.wal()) + " B",
                    number(database.count("SELECT pg_total_relation_size('" + place.table() + "')") / 1048576.0) + " MiB",
                    Report.ms(silent(place))));
            database.execute("DROP TABLE " + place.table());
        }
        report.heading("Where the last beat is (ADR 10)");
        report.table(rows);
        report.line("");
        report.line(IN_FLIGHT + " in flight. Single: " + CLIENTS + " clients, one row by its key, prepared, a commit each;"
                + " batched: two clients, " + BATCH + " rows by unnest, a commit a batch; rows at random. WAL bytes a beat,"
                + " with the page images of the first change after a checkpoint, and the commit. Silent: the median of five"
                + " scans when nobody is.");
    }

    private Place narrow() throws Exception {
        database.execute("CREATE TABLE place.narrow (LIKE public.delegation_beats INCLUDING ALL) WITH (fillfactor = 50)");
        database.execute("INSERT INTO place.narrow SELECT n, md5(n::text)::uuid, now() FROM generate_series(1, " + IN_FLIGHT
                + ") n");
        return ready(new Place("in a narrow table", "place.narrow", "delegation", "beat_at"));
    }

    private Place wide(String name, String table, int fill, boolean indexed) throws Exception {
        String whole = "place." + table;
        database.execute(
                "CREATE TABLE " + whole + " (LIKE public.delegations INCLUDING ALL) WITH (fillfactor = " + fill + ")");
        database.execute("INSERT INTO " + whole + " (id, delegation_id, root_delegation_id, org_id, caller_id, callee_id,"
                + " task_preview, payload_sha256, status, attempt, event_actor, last_heartbeat) OVERRIDING SYSTEM VALUE"
                + " SELECT n, md5(n::text)::uuid, md5(n::text)::uuid, md5((n % 50)::text)::uuid,"
                + " md5('caller' || n % 1000)::uuid, md5('callee' || n % 1000)::uuid, '" + LifeCycle.TASK + "',"
                + " sha256('task'), 'in_progress', 1, 'agent', now() FROM generate_series(1, " + IN_FLIGHT + ") n");
        if (indexed) {
            database.execute("CREATE INDEX ON " + whole + " (last_heartbeat) WHERE finished_at IS NULL");
        }
        return ready(new Place(name, whole, "id", "last_heartbeat"));
    }

    private Place ready(Place place) throws Exception {
        database.execute("VACUUM ANALYZE " + place.table());
        database.checkpoint();
        return place;
    }

    private Rate measured(Place place, Callable<Long> work) throws Exception {
        long[] before = counts(place);
        long wal = wal();
        long begin = System.nanoTime();
        double beats = work.call();
        double took = (System.nanoTime() - begin) / 1e9;
        double bytes = wal() - wal;
        long[] after = counts(place);
        return new Rate(
                beats / took, (after[1] - before[1]) / (double) (after[0] - before[0]), bytes / beats);
    }

    /** Updates, and those that were HOT; sessions tell with a delay, and when they end. */
    private long[] counts(Place place) throws Exception {
        Thread.sleep(1200);
        String of = " FROM pg_stat_all_tables WHERE relid = '" + place.table() + "'::regclass";
        return new long[] {
            database.count("SELECT n_tup_upd" + of), database.count("SELECT n_tup_hot_upd" + of)
        };
    }

    private long wal() throws Exception {
        return database.count("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
    }

    private long singly(Place place, long nanos) throws Exception {
        return clients(CLIENTS, nanos, "UPDATE " + place.table() + " SET " + place.beat() + " = clock_timestamp(), progress = ?"
                + " WHERE " + place.key() + " = ?", (connection, statement) -> {
            statement.setDouble(1, ThreadLocalRandom.current().nextDouble());
            statement.setLong(2, ThreadLocalRandom.current().nextLong(IN_FLIGHT) + 1);
            return statement.executeUpdate();
        });
    }

    private long batched(Place place, long nanos) throws Exception {
        return clients(2, nanos, "UPDATE " + place.table() + " b SET " + place.beat() + " = clock_timestamp(), progress = a.p"
                + " FROM unnest(?::bigint[], ?::float8[]) AS a (id, p) WHERE b." + place.key() + " = a.id",
                (connection, statement) -> {
            var random = ThreadLocalRandom.current();
            // Sorted, so that two batches meet without a deadlock.
            Object[] ids = random.longs(1, IN_FLIGHT + 1).distinct().limit(BATCH).sorted().boxed().toArray();
            var progress = new Object[BATCH];
            Arrays.setAll(progress, i -> random.nextDouble());
            statement.setArray(1, connection.createArrayOf("bigint", ids));
            statement.setArray(2, connection.createArrayOf("float8", progress));
            return statement.executeUpdate();
        });
    }

    private interface Beat {
        int write(Connection connection, PreparedStatement statement) throws Exception;
    }

    private long clients(int count, long nanos, String sql, Beat beat) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        var jobs = new ArrayList<Callable<Long>>();
        for (int i = 0; i < count; i++) {
            jobs.add(() -> {
                try (Connection connection = database.connect("place");
                        PreparedStatement statement = connection.prepareStatement(sql)) {
                    long until = System.nanoTime() + nanos;
                    long beats = 0;
                    while (System.nanoTime() < until) {
                        beats += beat.write(connection, statement);
                    }
                    return beats;
                }
            });
        }
        try {
            long all = 0;
            for (Future<Long> job : threads.invokeAll(jobs)) {
                all += job.get();
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private double silent(Place place) throws Exception {
        var times = new ArrayList<Double>();
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            database.count(SILENT.formatted(place.table(), place.beat()) + (place.key().equals("id") ? " AND finished_at IS NULL" : ""));
            times.add((System.nanoTime() - begin) / 1e6);
        }
        return Numbers.median(times);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
