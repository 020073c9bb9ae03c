package bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.Closeable;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The same rows written by hand, in every way a careful person might: through both drivers, on a connection that stays
 * open, with statements that stay prepared. No HTTP, no JSON to parse, no validation, no reply: SQL alone.
 */
final class ByHand implements Closeable {

    private static final long LIMIT_SECONDS = 120;
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();
    private static final UUID TEMPLATE_RUN = IDS.generate();

    private static final String COLUMNS = """
            INSERT INTO workspaces (id, org_id, parent_id, name, role, runtime, tier, model, max_concurrent_tasks,
                                    external, url, status, x, y, labels, required_env, agents, config,
                                    template, template_parent_id, import_id)
            """;

    private static final String OR_NOTHING = """
            ON CONFLICT (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
                  WHERE status <> 'removed'
            DO NOTHING
            """;

    /** Twenty-one columns, seventeen of which differ from row to row, as in the product. */
    private static final String JDBC_ROW = COLUMNS + """
            VALUES (?, ?, ?, ?, ?, 'python', ?, ?, ?, false, NULL, 'provisioning', ?, ?, ?::jsonb, '[]'::jsonb,
                    ?::jsonb, ?::jsonb, ?, NULL, ?)
            """ + OR_NOTHING;

    private static final String JDBC_FIND = """
            SELECT w.id FROM workspaces w, (SELECT ?::uuid AS parent_id, ?::text AS name) key
             WHERE (w.parent_id = key.parent_id AND w.name = key.name
                    OR key.parent_id IS NULL AND w.parent_id IS NULL AND w.name = key.name)
               AND w.status <> 'removed'
            """;

    private static final String VERTX_ROW = COLUMNS + """
            VALUES ($1, $2, $3, $4, $5, 'python', $6, $7, $8, false, NULL, 'provisioning', $9, $10, $11::text::jsonb,
                    '[]'::jsonb, $12::text::jsonb, $13::text::jsonb, $14, NULL, $15)
            """ + OR_NOTHING + "RETURNING id";

    private static final String VERTX_FIND = """
            SELECT w.id FROM workspaces w, (SELECT $1::uuid AS parent_id, $2::text AS name) key
             WHERE (w.parent_id = key.parent_id AND w.name = key.name
                    OR key.parent_id IS NULL AND w.parent_id IS NULL AND w.name = key.name)
               AND w.status <> 'removed'
            """;

    private static final String RECORDSET = COLUMNS + """
            SELECT n.id, n.org_id, n.parent_id, n.name, n.role, 'python', n.tier, n.model, n.max_concurrent_tasks,
                   false, NULL, 'provisioning', n.x, n.y, n.labels, '[]'::jsonb, n.agents, n.config, $2, NULL, $3
              FROM jsonb_to_recordset($1::text::jsonb)
                AS n (id uuid, org_id uuid, parent_id uuid, name text, role text, tier int, model text,
                      max_concurrent_tasks int, x float8, y float8, labels jsonb, agents jsonb, config jsonb)
            """ + OR_NOTHING + "RETURNING id";

    private final Connection jdbc;
    private final Connection rewriting;
    private final java.sql.PreparedStatement jdbcRow;
    private final java.sql.PreparedStatement jdbcFind;
    private final Vertx vertx;
    private final PgConnection client;
    private final PreparedStatement row;
    private final PreparedStatement find;
    private final PreparedStatement recordset;
    private final PreparedStatement level;

    ByHand(Database database, int port) throws Exception {
        jdbc = connect(database, port, false);
        rewriting = connect(database, port, true);
        jdbcRow = jdbc.prepareStatement(JDBC_ROW + "RETURNING id");
        jdbcFind = jdbc.prepareStatement(JDBC_FIND);
        vertx = Vertx.vertx();
        var options = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setDatabase(database.name())
                .setUser(database.user())
                // As the service's sessions: whatever plan the foreign key's check gets, both sides get it.
                .addProperty("enable_seqscan", "off")
                .addProperty("jit", "off")
                .addProperty("rollcall.tenant", "*")
                .setPassword(database.password());
        client = await(PgConnection.connect(vertx, options));
        row = await(client.prepare(VERTX_ROW));
        find = await(client.prepare(VERTX_FIND));
        recordset = await(client.prepare(RECORDSET));
        level = await(client.prepare(productStatement("INSERT_LEVEL")));
    }

