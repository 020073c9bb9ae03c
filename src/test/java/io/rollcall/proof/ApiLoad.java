package io.rollcall.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.Http;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests to a service at a fixed rate, whether earlier ones were answered or not (an open model): beats, delegations that
 * are asked for, claimed and reported, imports, reads. Each one's latency counts from when it should have left. What was
 * acknowledged is remembered, and compared with the database at the end.
 */
final class ApiLoad implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String run = "run" + RUNS.incrementAndGet() + "-";
    private final URI base;
    private final long betweenNanos;
    private final String boss;
    private final String worker;
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> asked = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final Set<String> reported = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Thread thread = new Thread(this::send, "api-load");
    private volatile boolean stopped;

    private record Sample(long dueNanos, long nanos) {}

    /**
     * How requests went that were due in a stretch of time.
     *
     * @param p99 in milliseconds, as is the longest
     */
    record Stretch(int requests, long p99, long longest) {}

    ApiLoad(int port, int perSecond) {
        this.base = URI.create("http://localhost:" + port);
        this.betweenNanos = 1_000_000_000L / perSecond;
        var http = new Http(base.toString(), TestDatabase.TOKEN);
        String named = "{\"name\":\"" + run + "boss\"}";
        boss = http.send("POST", "/workspaces", "application/json", named)
                .json()
                .path("id")
                .asText();
        worker = http.send(
                        "POST",
                        "/workspaces",
                        "application/json",
                        "{\"name\":\"worker\",\"parent_id\":\"" + boss + "\"}")
                .json()
                .path("id")
                .asText();
        thread.setDaemon(true);
        thread.start();
    }

    /** Those due between two readings of {@link System#nanoTime()}, all answered by now. */
    Stretch between(long begin, long end) {
        long[] nanos = samples.stream()
                .filter(sample -> sample.dueNanos >= begin && sample.dueNanos <= end)
                .mapToLong(Sample::nanos)
                .sorted()
                .toArray();
        return nanos.length == 0
                ? new Stretch(0, 0, 0)
                : new Stretch(
                        nanos.length, nanos[nanos.length * 99 / 100] / 1_000_000, nanos[nanos.length - 1] / 1_000_000);
    }

    /** Stops, waits for all answers, and says what went wrong and what the database has otherwise than it was acknowledged. */
    List<String> findings(ProofDatabase database) {
        close();
        var findings = new ArrayList<String>();
        if (!failures.isEmpty()) {
            findings.add(failures.size() + " requests failed, the first: " + failures.peek());
        }
        differ(
                findings,
                "delegations",
                asked,
                database.rows("SELECT delegation_id FROM delegations WHERE delegation_id LIKE '" + run + "%'"));
        differ(findings, "reports", reported, database.rows("""
                SELECT d.delegation_id FROM delegations d JOIN delegation_events e ON e.delegation = d.id
                 WHERE e.kind = 'transition' AND e.to_status = 'completed' AND d.delegation_id LIKE '""" + run + "%'"));
        differ(
                findings,
                "imported workspaces",
                Set.of("A", "B", "Team"),
                database.rows("""
                SELECT name FROM workspaces WHERE template = '""" + run + "' AND status <> 'removed'"));
        differ(
                findings,
                "agents",
                agents(),
                database.rows("SELECT agent_id FROM heartbeats WHERE workspace_id = '" + worker + "'"));
        return findings;
    }

    int requests() {
        return samples.size();
    }

    private static void differ(List<String> findings, String what, Set<String> acknowledged, List<String> there) {
        var lost = new TreeSet<>(acknowledged);
        there.forEach(lost::remove);
        if (!lost.isEmpty()) {
            findings.add(what + " lost: " + lost);
        }
        if (there.size() != acknowledged.size()) {
            findings.add(what + ": " + there.size() + " are there, " + acknowledged.size() + " were acknowledged");
        }
    }

    private void send() {
        long due = System.nanoTime();
        for (int n = 0; !stopped; n++) {
            LockSupport.parkNanos(due - System.nanoTime());
            long left = due;
            one(n).whenComplete((done, failure) -> {
                samples.add(new Sample(left, System.nanoTime() - left));
                underWay.decrementAndGet();
            });
            due += betweenNanos;
        }
    }

    private CompletableFuture<?> one(int n) {
        underWay.incrementAndGet();
        return switch (n % 20) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> call("POST", "/heartbeats", beat(n), 200);
            case 8, 9, 10, 11 -> ask(run + n);
            case 12, 13 -> claim();
            case 14, 15, 16 -> call("GET", "/workspaces/" + worker, "", 200);
            case 17, 18 -> call("GET", "/workspaces?limit=50", "", 200);
            default -> call("POST", "/org/import", template(), 200, 201);
        };
    }

    private CompletableFuture<JsonNode> ask(String id) {
        String body = "{\"delegation_id\":\"%s\",\"caller_id\":\"%s\",\"callee_id\":\"%s\",\"task\":\"count\"}"
                .formatted(id, boss, worker);
        return call("POST", "/delegations", body, 201).thenApply(answer -> {
            if (!answer.isMissingNode()) {
                asked.add(id);
            }
            return answer;
        });
    }

    /** And reports what it took, beyond the rate. */
    private CompletableFuture<JsonNode> claim() {
        return call("POST", "/workspaces/" + worker + "/delegations/claim", "{\"limit\":4}", 200)
                .thenApply(answer -> {
                    for (JsonNode item : answer.path("items")) {
                        String id = item.path("delegation_id").asText();
                        underWay.incrementAndGet();
                        call("POST", "/delegations/" + id + "/status", "{\"status\":\"completed\",\"attempt\":1}", 200)
                                .whenComplete((done, failure) -> {
                                    if (done != null && !done.isMissingNode()) {
                                        reported.add(id);
                                    }
                                    underWay.decrementAndGet();
                                });
                    }
                    return answer;
                });
    }

    /** The answer; missing when it was not one of those that are expected, which is kept as a failure. */
    private CompletableFuture<JsonNode> call(String method, String path, String body, Integer... expected) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + TestDatabase.TOKEN)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).handle((response, failure) -> {
            if (failure != null || !Arrays.asList(expected).contains(response.statusCode())) {
                failures.add(method + " " + path + ": " + (failure != null ? failure : said(response)));
                return JSON.missingNode();
            }
            return parse(response.body());
        });
    }

    private static String said(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String beat(int n) {
        return "{\"heartbeats\":[{\"workspace_id\":\"%s\",\"agent_id\":\"a%d\",\"status\":\"running\"}]}"
                .formatted(worker, n % 50);
    }

    /** Of those numbers below 50 that {@link #one} beats for. */
    private static Set<String> agents() {
        var agents = new TreeSet<String>();
        for (int n = 0; n < 100; n++) {
            if (n % 20 < 8) {
                agents.add("a" + n % 50);
            }
        }
        return agents;
    }

    private String template() {
        return "{\"template\":{\"name\":\"%s\",\"workspaces\":[{\"name\":\"Team\",\"children\":[{\"name\":\"A\"},{\"name\":\"B\"}]}]},\"parent_id\":\"%s\"}"
                .formatted(run, boss);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
            io.rollcall.Await.until("all are answered", LIMIT.plusSeconds(5), () -> underWay.get() == 0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
