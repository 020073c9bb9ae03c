package io.rollcall.delegation;

import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;

/** The ledger's statements alone, through the service's classes and driver: what one costs, by how many it is of. */
public final class Statements implements AutoCloseable {

    private static final LedgerSettings SETTINGS = new LedgerSettings() {
        @Override
        public Duration stuckAfter() {
            return Duration.ofMinutes(10);
        }

        @Override
        public Duration deadline() {
            return Duration.ofHours(6);
        }

        @Override
        public Duration maxDeadline() {
            return Duration.ofDays(7);
        }

        @Override
        public Duration cancelGrace() {
            return Duration.ofSeconds(30);
        }

        @Override
        public Stuck stuck() {
            return Stuck.FINAL;
        }

        @Override
        public Duration retention() {
            return Duration.ofDays(90);
        }

        @Override
        public int maxTask() {
            return 1_000_000;
        }
    };

    private final Creation creation = new Creation(SETTINGS);
    private final Claims claims = new Claims(SETTINGS);
    private final Moves moves = new Moves(SETTINGS);
    private final Vertx vertx = Vertx.vertx();
    private final SqlConnection connection;
    private final TreeMap<String, List<Double>> times = new TreeMap<>();

    /** @param planCacheMode as the server has it */
    public Statements(PgConnectOptions options, String planCacheMode) throws Exception {
        options.setCachePreparedStatements(true)
                .setPreparedStatementCacheSqlLimit(8192)
                .addProperty("enable_seqscan", "off")
                .addProperty("jit", "off")
                .addProperty("plan_cache_mode", planCacheMode);
        connection = SqlConnection.newInstance(PgConnection.connect(vertx, options)
                .toCompletionStage()
                .toCompletableFuture()
                .get());
    }

    /** Whole life cycles of {@code size} delegations at a time, of that many callees. */
    public void run(UUID organisation, List<UUID[]> pairs, int size, int rounds) {
        times.clear();
        for (int round = 0; round < rounds; round++) {
            var asked = new ArrayList<Asked>();
            var taking = new ArrayList<Claims.Claim>();
            for (int i = 0; i < size; i++) {
                UUID[] pair = pairs.get(i % pairs.size());
                var what = new NewDelegation(null, pair[0], pair[1], "a task of some words", null, null, null, null);
                asked.add(new Asked(
                        UUID.randomUUID().toString(), what, null, 0, "bench", pair[0], "00".repeat(32)));
                taking.add(new Claims.Claim(pair[1], 1, null, "bench"));
            }
            timed("create", organisation, () -> creation.write(connection, organisation, asked));
            // No two claims of one statement are of one callee.
            boolean claimed = size <= pairs.size();
            if (claimed) {
                timed("claim", organisation, () -> claims.write(connection, organisation, taking));
            }
            timed("start", organisation, () -> moves.write(connection, organisation, reports(asked, "in_progress", claimed ? 1 : 0)));
            timed("complete", organisation, () -> moves.write(connection, organisation, reports(asked, "completed", claimed ? 1 : 0)));
        }
    }

    private static List<Move> reports(List<Asked> asked, String status, long attempt) {
        DelegationStatus becomes = DelegationStatus.valueOf(status.toUpperCase(Locale.ROOT));
        boolean end = becomes == DelegationStatus.COMPLETED;
        return asked.stream()
                .map(one -> new Move(
                        one.delegationId(),
                        new Report(becomes, attempt, null, end ? "done" : null, end ? "\"done\"" : null, null, null),
                        "bench",
                        one.what().calleeId()))
                .toList();
    }

    private interface Work<T> {
        io.smallrye.mutiny.Uni<List<io.smallrye.mutiny.Uni<T>>> start();
    }

    private <T> void timed(String name, UUID organisation, Work<T> work) {
        connection
                .query("BEGIN; SET LOCAL rollcall.tenant = '" + organisation + "'")
                .execute()
                .await()
                .indefinitely();
        long begin = System.nanoTime();
        List<io.smallrye.mutiny.Uni<T>> results = work.start().await().indefinitely();
        times.computeIfAbsent(name, of -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e6);
        results.forEach(result -> result.await().indefinitely());
        connection.query("COMMIT").execute().await().indefinitely();
    }

    /** Medians of the second half, in milliseconds. */
    public String medians() {
        var text = new StringBuilder();
        times.forEach((name, all) -> text.append(String.format(
                Locale.ROOT, " %s %.2f", name, all.subList(all.size() / 2, all.size()).stream().sorted().toList().get(all.size() / 4))));
        return text.toString();
    }

    @Override
    public void close() throws Exception {
        connection.close().await().indefinitely();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }
}
