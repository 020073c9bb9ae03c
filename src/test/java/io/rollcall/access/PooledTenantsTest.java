package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.rollcall.Api;
import io.rollcall.Race;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many organisations take turns on two connections: a session never keeps the tenant of the request before. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(PooledTenantsTest.TwoConnections.class)
class PooledTenantsTest {

    public static class TwoConnections implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.datasource.reactive.max-size", "2");
        }
    }

    private static final int ORGANISATIONS = 50;
    private static final int AT_ONCE = 64;

    /** As their time-out would, but of those alone that wait for the test's lock. */
    private static final String CUT_OFF_WAITING = """
            SELECT count(pg_cancel_backend(l.pid)) FROM pg_locks l WHERE l.relation = 'workspaces'::regclass AND NOT l.granted
            """;

    private static final Pattern ORG_ID = Pattern.compile("\"org_id\":\"([^\"]+)\"");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger rows = new AtomicInteger();
    private final AtomicInteger hungUp = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final List<String> foreign = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() {
        Api.emptyTheDatabase();
    }

    @Test
    void requestsOfFiftyOrganisationsNeverSeeAForeignRow() throws Exception {
        neverSeeAForeignRow(2_500);
    }

    @Test
    @Tag("slow")
    void tenThousandRequestsOfFiftyOrganisationsNeverSeeAForeignRow() throws Exception {
        neverSeeAForeignRow(10_000);
    }

    private void neverSeeAForeignRow(int requests) throws Exception {
        var random = new Random(Race.seed("pooled tenants"));
        List<Organisation> organisations = IntStream.range(0, ORGANISATIONS)
                .mapToObj(number -> Organisation.make("Organisation " + number))
                .toList();
        var places = new Semaphore(AT_ONCE);
        long cutOff = 0;
        try (var superuser = Superuser.connect()) {
            for (int i = 0; i < requests; i++) {
                if (i % 2500 == 2000) {
                    superuser.begin();
                    superuser.execute("LOCK TABLE workspaces IN ACCESS EXCLUSIVE MODE");
                }
                if (i % 2500 == 2040) {
                    superuser.execute("COMMIT");
                }
                for (int wait = 0; !places.tryAcquire(20, TimeUnit.MILLISECONDS); wait++) {
                    assertTrue(wait < 1500, "no answer for 30 s");
                    cutOff += superuser.number(CUT_OFF_WAITING);
                }
                send(organisations.get(random.nextInt(ORGANISATIONS)), organisations, random, places);
            }
        }
        assertTrue(places.tryAcquire(AT_ONCE, 30, TimeUnit.SECONDS), "not all were answered");

        System.out.println("pooled tenants: answered " + answered + " with " + rows + " rows, failed " + failed
                + ", cut off " + cutOff + ", hung up " + hungUp);
        assertEquals(List.of(), foreign);
        assertTrue(answered.get() > requests / 2 && rows.get() > requests / 2, "hardly any was answered");
        assertTrue(hungUp.get() > requests / 100 && failed.get() > requests / 100, "nothing went wrong on the way");
        assertTrue(cutOff > 10, "hardly any statement was cut off: " + cutOff);
        try (var superuser = Superuser.connect()) {
            assertTrue(
                    superuser.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rollcall'") <= 2);
        }
    }

    /** One of: the list, an own row, a foreign row, a write, a refused write; now and then the caller hangs up. */
    private void send(Organisation home, List<Organisation> all, Random random, Semaphore places) {
        Organisation other = all.get((all.indexOf(home) + 1) % ORGANISATIONS);
        var request = HttpRequest.newBuilder().header("Authorization", "Bearer " + home.write());
        switch (random.nextInt(6)) {
            case 0 -> request.uri(uri("/workspaces"));
            case 1, 2 -> request.uri(uri("/workspaces/" + home.child()));
            case 3 -> request.uri(uri("/workspaces/" + other.child()));
            case 4 ->
                request.uri(uri("/workspaces/" + home.child()))
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString("{\"x\":" + random.nextInt(100) + "}"));
            default ->
                request.uri(uri("/workspaces"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"name\":\"n\",\"parent_id\":\"" + other.root() + "\"}"));
        }
        CompletableFuture<HttpResponse<String>> exchange = client.sendAsync(request.build(), BodyHandlers.ofString());
        boolean hangUp = random.nextInt(20) == 0;
        exchange.whenComplete((reply, failure) -> {
            places.release();
            if (reply == null) {
                hungUp.incrementAndGet();
            } else {
                look(home, reply);
            }
        });
        if (hangUp) {
            exchange.cancel(true);
        }
    }

    private void look(Organisation home, HttpResponse<String> reply) {
        if (reply.statusCode() >= 400) {
            failed.incrementAndGet();
            return;
        }
        answered.incrementAndGet();
        var found = ORG_ID.matcher(reply.body());
        while (found.find()) {
            rows.incrementAndGet();
            if (!found.group(1).equals(home.root())) {
                foreign.add(home.root() + " was given " + reply.body());
            }
        }
    }

    private static URI uri(String path) {
        return URI.create("http://localhost:" + RestAssured.port + path);
    }
}
