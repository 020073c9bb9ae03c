package io.rollcall.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Plays the agents of an organisation: each round somebody asks one of those below for something, who claims it, beats, and
 * reports a result; sometimes a failure, which is tried again.
 */
final class DemoAgents {

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int ROUNDS_IN_A_BEAT = 30;
    private static final List<String> TASKS = List.of(
            "Summarise what changed this week",
            "Find out why the nightly build is slow",
            "Write release notes for customers",
            "Review the threat model",
            "Estimate the cost of twice the load");

    private record Pair(JsonNode caller, JsonNode callee) {}

    private final DemoClient client;
    private final List<Pair> pairs = new ArrayList<>();
    private final String beats;
    private final Random random = new Random(20_261_121);

    /** @param workspaces the flat list that the API gives */
    DemoAgents(DemoClient client, JsonNode workspaces) {
        this.client = client;
        var all = new ArrayList<String>();
        workspaces.forEach(workspace ->
                all.add("{\"workspace_id\": \"" + workspace.path("id").asText()
                        + "\", \"agent_id\": \"demo\", \"status\": \"running\", \"error_rate\": 0}"));
        beats = "{\"heartbeats\": [" + String.join(", ", all) + "]}";
        for (JsonNode callee : workspaces) {
            for (JsonNode caller : workspaces) {
                if (callee.path("parent_id").asText().equals(caller.path("id").asText())) {
                    pairs.add(new Pair(caller, callee));
                }
            }
        }
    }

    /** All of them, in one request. @return how many were recorded */
    int beat() throws IOException, InterruptedException {
        return client.post("/heartbeats", beats).path("accepted").asInt();
    }

    /** One delegation from its asking to its end, told in a line. */
    String tellOne() throws IOException, InterruptedException {
        Pair pair = pairs.get(random.nextInt(pairs.size()));
        long begin = System.nanoTime();
        JsonNode ended = work(pair, ask(pair), false);
        return "%s asked %s: %s ... %s, attempt %d, %d ms"
                .formatted(
                        pair.caller().path("name").asText(),
                        pair.callee().path("name").asText(),
                        ended.path("task_preview").asText(),
                        ended.path("status").asText(),
                        ended.path("attempt").asInt(),
                        (System.nanoTime() - begin) / 1_000_000);
    }

    /** Until the latch opens, in a thread of its own. */
    void playUntil(CountDownLatch stopped) {
        Thread agents = new Thread(
                () -> {
                    try {
                        for (int round = 1; !stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS); round++) {
                            if (round % ROUNDS_IN_A_BEAT == 0) {
                                beat();
                            }
                            Pair pair = pairs.get(random.nextInt(pairs.size()));
                            String id = ask(pair);
                            boolean fails = random.nextInt(6) == 0;
                            work(pair, id, fails);
                            if (fails) {
                                JsonNode again = client.post("/delegations/" + id + "/retry", "");
                                work(pair, again.path("delegation_id").asText(), false);
                            }
                        }
                    } catch (IOException | InterruptedException serviceIsStopping) {
                        // Nobody to play for.
                    }
                },
                "demo-agents");
        agents.setDaemon(true);
        agents.start();
    }

    private String ask(Pair pair) throws IOException, InterruptedException {
        return client.post(
                        "/delegations",
                        "{\"caller_id\": \"%s\", \"callee_id\": \"%s\", \"task\": \"%s\"}"
                                .formatted(
                                        pair.caller().path("id").asText(),
                                        pair.callee().path("id").asText(),
                                        TASKS.get(random.nextInt(TASKS.size()))))
                .path("delegation_id")
                .asText();
    }

    private JsonNode work(Pair pair, String id, boolean fails) throws IOException, InterruptedException {
        client.post(
                "/workspaces/" + pair.callee().path("id").asText() + "/delegations/claim",
                "{\"limit\": 10, \"agent_id\": \"demo\"}");
        String path = "/delegations/" + id;
        client.post(path + "/status", "{\"status\": \"in_progress\", \"attempt\": 1}");
        client.post(path + "/heartbeat", "{\"attempt\": 1, \"progress\": 0.5, \"note\": \"half way\"}");
        return client.post(
                        path + "/status",
                        fails
                                ? "{\"status\": \"failed\", \"attempt\": 1, \"error_detail\": \"a tool was not there\"}"
                                : "{\"status\": \"completed\", \"attempt\": 1, \"result\": {\"done\": true}}")
                .path("delegation");
    }
}