    private static Connection connect(Database database, int port, boolean rewrite) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        // Prepared on the server from the first execution on.
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("reWriteBatchedInserts", Boolean.toString(rewrite));
        Connection connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database.name(), properties);
        try (var settings = connection.createStatement()) {
            settings.execute("SET enable_seqscan = off; SET jit = off; SET rollcall.tenant = '*'");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /** The service's own statement, so that what is measured here is what runs there. */
    static String productStatement(String name) throws ReflectiveOperationException {
        Field field = Class.forName("io.rollcall.organisation.TreeRepository").getDeclaredField(name);
        field.setAccessible(true);
        return (String) field.get(null);
    }

    /** Fresh ids, as an importer gives them before it knows what exists. */
    private static void assignIds(OrgTree tree) {
        tree.nodes.forEach(node -> node.id = IDS.generate());
    }

    // ---- row by row: the baseline -----------------------------------------------------------------------------------

    /** One awaited INSERT a node; where it says that the row exists, one SELECT for its id. pgjdbc. */
    void rowByRowJdbc(OrgTree tree) throws SQLException {
        assignIds(tree);
        for (OrgTree.Node node : tree.nodes) {
            bind(jdbcRow, node, tree);
            try (ResultSet written = jdbcRow.executeQuery()) {
                if (written.next()) {
                    node.id = written.getObject(1, UUID.class);
                    continue;
                }
            }
            jdbcFind.setObject(1, node.parentId(), Types.OTHER);
            jdbcFind.setString(2, node.name);
            try (ResultSet found = jdbcFind.executeQuery()) {
                found.next();
                node.id = found.getObject(1, UUID.class);
            }
        }
        jdbc.commit();
    }

    /** The same through vertx-pg-client, on its event loop: the next statement leaves when the last one's answer is in. */
    void rowByRowVertx(OrgTree tree) throws Exception {
        assignIds(tree);
        transaction(() -> {
            Promise<Void> done = Promise.promise();
            writeFrom(tree, 0, done);
            return done.future();
        });
    }

    private void writeFrom(OrgTree tree, int index, Promise<Void> done) {
        if (index == tree.nodes.size()) {
            done.complete();
            return;
        }
        OrgTree.Node node = tree.nodes.get(index);
        row.query()
                .execute(tuple(node, tree))
                .compose(rows -> rows.size() == 1
                        ? Future.succeededFuture(rows)
                        : find.query().execute(Tuple.of(node.parentId(), node.name)))
                .onSuccess(rows -> {
                    node.id = rows.iterator().next().getUUID(0);
                    writeFrom(tree, index + 1, done);
                })
                .onFailure(done::fail);
    }

    // ---- what else one might do -------------------------------------------------------------------------------------

    /** Rows sent without waiting, up to 256 at once, a level at a time. */
    void pipelined(OrgTree tree) throws Exception {
        assignIds(tree);
        byLevel(tree, nodes -> Future.all(nodes.stream()
                        .map(node -> row.query().execute(tuple(node, tree)))
                        .toList())
                .mapEmpty());
    }

    /** vertx-pg-client's executeBatch, a level at a time, with RETURNING. */
    void batchVertx(OrgTree tree) throws Exception {
        assignIds(tree);
        byLevel(
                tree,
                nodes -> row.query()
                        .executeBatch(
                                nodes.stream().map(node -> tuple(node, tree)).toList())
                        .mapEmpty());
    }

    /** pgjdbc's executeBatch, a level at a time; the counts say what was skipped. */
    void batchJdbc(OrgTree tree) throws SQLException {
        batch(jdbc, tree);
    }

    /** The same with reWriteBatchedInserts: rows folded into statements of many, but nobody is told which were skipped. */
    void batchRewritten(OrgTree tree) throws SQLException {
        batch(rewriting, tree);
    }

    private void batch(Connection connection, OrgTree tree) throws SQLException {
        assignIds(tree);
        try (var insert = connection.prepareStatement(JDBC_ROW)) {
            for (List<OrgTree.Node> nodes : tree.levels) {
                for (OrgTree.Node node : nodes) {
                    bind(insert, node, tree);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
        connection.commit();
    }

    /** A level as one JSON document, taken apart by jsonb_to_recordset. */
    void recordset(OrgTree tree) throws Exception {
        assignIds(tree);
        byLevel(tree, nodes -> recordset
                .query()
                .execute(Tuple.of(documents(nodes), tree.name, TEMPLATE_RUN))
                .mapEmpty());
    }

    /** The product's own statement with the product's driver: a level as arrays, taken apart by unnest. */
    void arrays(OrgTree tree) throws Exception {
        assignIds(tree);
        byLevel(tree, nodes -> level.query().execute(columns(nodes, tree)).mapEmpty());
    }

    private static String documents(List<OrgTree.Node> nodes) {
        ArrayNode list = OrgTree.JSON.createArrayNode();
        for (OrgTree.Node node : nodes) {
            ObjectNode object = list.addObject()
                    .put("id", node.id.toString())
                    .put("org_id", node.rootId().toString())
                    .put("parent_id", node.parent == null ? null : node.parent.id.toString())
                    .put("name", node.name)
                    .put("role", node.role)
                    .put("tier", node.tier)
                    .put("model", node.model)
                    .put("max_concurrent_tasks", node.maxTasks == null ? 1 : node.maxTasks)
                    .put("x", node.x)
                    .put("y", node.y);
            object.putRawValue("labels", new com.fasterxml.jackson.databind.util.RawValue(node.labels));
            object.putRawValue(
                    "agents",
                    new com.fasterxml.jackson.databind.util.RawValue(node.agents == null ? "[]" : node.agents));
            object.putRawValue("config", new com.fasterxml.jackson.databind.util.RawValue(node.config));
        }
        return list.toString();
    }

    /** The parameters of the product's INSERT_LEVEL, in its order. */
    private static Tuple columns(List<OrgTree.Node> nodes, OrgTree tree) {
        return Tuple.tuple()
                .addArrayOfUUID(nodes.stream().map(n -> n.id).toArray(UUID[]::new))
                .addArrayOfUUID(nodes.stream().map(OrgTree.Node::rootId).toArray(UUID[]::new))
                .addArrayOfUUID(nodes.stream().map(OrgTree.Node::parentId).toArray(UUID[]::new))
                .addArrayOfString(strings(nodes, n -> n.name))
                .addArrayOfString(strings(nodes, n -> n.role))
                .addArrayOfString(strings(nodes, n -> "python"))
                .addArrayOfInteger(nodes.stream().map(n -> n.tier).toArray(Integer[]::new))
                .addArrayOfString(strings(nodes, n -> n.model))
                .addArrayOfInteger(nodes.stream().map(n -> n.maxTasks).toArray(Integer[]::new))
                .addArrayOfBoolean(new Boolean[nodes.size()])
                .addArrayOfString(new String[nodes.size()])
                .addArrayOfString(strings(nodes, n -> "provisioning"))
                .addArrayOfDouble(nodes.stream().map(n -> n.x).toArray(Double[]::new))
                .addArrayOfDouble(nodes.stream().map(n -> n.y).toArray(Double[]::new))
                .addArrayOfString(strings(nodes, n -> n.labels))
                .addArrayOfString(new String[nodes.size()])
                .addArrayOfString(strings(nodes, n -> n.agents))
                .addString(tree.name)
                .addUUID(null)
                .addUUID(TEMPLATE_RUN)
                .addArrayOfString(strings(nodes, n -> n.config));
    }

    private static String[] strings(List<OrgTree.Node> nodes, Function<OrgTree.Node, String> value) {
        return nodes.stream().map(value).toArray(String[]::new);
    }

    // ---- under all of them ------------------------------------------------------------------------------------------

    private static void bind(java.sql.PreparedStatement insert, OrgTree.Node node, OrgTree tree) throws SQLException {
        insert.setObject(1, node.id);
        insert.setObject(2, node.rootId());
        insert.setObject(3, node.parentId(), Types.OTHER);
        insert.setString(4, node.name);
        insert.setString(5, node.role);
        insert.setInt(6, node.tier);
        insert.setString(7, node.model);
        insert.setInt(8, node.maxTasks == null ? 1 : node.maxTasks);
        insert.setDouble(9, node.x);
        insert.setDouble(10, node.y);
        insert.setString(11, node.labels);
        insert.setString(12, node.agents == null ? "[]" : node.agents);
        insert.setString(13, node.config);
        insert.setString(14, tree.name);
        insert.setObject(15, TEMPLATE_RUN);
    }

    private static Tuple tuple(OrgTree.Node node, OrgTree tree) {
        return Tuple.tuple(new ArrayList<>(java.util.Arrays.asList(
                node.id,
                node.rootId(),
                node.parentId(),
                node.name,
                node.role,
                node.tier,
                node.model,
                node.maxTasks == null ? 1 : node.maxTasks,
                node.x,
                node.y,
                node.labels,
                node.agents == null ? "[]" : node.agents,
                node.config,
                tree.name,
                TEMPLATE_RUN)));
    }

    private void byLevel(OrgTree tree, Function<List<OrgTree.Node>, Future<Void>> write) throws Exception {
        transaction(() -> {
            Future<Void> done = Future.succeededFuture();
            for (List<OrgTree.Node> nodes : tree.levels) {
                done = done.compose(above -> write.apply(nodes));
            }
            return done;
        });
    }

    private interface Work {
        Future<Void> start();
    }

    /** Starts on the event loop and stays there, as the service does. */
    private void transaction(Work work) throws Exception {
        Promise<Void> all = Promise.promise();
        vertx.getOrCreateContext().runOnContext(go -> client.begin()
                .compose(transaction -> work.start().compose(done -> transaction.commit()))
                .onComplete(all));
        await(all.future());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Round trips as the driver sees them, in milliseconds: the median of 200. */
    double roundTripMillis() throws SQLException {
        var times = new double[200];
        try (var select = jdbc.prepareStatement("SELECT 1")) {
            for (int i = 0; i < times.length; i++) {
                long begin = System.nanoTime();
                select.executeQuery().close();
                times[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        jdbc.commit();
        return Numbers.median(times);
    }

    @Override
    public void close() {
        try {
            jdbc.close();
            rewriting.close();
            await(client.close());
            await(vertx.close());
        } catch (Exception e) {
            System.err.println("not closed cleanly: " + e);
        }
    }
}
