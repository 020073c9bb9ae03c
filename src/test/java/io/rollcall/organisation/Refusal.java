package io.rollcall.organisation;

import static io.rollcall.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.rollcall.Api;
import java.time.Duration;
import java.util.List;

/**
 * What holds of every refusal, whatever was wrong: a problem that names it, nothing of the service's inside, soon, and
 * nothing written.
 */
final class Refusal {

    private static final List<String> NEVER_SHOWN =
            List.of("Exception", "io.rollcall", "SELECT", "INSERT", "/work", "java.", "snakeyaml", "fasterxml");
    private static final Duration SOON = Duration.ofSeconds(2);

    private static boolean warm;

    private Refusal() {}

    static void check(Response reply, int status, String code) {
        check(status, code, reply.statusCode(), reply.contentType(), reply.asString());
    }

    /** A whole import that is refused; the next one works as if it had not been. */
    static Response ofImport(String contentType, byte[] body, int status, String code) {
        warmUp();
        long start = System.nanoTime();
        Response reply = api().contentType(contentType).body(body).post("/org/import");
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        check(reply, status, code);
        assertTrue(took.compareTo(SOON) < 0, "took " + took);
        leftNothing();
        return reply;
    }

    /** The first request of a test run loads classes, the client's too; what is measured is the service. */
    static synchronized void warmUp() {
        if (!warm) {
            leftNothing();
            Api.emptyTheDatabase();
            warm = true;
        }
    }

    static void check(int status, String code, int actualStatus, String contentType, String body) {
        assertEquals(status, actualStatus, () -> shortened(body));
        assertTrue(
                String.valueOf(contentType).startsWith("application/problem+json"),
                () -> contentType + " " + shortened(body));
        var problem = io.restassured.path.json.JsonPath.from(body);
        assertEquals(status, problem.getInt("status"));
        assertEquals(code, problem.getString("code"), () -> shortened(body));
        assertEquals(problem.getString("detail"), problem.getString("error"));
        assertFalse(problem.getString("detail").isBlank(), () -> shortened(body));
        for (String secret : NEVER_SHOWN) {
            assertFalse(body.contains(secret), () -> secret + " in " + shortened(body));
        }
    }

    /** No row of any kind, and the service still imports. */
    static void leftNothing() {
        for (String table : List.of("workspaces", "import_runs", "audit_log", "idempotency_keys")) {
            assertEquals(0, Imports.count(table), table);
        }
        assertEquals(
                201, Imports.yaml("{name: T, workspaces: [{name: Fine}]}").statusCode(), "a valid import afterwards");
    }

    private static String shortened(String body) {
        return body.length() > 2000 ? body.substring(0, 2000) + " …" : body;
    }
}
