package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.BeatLoad;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import io.rollcall.delegation.LedgerModel.Known;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Everybody at once on a few delegations: callees that claim, beat and report, zombies with stale attempts, callers that cancel
 * and create again, a sweeper past the API. Each reply is held against a {@link LedgerModel}, and in the end the ledger
 * against all of them.
 *
 * <p>2,000 operations in every build; {@code -Drace.operations=100000} before a release. {@code -Dseed=…} draws the same
 * operations again; how they meet is the machine's.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LedgerRaceTest {

    private static final int OPERATIONS = Integer.getInteger("race.operations", 2_000);
    private static final int ROUND = 10_000;
    private static final int CLIENTS = 8;
    private static final int AT_A_TIME = 6;

    /** What it is after which a delegation is left alone, so that what comes too late is asked too. */
    private static final double RENEWED = 0.1;

    private static final String SWEEP = """
            UPDATE delegations SET status = ?, outcome = ?, finished_at = now(), event_actor = 'sweeper', event_reason = 'race'
             WHERE delegation_id = ? AND finished_at IS NULL AND status IN ('dispatched', 'in_progress')
            RETURNING attempt
            """;

    private final Map<String, LedgerModel> all = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<LedgerModel> current = new AtomicReferenceArray<>(AT_A_TIME);
    private final Map<String, LongAdder> figures = new ConcurrentSkipListMap<>();
    private Team team;

    private static BeatLoad load;

    @BeforeAll
    static void beat() {
        load = BeatLoad.ifAsked();
    }

    @AfterAll
    static void stopBeating() {
        BeatLoad.end(load);
    }

    @Test
    void nothingFencedIsAppliedAndEachEndsOnceWhoeverMeetsWhom() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
        long seed = Race.seed("ledger race");
        for (int i = 0; i < AT_A_TIME; i++) {
            current.set(i, create(team.bossToken(), "s" + i));
        }
        long start = System.nanoTime();
        List<Client> clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> new Client(i, new Random(seed + i)))
                .toList();
        for (int done = 0; done < OPERATIONS; done += ROUND) {
            int from = done / CLIENTS;
            int to = Math.min(done + ROUND, OPERATIONS) / CLIENTS;
            Race.run(clients.stream().map(client -> client.operations(from, to)).toList());
        }
        System.out.printf(
                "ledger race: %d operations on %d delegations in %d ms: %s%n",
                OPERATIONS, all.size(), (System.nanoTime() - start) / 1_000_000, figures);

        LedgerFacts.assertSound();
        assertEquals(modelled(), written());
        assertEquals(
                0,
                Sql.count("SELECT count(*) FROM delegation_events e WHERE e.kind = 'late_result' AND NOT EXISTS ("
                        + "SELECT FROM delegations d WHERE d.id = e.delegation)"));
    }

    private Map<String, String> modelled() {
        var ways = new HashMap<String, String>();
        all.forEach((id, model) -> ways.put(id, model.way()));
        return ways;
    }

    private static Map<String, String> written() {
        var ways = new HashMap<String, String>();
        Sql.rows("SELECT d.delegation_id, string_agg(e.to_status || '=' || e.attempt || ' ', '' ORDER BY e.seq)"
                        + " FILTER (WHERE e.kind = 'transition'),"
                        + " count(*) FILTER (WHERE e.kind = 'cancel_requested'),"
                        + " count(*) FILTER (WHERE e.kind = 'late_result') > 0"
                        + " FROM delegations d JOIN delegation_events e ON e.delegation = d.id GROUP BY d.id")
                .forEach(row -> {
                    String[] parts = row.split("\\|");
                    ways.put(parts[0], parts[1] + "stop=" + parts[2] + " late=" + "t".equals(parts[3]));
                });
        return ways;
    }

    private LedgerModel create(String token, String id) {
        var model = new LedgerModel(id);
        // Before it is made: it may be claimed before its maker has been answered.
        all.put(id, model);
        Team.post(token, "/delegations", team.asking(",\"delegation_id\":\"" + id + "\""))
                .expect(201);
        return model;
    }

    /** One thread, whose tokens are made anew before their rate is used up. */
    private final class Client {
        private final int number;
        private final Random random;
        private final Connection sql;
        private String worker = "";
        private String boss = "";
        private String lastPath = "";
        private String lastBody = "";

        Client(int number, Random random) {
            this.number = number;
            this.random = random;
            try {
                sql = TestDatabase.connect();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        Callable<Void> operations(int from, int to) {
            return () -> {
                for (int n = from; n < to; n++) {
                    operation(n);
                }
                return null;
            };
        }

        private void operation(int n) throws SQLException {
            if (n % 450 == 0) {
                worker = Team.token(team.worker());
                boss = Team.token(team.boss());
            }
            int slot = random.nextInt(AT_A_TIME);
            LedgerModel model = current.get(slot);
            Known known = model.known();
            if (!known.end().isEmpty() && random.nextDouble() < RENEWED) {
                LedgerModel next = create(boss, "c" + number + "-" + n);
                current.compareAndSet(slot, model, next);
                return;
            }
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> claim();
                case 3, 4, 5 -> beat(model, known, attempt(known));
                case 6, 7 -> report(model, known, "in_progress", attempt(known));
                case 8, 9 -> report(model, known, "completed", attempt(known));
                case 10 -> report(model, known, "failed", attempt(known));
                case 11 -> report(model, known, random.nextBoolean() ? "queued" : "dispatched", attempt(known));
                case 12 -> cancel(model, known);
                case 13 -> sweep(model, known);
                case 14 -> again();
                default -> createAgain(model, known);
            }
        }

        /** None, the present one as far as is known, a stale one or one that is none. */
        private Long attempt(Known known) {
            return switch (random.nextInt(6)) {
                case 0 -> null;
                case 1 -> Math.max(0, known.attempt() - 1);
                case 2 -> known.attempt() + 2;
                default -> known.attempt();
            };
        }

        private String workToken() {
            return random.nextInt(4) == 0 ? TestDatabase.TOKEN : worker;
        }

        private Answer post(String token, String path, String body) {
            Answer answer = Team.post(token, path, body);
            String what = path.substring(path.lastIndexOf('/') + 1) + " " + answer.status()
                    + (answer.status() == 409 ? " " + answer.code() : "");
            figures.computeIfAbsent(what, of -> new LongAdder()).increment();
            assertTrue(List.of(200, 201, 409).contains(answer.status()), () -> path + body + answer.text());
            return answer;
        }

        private void claim() {
            Map<String, Known> before = new HashMap<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                LedgerModel model = current.get(i);
                before.put(model.id, model.known());
            }
            Answer answer = post(
                    workToken(),
                    "/workspaces/" + team.worker() + "/delegations/claim",
                    "{\"limit\":" + (1 + random.nextInt(2)) + "}");
            if (answer.status() == 200) {
                for (JsonNode item : answer.json().path("items")) {
                    String id = item.path("delegation_id").asText();
                    assertEquals("dispatched", item.path("status").asText());
                    assertEquals(1, item.path("attempt").asLong());
                    all.get(id).applied(before.getOrDefault(id, new Known(0, 0, "")), "dispatched", 1, null);
                }
            }
        }

        private void beat(LedgerModel model, Known known, Long attempt) {
            Answer answer = post(
                    workToken(),
                    "/delegations/" + model.id + "/heartbeat",
                    "{\"attempt\":" + attempt + ",\"progress\":" + random.nextInt(100) + "}");
            JsonNode beaten = answer.expect(200).json();
            boolean recorded = beaten.path("recorded").asBoolean();
            if (attempt != null && attempt < known.attempt() || !known.end().isEmpty()) {
                assertFalse(recorded, () -> model.id + " took a beat of " + attempt + " after " + known);
            }
            if (recorded && attempt != null) {
                assertEquals(attempt, beaten.path("attempt").asLong(), model.id);
            }
            model.saw(
                    known,
                    beaten.path("status").asText(),
                    beaten.path("attempt").asLong());
        }

        private void report(LedgerModel model, Known known, String status, Long attempt) {
            boolean end = LedgerModel.rank(status) == 3;
            lastPath = "/delegations/" + model.id + "/status";
            lastBody = "{\"status\":\"" + status + "\",\"attempt\":" + attempt
                    + (end ? ",\"result\":" + random.nextInt(3) : "") + "}";
            reported(model, known, status, attempt, result(lastBody), post(workToken(), lastPath, lastBody));
        }

        private void reported(
                LedgerModel model, Known known, String status, Long attempt, String result, Answer answer) {
            JsonNode now = answer.json().path("delegation");
            boolean fenced = attempt != null && attempt < known.attempt();
            if (answer.status() == 200 && LedgerModel.rank(status) == 3) {
                model.brought(result);
            }
            if ("applied".equals(answer.get("outcome"))) {
                assertFalse(fenced, () -> model.id + ": applied, of attempt " + attempt + " after " + known);
                model.applied(known, status, now.path("attempt").asLong(), attempt);
                return;
            }
            if (answer.status() == 409) {
                assertTrue(List.of("FENCED", "ILLEGAL_TRANSITION").contains(answer.code()), answer::text);
                if (LedgerModel.rank(status) == 3) {
                    model.refusedAtItsEnd();
                }
            } else {
                assertFalse(fenced, () -> model.id + ": replayed, of attempt " + attempt + " after " + known);
                assertEquals(status, now.path("status").asText());
            }
            model.saw(known, now.path("status").asText(), now.path("attempt").asLong());
        }

        private void cancel(LedgerModel model, Known known) {
            Answer answer =
                    post(random.nextBoolean() ? boss : TestDatabase.TOKEN, "/delegations/" + model.id + "/cancel", "");
            if (answer.status() != 200) {
                return;
            }
            if ("1".equals(answer.get("failed"))) {
                model.applied(known, "failed", 0, null);
            }
            if ("1".equals(answer.get("cancel_requested"))) {
                model.askedToStop();
                assertTrue(known.end().isEmpty(), model.id);
            }
        }

        private void sweep(LedgerModel model, Known known) throws SQLException {
            boolean stuck = random.nextBoolean();
            try (PreparedStatement update = sql.prepareStatement(SWEEP)) {
                update.setString(1, stuck ? "stuck" : "failed");
                update.setString(2, stuck ? "lost" : "deadline_exceeded");
                update.setString(3, model.id);
                var swept = update.executeQuery();
                boolean hit = swept.next();
                figures.computeIfAbsent("sweep " + (hit ? "1" : "0"), of -> new LongAdder())
                        .increment();
                if (hit) {
                    model.applied(known, stuck ? "stuck" : "failed", swept.getLong(1), null);
                }
            }
        }

        /** The last report once more, as after a time-out: it may be of a delegation that has moved on. */
        private void again() {
            if (!lastPath.isEmpty()) {
                LedgerModel last = all.get(lastPath.split("/")[2]);
                Known before = last.known();
                Answer answer = post(workToken(), lastPath, lastBody);
                String status = lastBody.split("\"")[3];
                String attempt = lastBody.replaceAll(".*\"attempt\":(\\w+).*", "$1");
                reported(
                        last,
                        before,
                        status,
                        "null".equals(attempt) ? null : Long.valueOf(attempt),
                        result(lastBody),
                        answer);
            }
        }

        private void createAgain(LedgerModel model, Known known) {
            Answer answer = post(
                    random.nextBoolean() ? boss : TestDatabase.TOKEN,
                    "/delegations",
                    team.asking(",\"delegation_id\":\"" + model.id + "\""));
            assertEquals("true", answer.expect(200).get("idempotent_hit"));
            model.saw(known, answer.get("status"), answer.json().path("attempt").asLong());
        }

        private static String result(String body) {
            return body.replaceAll(".*\"result\":(\\d).*", "$1");
        }
    }
}
