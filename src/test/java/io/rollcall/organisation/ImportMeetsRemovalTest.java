package io.rollcall.organisation;

import static io.rollcall.organisation.TreeChecks.assertSound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Http;
import io.rollcall.Http.Answer;
import io.rollcall.Race;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Imports against removals and moves: whoever wins, the tree stays a tree and nobody is answered with a 5xx. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ImportMeetsRemovalTest {

    private long seed;
    private Random random;
    private Http http;
    private Superuser sql;

    @BeforeEach
    void begin() {
        seed = Race.seed(getClass().getSimpleName());
        random = new Random(seed);
        Api.emptyTheDatabase();
        http = Http.toTest();
        sql = Superuser.connect();
        // Removals lock against the order of imports here and there, which costs a retry: not a second each time.
        sql.execute("ALTER SYSTEM SET deadlock_timeout = '20ms'");
        sql.execute("SELECT pg_reload_conf()");
    }

    @AfterEach
    void end() {
        sql.execute("ALTER SYSTEM RESET deadlock_timeout");
        sql.execute("SELECT pg_reload_conf()");
        sql.close();
    }

    @Test
    void importsMovesAndRemovalsAtOnceLeaveASoundTree() {
        rounds(40);
    }

    @Test
    @Tag("slow")
    void importsMovesAndRemovalsAtOnceLeaveASoundTreeForAThousandRounds() {
        rounds(1000);
    }

    private void rounds(int rounds) {
        Map<String, Integer> seen = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            Branch tree = Branch.grow("Round " + round, 40, 5, random);
            List<JsonNode> nodes = new ArrayList<>();
            http.importing(tree.body(random, request -> {}))
                    .json()
                    .get("workspaces")
                    .forEach(nodes::add);
            List<Callable<Answer>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String mode = List.of("merge", "update", "reconcile").get(random.nextInt(3));
                Branch part = random.nextBoolean() ? tree : tree.thinned(random, 0.8);
                String body = Branch.body(
                        List.of(part),
                        random,
                        node -> node.put("role", mode + random.nextInt(3)),
                        request -> request.put("mode", mode).put("confirm", true));
                clients.add(() -> http.importing(body));
            }
            String attached = Branch.body(
                    tree.children(), random, node -> {}, request -> request.put("parent_id", id(any(nodes))));
            clients.add(() -> http.importing(attached));
            if (round % 2 == 0) {
                clients.add(removal(nodes.get(0)));
            }
            clients.add(removal(any(nodes)));
            clients.add(removal(any(nodes)));
            clients.add(move(any(nodes), any(nodes)));
            clients.add(move(any(nodes), any(nodes)));
            clients.add(move(any(nodes), any(nodes)));

            for (Answer answer : Race.run(clients)) {
                seen.merge(answer.outcome(), 1, Integer::sum);
                assertTrue(answer.status() < 500, answer.status() + " " + answer.body() + " in round " + round);
            }
            assertSound(sql, "round " + round + " of seed " + seed);
        }
        assertTrue(seen.getOrDefault("200", 0) > rounds, () -> "hardly anything succeeded: " + seen);
        assertEquals(0, seen.getOrDefault("400 BAD_REQUEST", 0), "the test's own requests are well-formed");
    }

    private Callable<Answer> removal(JsonNode node) {
        return () -> http.delete(
                "/workspaces/" + id(node) + "?confirm=true", node.get("name").asText());
    }

    private Callable<Answer> move(JsonNode node, JsonNode under) {
        return () -> http.patch("/workspaces/" + id(node), "{\"parent_id\": \"" + id(under) + "\"}");
    }

    private JsonNode any(List<JsonNode> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private static String id(JsonNode node) {
        return node.get("id").asText();
    }
}
