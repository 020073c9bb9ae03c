package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Where the time of an import goes: the server's own account of the statement that writes a level, and a sampled profile
 * of the service while it imports. For people who change the import; nothing is published from here.
 */
final class Profile {

    private static final int NODES = 10_000;
    private static final int DEPTH = 5;
    private static final int IMPORTS = 60;

    private final Path jar;
    private final Path work;

    Profile(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    void run() throws Exception {
        try (var database = new Database(work.resolve("database"))) {
            Path recording = work.resolve("import.jfr");
            OrgTree tree = OrgTree.of(NODES, DEPTH);
            byte[] json = tree.json();
            try (var service = new Service(
                    jar, database, database.port(), List.of(), Map.of(), work.resolve("service.log"))) {
                for (int i = 0; i < 15; i++) {
                    database.empty();
                    service.importJson(json);
                    service.importJson(json);
                }
                Path settings = work.resolve("fine.jfc");
                Process configured = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                                "configure", "--input", "profile", "--output", settings.toString(),
                                "jdk.ExecutionSample#period=5 ms")
                        .inheritIO()
                        .start();
                configured.waitFor();
                System.out.println(service.jcmd("JFR.start", "name=import", "settings=" + settings));
                double[] times = new double[IMPORTS];
                for (int i = 0; i < IMPORTS; i++) {
                    database.empty();
                    times[i] = service.importJson(json).millis();
                }
                System.out.println(service.jcmd("JFR.dump", "name=import", "filename=" + recording));
                System.out.printf("import, median of %d: %.0f ms%n", IMPORTS, Numbers.median(times));
                System.out.printf(
                        "of which between BEGIN and the last but one statement: %s ms (import_runs.duration_ms)%n",
                        database.value("SELECT duration_ms FROM import_runs ORDER BY created_at DESC LIMIT 1"));
            }
            explain(database, tree);
            System.out.println("recording: " + recording + "\nsamples: jfr print --events jdk.ExecutionSample " + recording);
        }
    }

    /** The level statement over the whole tree as one level below one root, which the root's row then precedes. */
    private static void explain(Database database, OrgTree tree) throws SQLException, ReflectiveOperationException {
        Connection connection = database.superuser();
        connection.setAutoCommit(false);
        String statement = ByHand.productStatement("INSERT_LEVEL").replaceAll("\\$(\\d+)", "?");
        // Its parameters stand in this order in the text.
        List<Integer> order = new java.util.regex.Matcher[] {
                    java.util.regex.Pattern.compile("\\$(\\d+)").matcher(ByHand.productStatement("INSERT_LEVEL"))
                }[0]
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        for (int round = 0; round < 3; round++) {
            database.execute("TRUNCATE workspaces");
            UUID root = UUID.randomUUID();
            execute(connection, statement, order, tree, root, true, false);
            System.out.println("---- EXPLAIN (ANALYZE, BUFFERS, WAL) of INSERT_LEVEL, "
                    + (tree.nodes.size() - 1) + " rows, round " + (round + 1));
            execute(connection, statement, order, tree, root, false, true);
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private static void execute(
            Connection connection, String statement, List<Integer> order, OrgTree tree, UUID root, boolean first,
            boolean explain) throws SQLException {
        List<OrgTree.Node> nodes = first ? tree.nodes.subList(0, 1) : tree.nodes.subList(1, tree.nodes.size());
        String sql = (explain ? "EXPLAIN (ANALYZE, BUFFERS, WAL) " : "") + statement;
        var ids = com.fasterxml.uuid.Generators.timeBasedEpochGenerator();
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
            for (int i = 0; i < order.size(); i++) {
                switch (order.get(i)) {
                    case 1 -> array(prepared, i, "uuid", nodes.stream().map(n -> first ? root : ids.generate()).toArray());
                    case 2 -> array(prepared, i, "uuid", nodes.stream().map(n -> root).toArray());
                    case 3 -> array(prepared, i, "uuid", nodes.stream().map(n -> first ? null : root).toArray());
                    case 4 -> array(prepared, i, "text", nodes.stream().map(n -> n.name).toArray());
                    case 5 -> array(prepared, i, "text", nodes.stream().map(n -> n.role).toArray());
                    case 6 -> array(prepared, i, "text", nodes.stream().map(n -> "python").toArray());
                    case 7 -> array(prepared, i, "int4", nodes.stream().map(n -> n.tier).toArray());
                    case 8 -> array(prepared, i, "text", nodes.stream().map(n -> n.model).toArray());
                    case 9 -> array(prepared, i, "int4", nodes.stream().map(n -> n.maxTasks).toArray());
                    case 10 -> array(prepared, i, "bool", new Object[nodes.size()]);
                    case 12 -> array(prepared, i, "text", nodes.stream().map(n -> "provisioning").toArray());
                    case 13 -> array(prepared, i, "float8", nodes.stream().map(n -> n.x).toArray());
                    case 14 -> array(prepared, i, "float8", nodes.stream().map(n -> n.y).toArray());
                    case 15 -> array(prepared, i, "text", nodes.stream().map(n -> n.labels).toArray());
                    case 11, 16 -> array(prepared, i, "text", new Object[nodes.size()]);
                    case 17 -> array(prepared, i, "text", nodes.stream().map(n -> n.agents).toArray());
                    case 18 -> prepared.setString(i + 1, tree.name);
                    case 19 -> prepared.setObject(i + 1, null, java.sql.Types.OTHER);
                    case 20 -> prepared.setObject(i + 1, ids.generate());
                    case 21 -> array(prepared, i, "text", nodes.stream().map(n -> n.config).toArray());
                    default -> throw new IllegalStateException("INSERT_LEVEL has a parameter unknown here: $" + order.get(i));
                }
            }
            try (ResultSet rows = prepared.executeQuery()) {
                while (rows.next() && explain) {
                    System.out.println(rows.getString(1));
                }
            }
        }
    }

    private static void array(PreparedStatement statement, int index, String type, Object[] values) throws SQLException {
        Array array = statement.getConnection().createArrayOf(type, values);
        statement.setArray(index + 1, array);
    }
}
