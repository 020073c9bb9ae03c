package bench;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** Beats in SQL alone: pgjdbc, connections that stay open, prepared once, a commit a statement. */
final class FleetByHand implements AutoCloseable {

    /** Copy of the table, with its key and CHECK, without foreign key and row security. */
    static final String COPY = "hand.heartbeats";

    private static final String ONE =
            "UPDATE hand.heartbeats SET beat_at = now() WHERE workspace_id = ? AND agent_id = ?";
    private static final String MANY = "UPDATE hand.heartbeats h SET beat_at = now()"
            + " FROM unnest(?::uuid[], ?::text[]) AS a (workspace_id, agent_id)"
            + " WHERE h.workspace_id = a.workspace_id AND h.agent_id = a.agent_id";
    private static final int BATCHERS = 2;

    private final Database database;
    private final Fleet fleet;
    private final long said;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Connection> open = new ArrayList<>();

    /** Writes some beats, and tells how many. */
    interface Client {
        int write() throws Exception;
    }

    FleetByHand(Database database, Fleet fleet) throws Exception {
        this.database = database;
        this.fleet = fleet;
        database.execute("CREATE SCHEMA hand");
        database.execute("CREATE TABLE hand.heartbeats (LIKE public.heartbeats INCLUDING ALL) WITH (fillfactor = 50)");
        database.execute("INSERT INTO hand.heartbeats SELECT * FROM public.heartbeats");
        database.execute("VACUUM ANALYZE hand.heartbeats");
        said = database.count("SELECT max(said) FROM heartbeats");
    }

    /** One row by its key. */
    List<Client> singly(int clients) throws Exception {
        var all = new ArrayList<Client>();
        for (int i = 0; i < clients; i++) {
            PreparedStatement statement = prepared(kept(database.connect("hand")), ONE);
            statement.setString(2, "main");
            all.add(() -> {
                statement.setObject(
                        1,
                        fleet.agents
                                .get(ThreadLocalRandom.current().nextInt(fleet.agents.size()))
                                .workspace());
                return statement.executeUpdate();
            });
        }
        return all;
    }

    /** Two clients, each with its half of the fleet, in statements of {@code size}. */
    List<Client> batched(int size) throws Exception {
        var all = new ArrayList<Client>();
        for (int i = 0; i < BATCHERS; i++) {
            Connection connection = kept(database.connect("hand"));
            PreparedStatement statement = prepared(connection, MANY);
            all.add(turns(blocks(i, size), block -> {
                statement.setArray(1, connection.createArrayOf("uuid", block));
                statement.setArray(2, connection.createArrayOf("text", same(block.length, "main")));
                return statement.executeUpdate();
            }));
        }
        return all;
    }

    /** The service's own statement, by its role and with its session's settings, on its tables. */
    List<Client> asTheService(int size) throws Exception {
        var all = new ArrayList<Client>();
        for (int i = 0; i < BATCHERS; i++) {
            Connection connection = kept(serving());
            PreparedStatement statement = prepared(connection, productStatement("BEAT").replaceAll("\\$\\d+", "?"));
            all.add(turns(blocks(i, size), block -> {
                statement.setArray(1, connection.createArrayOf("uuid", block));
                statement.setArray(2, connection.createArrayOf("text", same(block.length, "main")));
                statement.setArray(3, connection.createArrayOf("uuid", new Object[block.length]));
                statement.setArray(4, connection.createArrayOf("bigint", same(block.length, said)));
                statement.setArray(5, connection.createArrayOf("float8", same(block.length, 0.01)));
                statement.setArray(6, connection.createArrayOf("float8", same(block.length, 1e6)));
                statement.setLong(7, 1000);
                int rows = 0;
                try (var answers = statement.executeQuery()) {
                    while (answers.next()) {
                        rows += answers.getBoolean("recorded") && !answers.getBoolean("told") ? 1 : 0;
                    }
                }
                if (rows != block.length) {
                    throw new IllegalStateException(rows + " of " + block.length);
                }
                return rows;
            }));
        }
        return all;
    }

    static String productStatement(String name) throws ReflectiveOperationException {
        Field field = Class.forName("io.rollcall.heartbeat.BeatRepository").getDeclaredField(name);
        field.setAccessible(true);
        return (String) field.get(null);
    }

    private Connection serving() throws Exception {
        return serving(database);
    }

    static Connection serving(Database database) throws Exception {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("prepareThreshold", "1");
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + database.name(), properties);
        try (Statement settings = connection.createStatement()) {
            settings.execute("SET enable_seqscan = off; SET jit = off; SET rollcall.tenant = '*';"
                    + " SET plan_cache_mode = force_generic_plan; SET lock_timeout = '200ms'");
        }
        return connection;
    }

    private interface Write {
        int of(Object[] block) throws Exception;
    }

    private static Client turns(List<Object[]> blocks, Write write) {
        return new Client() {
            private int turn;

            @Override
            public int write() throws Exception {
                return write.of(blocks.get(turn++ % blocks.size()));
            }
        };
    }

    /** Sorted, as whoever knows of deadlocks sends them. */
    private List<Object[]> blocks(int client, int size) {
        int half = fleet.agents.size() / BATCHERS;
        var blocks = new ArrayList<Object[]>();
        for (int from = 0; from + size <= half; from += size) {
            blocks.add(fleet.agents.subList(client * half + from, client * half + from + size).stream()
                    .map(Fleet.Agent::workspace)
                    .sorted(Comparator.comparing(Object::toString))
                    .toArray());
        }
        return blocks;
    }

    private static Object[] same(int count, Object value) {
        var all = new Object[count];
        java.util.Arrays.fill(all, value);
        return all;
    }

    private Connection kept(Connection connection) {
        open.add(connection);
        return connection;
    }

    private static PreparedStatement prepared(Connection connection, String sql) throws Exception {
        return connection.prepareStatement(sql);
    }

    /** All of them at once, for so long. */
    Beating.Tally run(List<Client> clients, long nanos) throws Exception {
        var jobs = new ArrayList<Callable<Beating.Tally>>();
        for (Client client : clients) {
            jobs.add(() -> {
                var tally = new Beating.Tally();
                long now = System.nanoTime();
                long until = now + nanos;
                while (now < until) {
                    long before = now;
                    tally.beats += client.write();
                    now = System.nanoTime();
                    tally.latencies.add(now - before);
                }
                return tally;
            });
        }
        var all = new Beating.Tally();
        for (Future<Beating.Tally> job : threads.invokeAll(jobs)) {
            all.beats += job.get().beats;
            all.latencies.addAll(job.get().latencies);
        }
        return all;
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        for (Connection connection : open) {
            connection.close();
        }
    }
}
