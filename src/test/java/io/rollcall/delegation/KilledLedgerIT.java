package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} under load: every delegation, claim and report that was acknowledged is there, and none twice. */
@Tag("full")
class KilledLedgerIT {

    private static final int BEFORE_THE_KILL = 600;

    @Test
    void aServiceKilledUnderLoadHasAllItAcknowledgedAndNothingTwice() {
        Path directory = ServiceProcess.freshDirectory("killed-ledger");
        // delegation_id and status, of replies that arrived whole.
        var acknowledged = new ConcurrentLinkedQueue<String>();
        String boss;
        String worker;
        try (ServiceProcess first = ServiceProcess.start(directory)) {
            Http http = first.http();
            boss = workspace(http, null, "Boss");
            worker = workspace(http, boss, "Worker");
            var clients = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 6; i++) {
                String name = "c" + i;
                Http own = first.http();
                clients.add(CompletableFuture.runAsync(() -> load(own, name, boss, worker, acknowledged)));
            }
            Await.until("enough was acknowledged", () -> acknowledged.size() >= BEFORE_THE_KILL);

            first.kill();

            clients.forEach(CompletableFuture::join);
            System.out.println("killed after " + acknowledged.size() + " acknowledged writes");
            secondStart(directory, acknowledged);
        }
    }

    private static void secondStart(Path directory, ConcurrentLinkedQueue<String> acknowledged) {
        try (ServiceProcess second = ServiceProcess.start(directory);
                Superuser sql = second.superuser()) {
            List<String> events = sql.texts("SELECT d.delegation_id || ' ' || e.to_status FROM delegation_events e"
                    + " JOIN delegations d ON d.id = e.delegation WHERE e.kind = 'transition'");
            Set<String> there = new HashSet<>(events);
            assertEquals(events.size(), there.size(), "none twice");
            assertEquals(
                    List.of(),
                    acknowledged.stream().filter(one -> !there.contains(one)).toList());
            // What was under way and never answered: at most one write of each client.
            assertTrue(events.size() <= acknowledged.size() + 6 * 3, events.size() + " of " + acknowledged.size());
            LedgerFacts.assertSound(sql);

            String done = acknowledged.stream()
                    .filter(one -> one.endsWith(" completed"))
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[0];
            assertEquals(
                    "replayed",
                    second.http()
                            .send(
                                    "POST",
                                    "/delegations/" + done + "/status",
                                    "application/json",
                                    "{\"status\":\"completed\"}")
                            .json()
                            .path("outcome")
                            .asText());
        }
    }

    private static String workspace(Http http, String parent, String name) {
        String below = parent == null ? "" : ",\"parent_id\":\"" + parent + "\"";
        return http.send("POST", "/workspaces", "application/json", "{\"name\":\"" + name + "\"" + below + "}")
                .json()
                .path("id")
                .asText();
    }

    /** Creates, claims what is there and reports it done, until nobody answers. */
    private static void load(
            Http http, String name, String boss, String worker, ConcurrentLinkedQueue<String> acknowledged) {
        try {
            for (int n = 0; ; n++) {
                String id = name + "-" + n;
                expect(
                        201,
                        post(
                                http,
                                "/delegations",
                                "{\"delegation_id\":\"" + id + "\",\"caller_id\":\"" + boss + "\",\"callee_id\":\""
                                        + worker + "\",\"task\":\"t\"}"));
                acknowledged.add(id + " queued");
                JsonNode items = expect(
                                200, post(http, "/workspaces/" + worker + "/delegations/claim", "{\"limit\":2}"))
                        .path("items");
                for (JsonNode item : items) {
                    acknowledged.add(item.path("delegation_id").asText() + " dispatched");
                }
                for (JsonNode item : items) {
                    String claimed = item.path("delegation_id").asText();
                    expect(
                            200,
                            post(
                                    http,
                                    "/delegations/" + claimed + "/status",
                                    "{\"status\":\"completed\",\"attempt\":1,\"result\":\"" + claimed + "\"}"));
                    acknowledged.add(claimed + " completed");
                }
            }
        } catch (NotAnswered killed) {
            // That is how it ends.
        }
    }

    private static final class NotAnswered extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static Answer post(Http http, String path, String body) {
        try {
            return http.send("POST", path, "application/json", body);
        } catch (AssertionError e) {
            throw new NotAnswered();
        }
    }

    private static JsonNode expect(int status, Answer answer) {
        assertEquals(status, answer.status(), answer::body);
        return answer.json();
    }
}
