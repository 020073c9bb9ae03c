package io.rollcall.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import io.rollcall.delegation.DelegationBeats;
import io.rollcall.http.Problem;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How beats are written together, and that nobody's fault is another's. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BeatBufferTest {

    @Inject
    BeatBuffers buffers;

    private Crew acme;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Crew.make("Acme");
    }

    @Test
    void whatComesWhileABatchIsUnderWayGoesOutTogetherAndEachIsAnsweredForItself() {
        Crew other = Crew.make("Other");
        Crew.beat(acme.qa(), "").expect(200);
        for (int i = 0; i < 5; i++) {
            Crew.beat(acme.dev(), ",\"agent_id\":\"a" + i + "\"").expect(200);
        }
        delegation("acmes");
        CompletableFuture<Answer> strangers;
        var answers = new ArrayList<CompletableFuture<Answer>>();
        try (Superuser sql = Superuser.connect();
                ParkedBeats parked = ParkedBeats.park(sql)) {
            answers.add(CompletableFuture.supplyAsync(() -> Crew.beat(acme.qa(), "")));
            parked.awaitParked();
            for (int i = 0; i < 20; i++) {
                String body = ",\"agent_id\":\"a" + i % 10 + "\",\"active_tasks\":" + i + "}";
                answers.add(beat(acme.devToken(), "{\"workspace_id\":\"" + acme.dev() + "\"" + body));
                answers.add(beat(other.devToken(), "{\"workspace_id\":\"" + other.dev() + "\"" + body));
                // Somebody else's.
                answers.add(beat(other.admin(), "{\"workspace_id\":\"" + acme.dev() + "\"" + body));
            }
            strangers =
                    CompletableFuture.supplyAsync(() -> Crew.post(other.admin(), "/delegations/acmes/heartbeat", "{}"));
            Await.until("all wait", () -> waiting() >= 62);
        }
        strangers.join().expect(404);
        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).join().expect(i > 0 && i % 3 == 0 ? 404 : 200);
        }
        // Two batches, since one row is not twice in one: the stranger's comes before or after its owner's.
        assertEquals(
                "t|20",
                Sql.one(
                        "SELECT count(DISTINCT xmin::text) <= 2, count(*) FROM heartbeats"
                                + " WHERE workspace_id IN (?::uuid, ?::uuid)",
                        acme.dev(),
                        other.dev()));
        assertEquals(
                "10|" + acme.root(),
                Sql.one("SELECT count(*), max(org_id::text) FROM heartbeats WHERE workspace_id = ?::uuid", acme.dev()));
    }

    private static CompletableFuture<Answer> beat(String token, String body) {
        return CompletableFuture.supplyAsync(() -> Crew.post(token, "/registry/heartbeat", body));
    }

    private static int waiting() {
        return (int) Double.parseDouble(Call.get("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("rollcall_beats_waiting "))
                .findFirst()
                .orElseThrow()
                .split(" ")[1]);
    }

    @Test
    void aRowThatSomebodyHoldsIsPassedOverAndNobodyElseWaits() {
        for (String agent : List.of("held", "free")) {
            Crew.beat(acme.dev(), ",\"agent_id\":\"" + agent + "\"").expect(200);
        }
        delegation("held");
        delegation("free");
        Sql.run("UPDATE heartbeats SET beat_at = now() - interval '1 hour'");
        try (Superuser holder = Superuser.connect()) {
            holder.begin();
            holder.execute("SELECT FROM heartbeats WHERE agent_id = 'held' FOR UPDATE");
            holder.execute(
                    "SELECT FROM delegation_beats b WHERE EXISTS (SELECT FROM delegations d WHERE d.id = b.delegation"
                            + " AND d.delegation_id = 'held') FOR UPDATE");
            holder.execute("SELECT FROM workspaces WHERE id = '" + acme.qa() + "' FOR UPDATE");

            JsonNode reply = Call.post(
                            "/heartbeats",
                            "{\"heartbeats\":[" + agent(acme.dev(), "held") + ","
                                    + agent(acme.dev(), "free") + "," + agent(acme.dev(), "new") + ","
                                    + agent(acme.qa(), "new")
                                    + "],\"delegations\":[{\"delegation_id\":\"held\"},{\"delegation_id\":\"free\"}]}")
                    .expect(200)
                    .json();

            assertEquals(3, reply.path("accepted").asInt(), reply.toString());
            var rejected = new ArrayList<String>();
            reply.path("rejected")
                    .forEach(one -> rejected.add(one.path("list").asText()
                            + one.path("index")
                            + one.path("code").asText()));
            assertEquals(
                    List.of("heartbeats0UNAVAILABLE", "heartbeats3UNAVAILABLE", "delegations0UNAVAILABLE"), rejected);
            assertEquals(
                    "1",
                    Crew.beat(acme.dev(), ",\"agent_id\":\"held\"").expect(503).header("Retry-After"));
            holder.execute("COMMIT");
        }
        Crew.beat(acme.dev(), ",\"agent_id\":\"held\"").expect(200);
        assertEquals(
                "online",
                Crew.beat(acme.qa(), ",\"agent_id\":\"new\"").expect(200).get("workspace_status"));
    }

    private static String agent(String workspace, String agent) {
        return "{\"workspace_id\":\"" + workspace + "\",\"agent_id\":\"" + agent + "\"}";
    }

    private void delegation(String id) {
        Call.post(
                        "/delegations",
                        "{\"delegation_id\":\"" + id + "\",\"caller_id\":\"" + acme.qa() + "\",\"callee_id\":\""
                                + acme.dev() + "\",\"task\":\"t\"}")
                .expect(201);
    }

    @Test
    void oneThatTheDatabaseRefusesIsRefusedAloneAndSoIsADelegations() {
        delegation("good");
        delegation("bad");
        try (Superuser sql = Superuser.connect()) {
            sql.execute(
                    "ALTER TABLE agent_states ADD CONSTRAINT test_poison CHECK (current_task <> 'poison') NOT VALID");
            sql.execute("ALTER TABLE delegation_beats ADD CONSTRAINT test_poison CHECK (note <> 'poison') NOT VALID");
            try {
                var beats = new ArrayList<String>();
                for (int i = 0; i < 100; i++) {
                    beats.add("{\"workspace_id\":\"" + acme.dev() + "\",\"agent_id\":\"a" + i + "\",\"current_task\":\""
                            + (i == 63 ? "poison" : i) + "\"}");
                }
                JsonNode reply = Call.post(
                                "/heartbeats",
                                "{\"heartbeats\":[" + String.join(",", beats)
                                        + "],\"delegations\":[{\"delegation_id\":\"good\"},{\"delegation_id\":\"bad\",\"note\":\"poison\"}]}")
                        .expect(200)
                        .json();

                assertEquals(100, reply.path("accepted").asInt(), reply.toString());
                assertEquals(
                        "63 REFUSED 1 REFUSED",
                        reply.at("/rejected/0/index") + " "
                                + reply.at("/rejected/0/code").asText() + " " + reply.at("/rejected/1/index") + " "
                                + reply.at("/rejected/1/code").asText());
                assertEquals("99", Sql.one("SELECT count(*) FROM agent_states"));
                assertEquals("1", Sql.one("SELECT count(*) FROM delegation_beats WHERE beat_at IS NOT NULL"));
                Crew.beat(acme.dev(), ",\"current_task\":\"poison\"").expect(500);
            } finally {
                sql.execute("ALTER TABLE agent_states DROP CONSTRAINT test_poison");
                sql.execute("ALTER TABLE delegation_beats DROP CONSTRAINT test_poison");
            }
        }
    }

    @Test
    void aBatchThatFailsAnswersEachRequestInItWithTheTruth() {
        Crew.beat(acme.qa(), "").expect(200);
        var answers = new ArrayList<CompletableFuture<Answer>>();
        try (Superuser sql = Superuser.connect();
                ParkedBeats parked = ParkedBeats.park(sql)) {
            answers.add(CompletableFuture.supplyAsync(() -> Crew.beat(acme.qa(), "")));
            parked.awaitParked();
            for (int i = 0; i < 10; i++) {
                answers.add(beat(acme.devToken(), agent(acme.dev(), "a" + i)));
            }
            Await.until("all wait", () -> waiting() >= 11);
            parked.killOne();
            assertEquals(503, answers.get(0).join().status());
        }
        for (int i = 1; i < answers.size(); i++) {
            int status = answers.get(i).join().status();
            // On the connection that was killed, or on the next.
            assertTrue(status == 200 || status == 503, status + "");
            assertEquals(
                    status == 200 ? "1" : "0",
                    Sql.one("SELECT count(*) FROM heartbeats WHERE agent_id = ?", "a" + (i - 1)));
        }
        Crew.beat(acme.dev(), "").expect(200);
    }

    @Test
    void whenTooManyWaitOneMoreIsTold503AndNothingOfItIsWritten() {
        BeatBuffer small = buffers.one("rollcall.heartbeats.queue-size", "3");
        Crew.beat(acme.qa(), "").expect(200);
        CompletableFuture<?> first;
        CompletableFuture<?> second;
        try (Superuser sql = Superuser.connect();
                ParkedBeats parked = ParkedBeats.park(sql)) {
            first = write(small, acme.qa(), "main");
            parked.awaitParked();
            second = write(small, acme.dev(), "a", "b");
            Problem refused = assertRefused(write(small, acme.dev(), "c"));
            assertEquals(503, refused.status());
            assertEquals("UNAVAILABLE", refused.code());
        }
        first.join();
        second.join();
        assertEquals(
                List.of("a", "b"),
                Sql.rows("SELECT agent_id FROM heartbeats WHERE workspace_id = ?::uuid ORDER BY 1", acme.dev()));
        write(small, acme.dev(), "c").join();
    }

    private static Problem assertRefused(CompletableFuture<?> writing) {
        try {
            writing.join();
        } catch (java.util.concurrent.CompletionException e) {
            return (Problem) e.getCause();
        }
        throw new AssertionError("it was written");
    }

    private static CompletableFuture<BeatBuffer.Written> write(BeatBuffer buffer, String workspace, String... agents) {
        List<Beat> beats = java.util.Arrays.stream(agents)
                .map(agent -> new Beat(UUID.fromString(workspace), agent, null, null, null))
                .toList();
        return buffer.write(beats, List.of()).subscribeAsCompletionStage();
    }

    @Test
    void whatWaitsWhenTheServiceStopsIsWrittenFirst() {
        BeatBuffer stopping = buffers.one();
        Crew.beat(acme.qa(), "").expect(200);
        CompletableFuture<Void> stopped;
        try (Superuser sql = Superuser.connect();
                ParkedBeats parked = ParkedBeats.park(sql)) {
            var unused = write(stopping, acme.qa(), "main");
            parked.awaitParked();
            var waiting = write(stopping, acme.dev(), "a");
            stopped = CompletableFuture.runAsync(() -> stopping.atStop(null));
            assertFalse(waiting.isDone() || stopped.isDone() || unused.isDone());
        }
        stopped.join();
        assertEquals("1", Sql.one("SELECT count(*) FROM heartbeats WHERE agent_id = 'a'"));
    }

    @Test
    void replicasThatBeatForTheSameAgentsWhileTheyAreSweptAndRemovedNeverFail() {
        long seed = Race.seed("beats race");
        var tasks = new ArrayList<Callable<Integer>>();
        String doomed = Crew.child(acme.root(), "Doomed");
        for (int replica = 0; replica < 4; replica++) {
            BeatBuffer buffer = buffers.one();
            var random = new Random(seed + replica);
            tasks.add(() -> {
                int recorded = 0;
                for (int round = 0; round < 40; round++) {
                    var beats = new ArrayList<Beat>();
                    for (int i = 0; i < 50; i++) {
                        String workspace =
                                List.of(acme.dev(), acme.qa(), doomed).get(random.nextInt(3));
                        var said = new Said(null, random.nextDouble(), null, i, null, null, null);
                        beats.add(new Beat(UUID.fromString(workspace), "a" + random.nextInt(60), null, said, null));
                    }
                    Collections.shuffle(beats, random);
                    // A first beat whose row somebody else inserts at a crawl is answered 503; it is sent again.
                    recorded += (int) buffer
                            .write(beats, List.<DelegationBeats.Beat>of())
                            .onFailure(BeatBufferTest::isBeingInserted)
                            .retry()
                            .atMost(10)
                            .await()
                            .atMost(Duration.ofSeconds(60))
                            .beats()
                            .stream()
                            .filter(Outcome::recorded)
                            .count();
                }
                return recorded;
            });
        }
        tasks.add(() -> {
            for (int round = 0; round < 20; round++) {
                Sql.run("UPDATE heartbeats SET beat_at = now() - interval '1 hour' WHERE agent_id = ?", "a" + round);
                buffers.sweep();
            }
            Crew.remove(doomed, "Doomed");
            return 0;
        });
        int recorded = Race.run(tasks).stream().mapToInt(Integer::intValue).sum();

        assertTrue(recorded > 4000, recorded + " recorded");
        assertEquals("removed", Crew.status(doomed));
        assertEquals(
                "0",
                Sql.one("SELECT count(*) FROM heartbeats h JOIN workspaces w ON w.id = h.workspace_id"
                        + " WHERE h.live <> w.live"));
    }

    private static boolean isBeingInserted(Throwable failure) {
        return failure instanceof PgException refused && "55P03".equals(refused.getSqlState());
    }

    @Test
    void noIndexHasWhatABeatChanges() {
        assertEquals(
                List.of(),
                Sql.rows("SELECT i.indexrelid::regclass, a.attname FROM pg_index i JOIN pg_attribute a"
                        + " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid IN"
                        + " ('heartbeats'::regclass, 'delegation_beats'::regclass)"
                        + " AND a.attname IN ('beat_at', 'started_at', 'said', 'progress', 'note')"));
        assertEquals("{fillfactor=50}", Sql.one("SELECT reloptions FROM pg_class WHERE relname = 'heartbeats'"));
    }
}
