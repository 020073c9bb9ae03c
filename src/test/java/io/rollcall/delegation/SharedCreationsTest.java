package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.ParkedInserts;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many creations at once: one row for what is the same, one commit for many that are not. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SharedCreationsTest {

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    private static List<Answer> atOnce(int count, IntFunction<Answer> one) {
        return Race.run(IntStream.range(0, count)
                .<Callable<Answer>>mapToObj(i -> () -> one.apply(i))
                .toList());
    }

    /** Half of them as the platform's admin, whose writes share no transaction with the organisation's. */
    private Answer create(int i, String more) {
        return Team.post(i % 2 == 0 ? team.bossToken() : TestDatabase.TOKEN, "/delegations", team.asking(more));
    }

    private static void assertOneMade(List<Answer> answers) {
        assertEquals(
                1, answers.stream().filter(answer -> answer.status() == 201).count());
        assertEquals(
                63,
                answers.stream()
                        .filter(answer -> answer.status() == 200 && "true".equals(answer.get("idempotent_hit")))
                        .count());
        assertEquals(
                1,
                answers.stream()
                        .map(answer -> answer.get("delegation_id"))
                        .distinct()
                        .count());
        assertEquals(1, Sql.count("SELECT count(*) FROM delegations"));
        assertEquals(1, Sql.count("SELECT count(*) FROM delegation_payloads"));
        LedgerFacts.assertSound();
    }

    @Test
    void sixtyFourOfOneIdMakeOne() {
        assertOneMade(atOnce(64, i -> create(i, ",\"delegation_id\":\"d\"")));
        assertEquals(
                422,
                create(0, ",\"delegation_id\":\"d\",\"deadline_seconds\":60").status());
    }

    @Test
    void sixtyFourOfOneKeyMakeOne() {
        assertOneMade(atOnce(64, i -> create(i, ",\"idempotency_key\":\"k\"")));
        assertEquals(
                422,
                create(0, ",\"idempotency_key\":\"k\",\"deadline_seconds\":60").status());
    }

    @Test
    void whatIsSaidInAnotherOrderOrWithNothingMoreIsTheSame() {
        create(0, ",\"idempotency_key\":\"k\",\"labels\":{\"a\":\"1\",\"b\":\"2\"}")
                .expect(201);
        create(0, ",\"labels\":{\"b\":\"2\",\"a\":\"1\"},\"idempotency_key\":\"k\"")
                .expect(200);
        create(0, ",\"idempotency_key\":\"l\",\"labels\":{}").expect(201);
        create(0, ",\"idempotency_key\":\"l\"").expect(200);
        create(0, ",\"delegation_id\":\"null\"").expect(201);
        create(0, ",\"idempotency_key\":\"m\"").expect(201);
        create(0, ",\"idempotency_key\":\"m\",\"parent_delegation_id\":\"null\"")
                .expect(422);
    }

    @Test
    void sixtyFourWithOneIdempotencyKeyInTheHeadMakeOne() {
        List<Answer> answers = atOnce(64, i -> keyed(team.asking("")));

        Answer first = keyed(team.asking("")).expect(201);
        assertEquals("true", first.header("Idempotency-Replayed"));
        for (Answer answer : answers) {
            if (answer.status() == 201) {
                assertEquals(first.text(), answer.text());
            } else {
                assertEquals("IDEMPOTENCY_KEY_IN_USE", answer.expect(409).code());
            }
        }
        assertEquals(1, Sql.count("SELECT count(*) FROM delegations"));
        assertEquals(
                "IDEMPOTENCY_KEY_REUSED",
                keyed(team.asking(",\"deadline_seconds\":60")).expect(422).code());
    }

    private Answer keyed(String body) {
        return Call.of("POST", "/delegations")
                .as(team.bossToken())
                .header("Idempotency-Key", "k")
                .json(body)
                .send();
    }

    @Test
    void manyAtOnceShareCommitsWithinTheirOrganisationAlone() {
        Team globex = Team.make("Globex");

        atOnce(200, i -> (i % 2 == 0 ? team : globex).ask("").expect(201));

        long rows = Sql.count("SELECT count(*) FROM delegations");
        long commits = Sql.count("SELECT count(DISTINCT xmin::text) FROM delegations");
        System.out.println("200 creations at once: " + commits + " commits");
        assertEquals(200, rows);
        assertTrue(commits < 100, () -> commits + " commits");
        assertEquals(
                0,
                Sql.count("SELECT count(*) FROM (SELECT 1 FROM delegations GROUP BY xmin::text"
                        + " HAVING count(DISTINCT org_id) > 1) shared"));
        LedgerFacts.assertSound();
    }

    @Test
    void whatTheDatabaseRefusesFailsAloneAndTheOthersAreMade() {
        var answers = new ArrayList<Answer>();
        try (Superuser sql = Superuser.connect()) {
            sql.execute("CREATE FUNCTION test_poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " RAISE EXCEPTION 'poisoned' USING ERRCODE = 'check_violation'; END $$");
            sql.execute("CREATE TRIGGER test_poison BEFORE INSERT ON delegations FOR EACH ROW"
                    + " WHEN (NEW.delegation_id = 'poison') EXECUTE FUNCTION test_poison()");
            try {
                CompletableFuture<List<Answer>> others;
                CompletableFuture<Answer> first;
                try (ParkedInserts parked = ParkedInserts.park(sql, "delegations", "AFTER", 1)) {
                    first = CompletableFuture.supplyAsync(() -> team.ask(",\"delegation_id\":\"first\""));
                    parked.awaitParked();
                    others = CompletableFuture.supplyAsync(() ->
                            atOnce(20, i -> team.ask(",\"delegation_id\":\"" + (i == 10 ? "poison" : "d" + i) + "\"")));
                    awaitRequests(21);
                }
                first.join().expect(201);
                answers.addAll(others.join());
            } finally {
                sql.execute("DROP TRIGGER test_poison ON delegations");
                sql.execute("DROP FUNCTION test_poison");
            }
        }

        assertEquals(500, answers.remove(10).status());
        answers.forEach(answer -> answer.expect(201));
        assertEquals(20, Sql.count("SELECT count(*) FROM delegations"));
        // Each alone, after the batch that they shared was refused.
        assertEquals(20, Sql.count("SELECT count(DISTINCT xmin::text) FROM delegations"));
        LedgerFacts.assertSound();
    }

    private static void awaitRequests(int count) {
        Await.until(count + " requests are under way", () -> Call.of("GET", "/q/metrics")
                .send()
                .text()
                .lines()
                .filter(line -> line.startsWith("http_server_active_requests"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .anyMatch(active -> active >= count));
    }
}
