package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A callee's claims: each delegation once, oldest first, and waited for. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ClaimTest {

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    @Test
    void whoWaitsIsGivenWhatIsMadeMeanwhileOnThisReplica() {
        var claim = CompletableFuture.supplyAsync(() -> team.claim("{\"wait_ms\":30000}"));
        awaitFirstLooks();

        team.ask(",\"delegation_id\":\"d\"").expect(201);

        JsonNode items = claim.join().expect(200).json().path("items");
        assertEquals("d", items.at("/0/delegation_id").asText());
        assertEquals("Count the stars", items.at("/0/task").asText());
        assertEquals(1, items.at("/0/attempt").asInt());
    }

    @Test
    void whoWaitsIsGivenWhatAnotherReplicaMade() {
        var claim = CompletableFuture.supplyAsync(() -> team.claim("{\"wait_ms\":30000}"));
        awaitFirstLooks();

        assertEquals(1, SeededDelegations.queue(team, 1));

        assertEquals(
                "seed-1",
                claim.join().expect(200).json().at("/items/0/delegation_id").asText());
    }

    @Test
    void whoWaitsForNothingIsAnsweredNothing() {
        assertEquals(
                "{\"items\":[]}", team.claim("{\"wait_ms\":50}").expect(200).text());
        assertEquals("{\"items\":[]}", team.claim("").expect(200).text());
    }

    @Test
    void theOldestAreTakenFirstAndNoMoreThanAsked() {
        SeededDelegations.queue(team, 5);

        assertEquals(List.of("seed-1", "seed-2"), ids(team.claim("{\"limit\":2}")));
        assertEquals(List.of("seed-3", "seed-4", "seed-5"), ids(team.claim("{\"limit\":100}")));
    }

    @Test
    void fiftyWhoClaimAtOnceTakeEachDelegationOnce() {
        SeededDelegations.queue(team, 200);
        String[] tokens = {team.workerToken(), TestDatabase.TOKEN};

        List<Callable<List<String>>> claimers = IntStream.range(0, 50)
                .<Callable<List<String>>>mapToObj(i -> () -> {
                    var taken = new ArrayList<String>();
                    for (List<String> more = List.of(""); !more.isEmpty(); ) {
                        more = ids(Team.post(
                                tokens[i % 2],
                                "/workspaces/" + team.worker() + "/delegations/claim",
                                "{\"limit\":" + (1 + i % 3) + "}"));
                        taken.addAll(more);
                    }
                    return taken;
                })
                .toList();
        List<String> taken = Race.run(claimers).stream().flatMap(List::stream).toList();

        // A row that somebody held was passed over: whoever asks last takes what is left.
        var all = new ArrayList<>(taken);
        all.addAll(ids(team.claim("{\"limit\":100}")));
        assertEquals(200, all.size());
        assertEquals(200, new HashSet<>(all).size());
        assertEquals(200, Sql.count("SELECT count(*) FROM delegations WHERE status = 'dispatched' AND attempt = 1"));
        LedgerFacts.assertSound();
    }

    @Test
    void whatSomebodyElseHoldsIsPassedOverAndNotWaitedFor() {
        SeededDelegations.queue(team, 2);
        try (Superuser sql = Superuser.connect()) {
            sql.begin();
            sql.execute("SELECT 1 FROM delegations WHERE delegation_id = 'seed-1' FOR UPDATE");

            assertEquals(List.of("seed-2"), ids(team.claim("{\"limit\":2}")));

            sql.execute("ROLLBACK");
        }
        assertEquals(List.of("seed-1"), ids(team.claim("{\"limit\":2}")));
    }

    @Test
    void whatNobodyMayTakeStaysQueued() {
        team.ask("").expect(201);
        Call.of("DELETE", "/workspaces/" + team.worker())
                .header("X-Confirm-Name", "Worker")
                .send()
                .expect(200);

        assertEquals(
                "REMOVED",
                Call.post("/workspaces/" + team.worker() + "/delegations/claim", "{}")
                        .expect(410)
                        .code());

        assertEquals("queued|0", Sql.one("SELECT status, attempt FROM delegations"));
    }

    /** Claims of one callee are written one after the other: those that came before have looked when this is answered. */
    private void awaitFirstLooks() {
        for (int i = 0; i < 3; i++) {
            assertTrue(ids(team.claim("{}")).isEmpty());
        }
    }

    private static List<String> ids(Answer answer) {
        var ids = new ArrayList<String>();
        answer.expect(200)
                .json()
                .path("items")
                .forEach(item -> ids.add(item.path("delegation_id").asText()));
        return ids;
    }
}
