package io.rollcall.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Misconfigured;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import io.rollcall.access.Transactions;
import io.rollcall.http.Json;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Incidents are told to the webhook: at least once, signed, again after a failure, and not for ever. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoticesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PENDING = "SELECT count(*) FROM incidents WHERE notify_at IS NOT NULL";
    private static final String PAUSE = "SELECT round(extract(epoch FROM notify_at - now())) FROM incidents";

    @Inject
    Transactions transactions;

    @Inject
    NoticeRepository repository;

    @Inject
    Json json;

    @Inject
    Vertx vertx;

    private record Received(String path, String body, String signature, String type) {}

    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private volatile int status = 204;
    private HttpServer server;
    private Fleet acme;

    @BeforeEach
    void aServer() throws IOException {
        Api.emptyTheDatabase();
        acme = Fleet.make("Acme");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anIncidentIsToldOnceAsItIsShown() throws Exception {
        due(Fleet.incident(acme.dev(), "main", 0));
        JsonNode shown = Call.get("/incidents").json().at("/items/0");

        tell();
        tell();

        assertEquals(1, received.size());
        JsonNode told = new ObjectMapper().readTree(received.get(0).body());
        assertEquals("INCIDENT_RAISED", told.path("type").asText());
        assertEquals(shown, told.path("incident"));
        assertEquals(
                "/hook application/json -",
                received.get(0).path() + " " + received.get(0).type() + " "
                        + received.get(0).signature());
        assertEquals("t|-|1", Sql.one("SELECT notified_at <= now(), notify_at, notify_attempts FROM incidents"));
        assertEquals(1, counted("delivered"));
    }

    @Test
    void thePostIsSignedOverItsBytes() throws Exception {
        due(Fleet.incident(acme.dev(), "mäin", 0));

        notices("s3cret").tell(null).await().atMost(LIMIT);

        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertEquals(
                "sha256="
                        + HexFormat.of()
                                .formatHex(mac.doFinal(received.get(0).body().getBytes(StandardCharsets.UTF_8))),
                received.get(0).signature());
    }

    @Test
    void whatFailsIsToldAgainEachTimeLater() {
        due(Fleet.incident(acme.dev(), "main", 0));
        status = 500;
        for (int pause : List.of(30, 60, 120)) {
            tell();
            long left = Sql.count(PAUSE);
            assertTrue(left > pause - 10 && left <= pause, () -> left + " of " + pause);
            tell();
            Sql.run("UPDATE incidents SET notify_at = now()");
        }
        assertEquals(3, received.size());
        status = 200;
        tell();

        assertEquals("4|t", Sql.one("SELECT notify_attempts, notified_at IS NOT NULL FROM incidents"));
        assertEquals(0, Sql.count(PENDING));
        assertEquals(List.of(1L, 3L), List.of(counted("delivered"), counted("failed")));
        assertEquals(Duration.ofHours(1), Notices.pause(8));
        assertEquals(Duration.ofHours(1), Notices.pause(1000));
    }

    @Test
    void whatIsADayOldIsGivenUp() {
        due(Fleet.incident(acme.dev(), "main", 1));
        due(Fleet.incident(acme.qa(), "main", 0));

        tell();

        assertEquals(1, received.size());
        assertEquals(0, Sql.count(PENDING));
        assertEquals(List.of("1|-", "2|t"), Sql.rows("SELECT id, notified_at <= now() FROM incidents ORDER BY id"));
        assertEquals(1, counted("given_up"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsAFailureAndNotFollowed(int redirect) {
        due(Fleet.incident(acme.dev(), "main", 0));
        status = redirect;

        tell();

        assertEquals(List.of("/hook"), received.stream().map(Received::path).toList());
        assertEquals(1, Sql.count(PENDING));
        assertEquals(1, counted("failed"));
    }

    @Test
    void anAnswerIsNotReadToItsEnd() throws Exception {
        due(Fleet.incident(acme.dev(), "main", 0));
        var refused = new CountDownLatch(1);
        server.removeContext("/");
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                for (int i = 0; i < 1_000_000; i++) {
                    body.write(new byte[64 * 1024]);
                }
            } catch (IOException hungUp) {
                refused.countDown();
            }
        });

        tell();

        assertEquals(0, Sql.count(PENDING));
        assertTrue(refused.await(20, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Test
    void aServerThatIsAwayOrHangsIsAFailure() throws Exception {
        due(Fleet.incident(acme.dev(), "main", 0));
        var release = new CountDownLatch(1);
        server.removeContext("/");
        server.createContext("/", exchange -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        notices(new Webhook(settings(url, "127.0.0.1", null), vertx, Duration.ofMillis(200)))
                .tell(null)
                .await()
                .atMost(LIMIT);
        release.countDown();
        server.stop(0);
        Sql.run("UPDATE incidents SET notify_at = now()");
        tell();

        assertEquals("2", Sql.one("SELECT notify_attempts FROM incidents WHERE notify_at > now()"));
        assertEquals(2, counted("failed"));
    }

    @Test
    void manyReplicasTellEachIncidentOnce() {
        for (int i = 0; i < 45; i++) {
            due(Fleet.incident(acme.dev(), "a" + i, 0));
        }

        Race.run(Collections.nCopies(4, (Callable<Boolean>) () -> {
            tell();
            return true;
        }));

        assertEquals(
                IntStream.rangeClosed(1, 45).mapToObj(i -> i + "").toList(),
                received.stream()
                        .map(post -> post.body().replaceAll(".*\"id\":(\\d+).*", "$1"))
                        .sorted(java.util.Comparator.comparing(Integer::valueOf))
                        .toList());
        assertEquals(45, Sql.count("SELECT count(*) FROM incidents WHERE notified_at IS NOT NULL"));
    }

    /** It died with the post: nobody knows whether it was made. */
    @Test
    void whatAReplicaTookAndDidNotSettleIsTakenOverAfterItsLease() {
        due(Fleet.incident(acme.dev(), "main", 0));
        var taken = transactions
                .runForPlatform(connection ->
                        repository.take(connection, null, 10, Duration.ofMinutes(3), Duration.ofHours(24)))
                .await()
                .atMost(LIMIT);

        tell();
        assertEquals(0, received.size());
        Sql.run("UPDATE incidents SET notify_at = now()");
        tell();
        assertEquals(1, received.size());

        // Its late word, that it failed, changes nothing any more.
        transactions
                .runForPlatform(connection -> repository.settle(
                        connection,
                        null,
                        List.of(new NoticeRepository.Told(taken.get(0), false, Duration.ofSeconds(30)))))
                .await()
                .atMost(LIMIT);
        assertEquals(0, Sql.count(PENDING));
    }

    @Test
    void withoutAUrlNothingIsTold() {
        due(Fleet.incident(acme.dev(), "main", 0));
        var silent = notices(new Webhook(settings(null, null, null), vertx));

        silent.tell().await().atMost(LIMIT);

        assertEquals(
                "1|0", Sql.one("SELECT count(*), sum(notify_attempts) FROM incidents WHERE notify_at IS NOT NULL"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://alerts.example.org/x,,webhook-hosts=alerts.example.org",
        "https://alerts.example.org/x,example.org,webhook-hosts=alerts.example.org",
        "https://alerts.example.org.evil.net/x,alerts.example.org,alerts.example.org.evil.net",
        "http://alerts.example.org/x,alerts.example.org,https",
        "http://127.0.0.1.evil.net/x,127.0.0.1.evil.net,https",
        "ftp://alerts.example.org/x,alerts.example.org,https",
        "https://alerts.example.org@evil.net/x,alerts.example.org,without a user",
        "https:///x,alerts.example.org,host",
        "alerts,alerts,host",
        "https://a b/x,a,not a URL"
    })
    void aTargetThatIsNotAllowedIsRefusedWithWhatToDo(String url, String host, String said) {
        String message = assertThrows(Misconfigured.class, () -> new Webhook(settings(url, host, null), vertx))
                .getMessage();
        assertTrue(message.contains(said), message);
        assertTrue(message.startsWith("rollcall.incidents.webhook-url"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "https://alerts.example.org/x,Alerts.Example.org",
        "HTTPS://ALERTS.example.org:8443,alerts.example.org",
        "http://localhost:9/x,localhost",
        "http://[::1]:9/x,[::1]"
    })
    void whatIsListedIsAllowed(String url, String host) {
        assertTrue(new Webhook(settings(url, host, null), vertx).isConfigured());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String signature = exchange.getRequestHeaders().getFirst(Webhook.SIGNATURE);
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    signature == null ? "-" : signature,
                    exchange.getRequestHeaders().getFirst("Content-Type")));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private static void due(long incident) {
        Sql.run("UPDATE incidents SET notify_at = now() WHERE id = ?", incident);
    }

    private void tell() {
        notices((String) null).tell(null).await().atMost(LIMIT);
    }

    private Notices notices(String secret) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        return notices(new Webhook(settings(url, "127.0.0.1", secret), vertx));
    }

    private Notices notices(Webhook webhook) {
        return new Notices(webhook, transactions, repository, new NoticeMeters(meters), json);
    }

    private long counted(String outcome) {
        return (long) meters.get("rollcall.incidents.webhook")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static IncidentSettings settings(String url, String host, String secret) {
        return new IncidentSettings() {
            @Override
            public Optional<String> webhookUrl() {
                return Optional.ofNullable(url);
            }

            @Override
            public Optional<List<String>> webhookHosts() {
                return Optional.ofNullable(host).map(List::of);
            }

            @Override
            public Optional<String> webhookSecret() {
                return Optional.ofNullable(secret);
            }
        };
    }
}
