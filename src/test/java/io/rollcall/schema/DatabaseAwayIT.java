package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.LocalDatabase;
import io.rollcall.Race;
import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import io.rollcall.Wire;
import io.rollcall.embedded.EmbeddedServer;
import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The database goes away under a serving process and comes back: said quickly, and nobody restarts anything. */
@Tag("full")
class DatabaseAwayIT {

    /** Five seconds for a connection, eight for an answer on it; the rest is a busy machine. */
    private static final long QUICK_MILLIS = 20_000;

    private static final String ACME = """
            {"template": {"name": "acme", "workspaces": [{"name": "Acme", "children": [{"name": "%s"}]}]}}
            """;

    private static final EmbeddedServer DATABASE = new EmbeddedServer();
    private static LocalDatabase.Urls urls;
    private static Wire wire;
    private static ServiceProcess service;
    private static Http http;

    @BeforeAll
    static void start() {
        var directory = ServiceProcess.freshDirectory("away");
        urls = DATABASE.start(directory.resolveSibling("database"));
        wire = new Wire(URI.create(urls.serving()).getPort());
        service = ServiceProcess.start(
                        directory,
                        Map.of(
                                "ROLLCALL_ADMIN_TOKEN",
                                TestDatabase.TOKEN,
                                "ROLLCALL_DATABASE_STATEMENT_TIMEOUT",
                                "3s",
                                "ROLLCALL_DATABASE_OWNER_URL",
                                urls.owner(),
                                "ROLLCALL_DATABASE_URL",
                                by(wire)))
                .awaitListening();
        http = service.http();
    }

    @AfterAll
    static void stop() {
        service.close();
        wire.close();
        DATABASE.stop();
    }

    @Test
    void aStartWaitsForADatabaseThatIsNotThereYet() {
        try (Wire later = new Wire(URI.create(urls.serving()).getPort())) {
            later.cut();
            var variables = Map.of(
                    "ROLLCALL_ADMIN_TOKEN",
                    TestDatabase.TOKEN,
                    "ROLLCALL_DATABASE_OWNER_URL",
                    urls.owner(),
                    "ROLLCALL_DATABASE_URL",
                    by(later));
            try (ServiceProcess starting = ServiceProcess.start(ServiceProcess.freshDirectory("waiting"), variables)) {
                Await.until("it waits", () -> starting.output().contains("Waiting for the database"));

                later.mend();

                starting.awaitListening();
            }
        }
    }

    @Test
    void aDatabaseThatIsDownIsSaidQuicklyAndUsedAgainWhenItIsBack() {
        assertEquals("201", http.importing(ACME.formatted("before it is down")).outcome());

        wire.cut();

        assertAway();
        wire.mend();
        assertBack("after it was down");
    }

    @Test
    void aDatabaseThatFallsSilentIsSaidQuicklyAndUsedAgainWhenItIsBack() {
        assertEquals(
                "201", http.importing(ACME.formatted("before it is silent")).outcome());

        wire.freeze();

        assertAway();
        wire.thaw();
        assertBack("after it was silent");
    }

    private static String by(Wire line) {
        URI url = URI.create(urls.serving());
        return "postgresql://" + url.getUserInfo() + "@127.0.0.1:" + line.port() + url.getPath();
    }

    private static void assertAway() {
        Race.run(Collections.nCopies(8, (Callable<Boolean>) () -> {
            assertUnavailable(() -> http.importing(ACME.formatted("meanwhile")));
            assertUnavailable(() -> http.get("/org/imports"));
            return true;
        }));
        assertEquals(200, http.get("/q/health/live").status());
        Answer ready = http.get("/q/health/ready");
        assertEquals(503, ready.status());
        assertTrue(ready.body().contains("the database does not answer"), ready.body());
    }

    private static void assertUnavailable(Callable<Answer> request) throws Exception {
        long begin = System.nanoTime();
        Answer answer = request.call();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertEquals("503 UNAVAILABLE", answer.outcome(), answer.body());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertEquals("1", answer.header("Retry-After"));
        assertTrue(millis < QUICK_MILLIS, "answered after " + millis + " ms");
    }

    private static void assertBack(String name) {
        Await.until("ready again", () -> http.get("/q/health/ready").status() == 200);
        assertEquals("201", http.importing(ACME.formatted(name)).outcome());
        assertTrue(service.isAlive());
    }
}
