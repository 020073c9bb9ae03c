package bench;

import io.rollcall.delegation.Statements;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Where the time of a life cycle goes; for people who change it. Nothing is published from here. */
final class LedgerProfile {

    private final Path jar;
    private final Path work;

    LedgerProfile(Path jar, Path work) {
        this.jar = jar;
        this.work = work;
    }

    void run() throws Exception {
        try (var database = new Database(work.resolve("database"));
                var service = new Service(
                        jar, database, database.port(), List.of("-Xmx512m"), LedgerBench.UNLIMITED,
                        work.resolve("service.log"))) {
            List<Teams.Pair> pairs = Teams.make(service, "One", 1, 128);
            UUID organisation = UUID.fromString(pairs.get(0).organisation());
            List<UUID[]> ids = pairs.stream()
                    .map(pair -> new UUID[] {UUID.fromString(pair.caller()), UUID.fromString(pair.callee())})
                    .toList();
            if (!Boolean.getBoolean("bench.statements")) {
                record(service, database, pairs);
                return;
            }
            statements(database, organisation, ids);
        }
    }

    private void record(Service service, Database database, List<Teams.Pair> pairs) throws Exception {
        var clients = new LedgerBench.Clients(service, pairs, 1, false);
        double seconds = Double.parseDouble(System.getProperty("bench.seconds", "20"));
        System.out.printf("warm-up: %.0f/s%n", clients.run((long) (seconds * 1e9)).completed / seconds);
        Path settings = work.resolve("fine.jfc");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                        "configure", "--input", "profile", "--output", settings.toString(),
                        "jdk.ExecutionSample#period=5 ms", "jdk.NativeMethodSample#period=5 ms")
                .inheritIO()
                .start()
                .waitFor();
        System.out.println(service.jcmd("JFR.start", "name=ledger", "settings=" + settings));
        Cpu before = Cpu.now(service.pid(), database.pid());
        long completed = clients.run((long) (seconds * 1e9)).completed;
        Cpu cpu = Cpu.now(service.pid(), database.pid()).since(before);
        Path recording = work.resolve("ledger.jfr");
        System.out.println(service.jcmd("JFR.dump", "name=ledger", "filename=" + recording));
        System.out.printf(
                "%.0f life cycles/s; of each the service %.0f us, PostgreSQL %.0f us, the client %.0f us%n",
                completed / cpu.wall(), cpu.service() * 1e6 / completed, cpu.database() * 1e6 / completed,
                cpu.client() * 1e6 / completed);
        System.out.println(recording);
    }

    private static void statements(Database database, UUID organisation, List<UUID[]> ids) throws Exception {
        int[] sizes = {1, 3, 32, 128, 500};
        for (int turn = 0; turn < 2; turn++) {
            for (String mode : List.of("auto", "force_generic_plan", "force_custom_plan")) {
                for (int size : sizes) {
                    try (var statements = new Statements(
                            new PgConnectOptions()
                                    .setHost("127.0.0.1")
                                    .setPort(database.port())
                                    .setDatabase(database.name())
                                    .setUser(database.user())
                                    .setPassword(database.password()),
                            mode)) {
                        statements.run(organisation, ids, size, size > 100 ? 16 : 60);
                        System.out.println("statements, " + mode + ", of " + size + ":" + statements.medians());
                    }
                }
            }
            database.execute("ANALYZE");
        }
    }
}
