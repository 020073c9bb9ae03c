package io.rollcall.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} under beats: each that was acknowledged is there; and nobody is silent when the service is back. */
@Tag("full")
class KilledBeatsIT {

    private static final int CLIENTS = 6;
    private static final int BEFORE_THE_KILL = 200;

    @Test
    void everyAcknowledgedBeatIsThereAfterTheServiceWasKilled() {
        Path directory = ServiceProcess.freshDirectory("killed-beats");
        // The number of each agent's last beat whose reply arrived whole.
        Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
        Map<String, String> fast = Map.of(
                "ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN,
                "ROLLCALL_HEARTBEATS_INTERVAL", "1s",
                "ROLLCALL_HEARTBEATS_OFFLINE_AFTER", "3s",
                "ROLLCALL_HEARTBEATS_SWEEP_EVERY", "1s");
        try (ServiceProcess first = ServiceProcess.start(directory, fast).awaitListening()) {
            String workspace = first.http()
                    .send("POST", "/workspaces", "application/json", "{\"name\":\"Acme\"}")
                    .json()
                    .path("id")
                    .asText();
            var clients = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < CLIENTS; i++) {
                String agent = "a" + i;
                Http own = first.http();
                clients.add(CompletableFuture.runAsync(() -> beat(own, workspace, agent, acknowledged)));
            }
            Await.until(
                    "each has beaten often",
                    () -> acknowledged.size() == CLIENTS
                            && acknowledged.values().stream().allMatch(n -> n >= BEFORE_THE_KILL));

            first.kill();

            clients.forEach(CompletableFuture::join);
            secondStart(directory, fast, acknowledged);
        }
    }

    private static void secondStart(Path directory, Map<String, String> settings, Map<String, Integer> acknowledged) {
        try (ServiceProcess second = ServiceProcess.start(directory, settings).awaitListening();
                Superuser sql = second.superuser()) {
            assertEquals(0, sql.number("SELECT count(*) FROM heartbeats WHERE silent_since IS NOT NULL"));
            List<String> there =
                    sql.texts("SELECT agent_id || ' ' || current_task FROM agent_states ORDER BY agent_id");
            assertEquals(CLIENTS, there.size());
            for (String row : there) {
                String[] one = row.split(" ");
                int last = acknowledged.get(one[0]);
                // The one after it may have been written, and its reply lost.
                assertTrue(List.of(last, last + 1).contains(Integer.valueOf(one[1])), row + ", acknowledged " + last);
            }
            Await.until(
                    "nobody beats any more, and after the grace that is found",
                    () -> sql.number("SELECT count(*) FROM incidents") == CLIENTS);
        }
    }

    /** Until nobody answers. */
    private static void beat(Http http, String workspace, String agent, Map<String, Integer> acknowledged) {
        try {
            for (int n = 0; ; n++) {
                int status = http.send(
                                "POST",
                                "/registry/heartbeat",
                                "application/json",
                                "{\"workspace_id\":\"" + workspace + "\",\"agent_id\":\"" + agent
                                        + "\",\"current_task\":\"" + n + "\"}")
                        .status();
                if (status == 200) {
                    acknowledged.put(agent, n);
                }
            }
        } catch (AssertionError notAnswered) {
            // That is how it ends.
        }
    }
}
