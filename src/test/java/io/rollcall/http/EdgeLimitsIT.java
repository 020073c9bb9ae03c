package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is slow is cut off: the packaged service under short limits, seen from raw sockets. */
@Tag("full")
class EdgeLimitsIT {

    private static final Duration HEADER = Duration.ofMillis(400);
    private static final Duration LIMIT = Duration.ofMillis(1500);
    private static final Duration DRIP = Duration.ofMillis(50);
    private static final int CONNECTIONS = 20;

    private static final String CONSOLE = "https://console.example.org";
    private static final String HEAD = "\nHost: localhost\nAuthorization: Bearer " + TestDatabase.TOKEN + "\n";
    private static final String GET = "GET /workspaces HTTP/1.1" + HEAD + "\n";
    private static final String BODY = "{\"name\": \"Acme\"}";
    private static final String POST = "POST /workspaces HTTP/1.1" + HEAD
            + "Content-Type: application/json\nContent-Length: " + BODY.length() + "\n\n";

    private static ServiceProcess service;
    private static Http http;
    private static ExecutorService clients;

    @BeforeAll
    static void start() {
        service = ServiceProcess.start(
                        ServiceProcess.freshDirectory("edge-limits"),
                        Map.of(
                                "QUARKUS_HTTP_CORS_ENABLED",
                                "true",
                                "QUARKUS_HTTP_CORS_ORIGINS",
                                CONSOLE,
                                "ROLLCALL_ADMIN_TOKEN",
                                TestDatabase.TOKEN,
                                "ROLLCALL_HTTP_HEADER_TIMEOUT",
                                HEADER.toString(),
                                "ROLLCALL_HTTP_BODY_TIMEOUT",
                                LIMIT.toString(),
                                "ROLLCALL_HTTP_DEADLINE",
                                LIMIT.toString(),
                                "QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE",
                                "2",
                                "QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS",
                                Integer.toString(CONNECTIONS)))
                .awaitListening();
        http = service.http();
        clients = Executors.newFixedThreadPool(6);
        // The embedded server looks after its clients while it works; others, by default, do not.
        try (Superuser sql = service.superuser()) {
            sql.execute("ALTER ROLE rollcall SET client_connection_check_interval = 0");
            sql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rollcall'");
        }
        Await.until(
                "it has new connections",
                () -> http.get("/workspaces").status() == 200
                        && http.get("/org/imports").status() == 200);
    }

    @AfterAll
    static void stop() {
        clients.shutdown();
        service.close();
    }

    @AfterEach
    void nothingIsCalledUnexpected() {
        // That a reply broke off is RESTEasy's to say; ours and the server's errors would be faults.
        assertFalse(service.output().contains("ERROR [io."), service::output);
    }

