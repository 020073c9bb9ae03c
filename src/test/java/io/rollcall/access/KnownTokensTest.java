package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a replica knows of tokens: no statement a request, and yet no second after a revocation anywhere. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class KnownTokensTest {

    private static final String LOOK_UPS_WAITING = """
            SELECT count(*) FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND query LIKE 'SELECT id, org_id, workspace_id, name, scope, sha256%'
            """;

    private static final String SCANS = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'tokens_pkey'";

    @Inject
    TokenUse use;

    private Organisation acme;

    @BeforeEach
    void start() {
        Api.emptyTheDatabase();
        acme = Organisation.make("Acme");
    }

    /** Written straight into the database: this replica hears of it as of what another one did. */
    @Test
    void whatAnotherReplicaRevokedIsRefusedWithinASecond() {
        for (int round = 0; round < 5; round++) {
            String token = Organisation.token(acme.root(), "read");
            read(token).expect(200);
            Sql.run(
                    "UPDATE tokens SET revoked_at = now(), changed_at = now() WHERE scope = 'read' AND revoked_at IS NULL");
            long revoked = System.nanoTime();

            Await.until("it is refused", () -> read(token).status() == 401);

            // A second, and what a busy machine may add to the exchange itself.
            assertTrue(System.nanoTime() - revoked < Duration.ofMillis(1_500).toNanos());
        }
    }

    @Test
    void anEndThatAnotherReplicaBroughtNearerIsHeardOfToo() {
        read(acme.read()).expect(200);

        Sql.run("UPDATE tokens SET expires_at = now(), changed_at = now() WHERE scope = 'read'");

        Await.until("it is refused", () -> read(acme.read()).status() == 401);
    }

    @Test
    void aTokenInUseCostsNoStatement() {
        read(acme.read()).expect(200);
        long before = Sql.count(SCANS);

        for (int i = 0; i < 300; i++) {
            read(acme.read()).expect(200);
        }

        // The statistics come late, also those of the test before; the polls do not use this index.
        assertTrue(Sql.count(SCANS) - before < 100);
    }

    /** While the table is locked nobody can ask whether a token was revoked: then none is taken from memory. */
    @Test
    void whatCannotBeAskedForIsNotTrusted() {
        read(acme.read()).expect(200);
        try (var superuser = Superuser.connect();
                var watcher = Superuser.connect()) {
            superuser.begin();
            superuser.execute("LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE");
            var waiting = new ArrayList<CompletableFuture<Answer>>();
            Await.until("a request looks into the database", () -> {
                waiting.add(CompletableFuture.supplyAsync(() -> read(acme.read()), task -> new Thread(task).start()));
                return watcher.number(LOOK_UPS_WAITING) > 0;
            });
            superuser.execute("UPDATE tokens SET revoked_at = now(), changed_at = now() WHERE scope = 'read'");
            superuser.execute("COMMIT");

            assertEquals(401, waiting.get(waiting.size() - 1).join().status());
        }
        assertEquals(401, read(acme.read()).status());
    }

    @Test
    void tokensThatComeTogetherAreLookedUpTogether() {
        int many = 100;
        List<String> tokens = IntStream.range(0, many)
                .mapToObj(i -> Organisation.token(acme.root(), "read"))
                .toList();
        try (var superuser = Superuser.connect();
                var watcher = Superuser.connect()) {
            superuser.begin();
            superuser.execute("LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE");
            var sent = new CountDownLatch(many);
            List<Callable<Answer>> requests = tokens.stream()
                    .map(token -> (Callable<Answer>) () -> {
                        sent.countDown();
                        return read(token);
                    })
                    .toList();
            var answers = CompletableFuture.supplyAsync(() -> Race.run(requests));
            Await.until("all were sent", () -> sent.getCount() == 0);
            Await.until("the first ones wait", () -> watcher.number(LOOK_UPS_WAITING) > 0);

            assertEquals(1, watcher.number(LOOK_UPS_WAITING));
            assertFalse(answers.isDone());
            superuser.execute("COMMIT");

            answers.join().forEach(answer -> answer.expect(200));
        }
    }

    @Test
    void aTokensUseIsNotedToTenMinutes() {
        read(acme.read()).expect(200);
        use.write().await().atMost(Await.PATIENCE);
        String first = Sql.one("SELECT last_used_at || ' ' || xmin FROM tokens WHERE scope = 'read'");
        assertEquals(0, Sql.count("SELECT count(*) FROM tokens WHERE scope = 'write' AND last_used_at IS NOT NULL"));

        read(acme.read()).expect(200);
        use.write().await().atMost(Await.PATIENCE);

        assertEquals(first, Sql.one("SELECT last_used_at || ' ' || xmin FROM tokens WHERE scope = 'read'"));
    }

    @Test
    void aTokenThatIsMintedWhileItsWorkspaceGoesIsNeverLive() {
        for (int round = 0; round < 20; round++) {
            String name = "W" + round;
            String id = Organisation.post(acme.write(), "/workspaces", "{\"name\":\"" + name + "\"}")
                    .expect(201)
                    .id();
            List<Callable<Integer>> racers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                racers.add(() -> Organisation.post(acme.admin(), "/workspaces/" + id + "/tokens", "{\"name\":\"n\"}")
                        .status());
            }
            racers.add(() -> io.rollcall.Call.of("DELETE", "/workspaces/" + id)
                    .as(acme.admin())
                    .header("X-Confirm-Name", name)
                    .send()
                    .status());

            List<Integer> outcomes = Race.run(racers);

            assertEquals(200, outcomes.get(4));
            assertTrue(outcomes.stream().allMatch(status -> status < 500), outcomes.toString());
        }
        assertEquals(0, Sql.count("""
                SELECT count(*) FROM tokens t JOIN workspaces w ON w.id = t.workspace_id
                 WHERE t.revoked_at IS NULL AND w.status = 'removed'"""));
    }

    private static Answer read(String token) {
        return Organisation.get(token, "/workspaces");
    }
}