    @Test
    void aHeadThatDripsIsCutOff() {
        try (RawClient client = client()) {
            assertTrue(dripsUntilClosed(client, "GET /workspaces HTTP/1.1\nX-Slow: "));
            assertEquals("", client.received());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: Upgrade\nUpgrade: websocket\n"})
    void soIsALaterHeadOfAConnectionThatWasKept(String header) {
        try (RawClient client = client()) {
            client.send("GET /workspaces HTTP/1.1" + HEAD + header + "\n");
            awaitReplies(client, 1);

            assertTrue(dripsUntilClosed(client, "GET /workspaces HTTP/1.1\nX-Slow: "));
        }
    }

    @Test
    void aSilentConnectionIsCutOff() {
        try (RawClient client = client()) {
            assertTrue(client.closesWithin(Await.PATIENCE));
        }
    }

    @Test
    void aConnectionThatWasKeptMayBeIdleForLonger() {
        try (RawClient client = client()) {
            client.send(GET);
            assertFalse(client.closesWithin(HEADER.multipliedBy(3)));

            client.send(GET + GET);
            awaitReplies(client, 3);
            assertFalse(client.closesWithin(HEADER.multipliedBy(3)));
        }
    }

    @Test
    void aBodyMayTakeLongerThanAHead() {
        try (RawClient client = client()) {
            client.send(POST + BODY.substring(0, 5));
            assertFalse(client.closesWithin(HEADER.multipliedBy(2)));
            client.send(BODY.substring(5));

            awaitReplies(client, 1);
            assertTrue(client.received().startsWith("HTTP/1.1 201"), client::received);
            assertFalse(client.closesWithin(LIMIT), "the body's limit ended with it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
    void aBodyThatDripsIsAnswered408AndCutOff(String length) {
        try (RawClient client = client()) {
            client.send("POST /workspaces HTTP/1.1" + HEAD + "Content-Type: application/json\n" + length + "\n\n");
            assertTrue(dripsUntilClosed(client, length.startsWith("T") ? "3e8\n{" : "{"));

            assertTrue(client.received().startsWith("HTTP/1.1 408 "), client::received);
            assertTrue(client.received().contains("\"code\":\"REQUEST_TIMEOUT\""), client::received);
            assertTrue(client.received().contains("\"limit_ms\":1500"), client::received);
        }
    }

    @Test
    void aBodyThatGoesOnAfterTheReplyIsCutOff() {
        try (RawClient client = client()) {
            client.send("POST /nothing/here HTTP/1.1" + HEAD + "Content-Length: 1000\n\n");
            assertTrue(dripsUntilClosed(client, "{"));

            assertTrue(client.received().startsWith("HTTP/1.1 404 "), client::received);
        }
    }

    /** Six at once over a pool of two: each gives its connection up, and the next gets another. */
    @Test
    void workThatExceedsTheDeadlineIsRolledBackAndAnswered503() {
        try (Superuser sql = service.superuser()) {
            long before = sql.number("SELECT count(*) FROM workspaces");
            sql.begin();
            sql.execute("LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE");
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> post("Late"), clients))
                    .limit(6)
                    .toList()
                    .forEach(late -> deadlineExceeded(late.join()));
            Await.until("the statements are cancelled, and their locks gone", () -> sql.number("""
                            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                             WHERE NOT l.granted AND a.usename = 'rollcall'""") == 0);
            sql.execute("ROLLBACK");

            assertEquals(before, sql.number("SELECT count(*) FROM workspaces"));
            Answer now = post("Late");
            assertEquals("201", now.outcome());
            assertEquals("Late", now.json().get("name").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/workspaces", "/org/imports", "/workspaces/00000000-0000-0000-0000-000000000001"})
    void soAreReads(String path) {
        try (Superuser sql = service.superuser()) {
            sql.begin();
            sql.execute("LOCK TABLE workspaces, import_runs IN ACCESS EXCLUSIVE MODE");
            deadlineExceeded(http.get(path));
            sql.execute("ROLLBACK");

            assertEquals("200", http.get("/workspaces").outcome());
        }
    }

    /** The first rows are on their way with a 200: the rest is missing, and so is the end. */
    @Test
    void aReaderSlowerThanTheDeadlineIsBrokenOff() {
        String root = post("Large").json().get("id").asText();
        try (Superuser sql = service.superuser()) {
            sql.execute("INSERT INTO workspaces (id, org_id, parent_id, name, role) SELECT gen_random_uuid(), '" + root
                    + "', '" + root + "', n::text, repeat('r', 1000) FROM generate_series(1, 12000) n");
            try (RawClient client = client()) {
                client.send(GET);
                Await.until("the rows are read", () -> readers(sql) == 1);
                Await.until("the connection is given up", () -> readers(sql) == 0);

                assertTrue(client.closesWithin(Await.PATIENCE));
                assertTrue(client.received().startsWith("HTTP/1.1 200 "));
                assertFalse(client.received().endsWith("0\r\n\r\n"));
            } finally {
                sql.execute("DELETE FROM workspaces WHERE parent_id IS NOT NULL");
            }
        }
        assertEquals("200", http.get("/workspaces").outcome());
    }

    /** By their statement: the service's jobs have transactions too. */
    private static long readers(Superuser sql) {
        return sql.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'rollcall' AND xact_start IS NOT NULL"
                + " AND query LIKE '%AS children_count%'");
    }

    /** Twenty times over a pool of two, some while they wait for a connection and some while they have one. */
    @Test
    void readersWhoHangUpLeaveNoConnectionBehind() {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (RawClient client = client()) {
                client.send(GET);
            }
        }

        assertEquals("200", http.get("/workspaces").outcome());
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnce() {
        List<RawClient> open = new ArrayList<>();
        try {
            while (open.size() <= CONNECTIONS && (open.isEmpty() || isServed(open.get(open.size() - 1)))) {
                open.add(client());
            }

            assertFalse(isServed(open.get(open.size() - 1)), "one is refused");
            assertTrue(isServed(open.get(0)), "the first is kept");
        } finally {
            open.forEach(RawClient::close);
        }
        Await.until("there is room again", () -> {
            try (RawClient client = client()) {
                return isServed(client);
            }
        });
    }

    @Test
    void pagesOfANamedOriginMayCallAndNoOthers() {
        Answer named = http.send("GET", "/workspaces", "application/json", "", "Origin", CONSOLE);
        Answer other = http.send("GET", "/workspaces", "application/json", "", "Origin", "https://elsewhere.example");

        assertEquals("200", named.outcome());
        assertEquals(CONSOLE, named.header("Access-Control-Allow-Origin"));
        assertEquals(403, other.status());
        assertEquals("", other.header("Access-Control-Allow-Origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://console.example.org, /.*/"})
    void everyOriginIsNoSetting(String origins) {
        var environment = Map.of(
                "ROLLCALL_DATABASE_URL",
                "postgresql://rollcall:" + service.passwords().get(1) + "@127.0.0.1:" + service.databasePort()
                        + "/rollcall",
                "QUARKUS_HTTP_CORS_ORIGINS",
                origins);
        try (ServiceProcess refused =
                ServiceProcess.start(ServiceProcess.freshDirectory("every-origin"), environment)) {
            assertEquals(78, refused.exitCode());
            assertTrue(
                    refused.output().contains("rollcall: quarkus.http.cors.origins allows every origin"),
                    refused::output);
        }
    }

    private static boolean isServed(RawClient client) {
        int before = client.received().length();
        client.send(GET);
        Await.until(
                "it is answered or closed",
                () -> client.closesWithin(DRIP) || client.received().length() > before);
        return client.received().length() > before;
    }

    private static void deadlineExceeded(Answer answer) {
        assertEquals("503 DEADLINE_EXCEEDED", answer.outcome());
        assertEquals("5", answer.header("Retry-After"));
        assertEquals(LIMIT.toMillis(), answer.json().get("limit_ms").asLong());
    }

    private static Answer post(String name) {
        return http.send("POST", "/workspaces", "application/json", "{\"name\": \"" + name + "\"}");
    }

    private static RawClient client() {
        return new RawClient(service.port());
    }

    private static boolean dripsUntilClosed(RawClient client, String beginning) {
        client.send(beginning);
        long end = System.nanoTime() + Await.PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (client.closesWithin(DRIP) || !client.send("x")) {
                return true;
            }
        }
        return false;
    }

    private static void awaitReplies(RawClient client, int count) {
        Await.until(count + " replies", () -> {
            client.closesWithin(DRIP);
            return client.received().split("HTTP/1.1 ", -1).length == count + 1;
        });
    }
}
