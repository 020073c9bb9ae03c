package io.rollcall.organisation;

import static io.rollcall.organisation.TreeChecks.agreedIds;
import static io.rollcall.organisation.TreeChecks.assertSound;
import static io.rollcall.organisation.TreeChecks.created;
import static io.rollcall.organisation.TreeChecks.deadlocks;
import static io.rollcall.organisation.TreeChecks.liveRows;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Imports against imports: no duplicate, no deadlock, one id a path, whatever the order of siblings. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConcurrentImportTest {

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
    }

    @AfterEach
    void end() {
        sql.close();
    }

    @Test
    void thirtyTwoShuffledImportsOfOneLargeTreeMakeItOnceAndAgreeOnEveryId() {
        Branch tree = Branch.grow("Large", 2500, 5, random);
        long deadlocksBefore = deadlocks();

        List<Answer> answers = Race.run(shuffled(tree, 32, "merge"));

        assertEquals(Set.of("200", "201"), outcomes(answers));
        assertEquals(2500, created(answers));
        assertEquals(2500, agreedIds(answers).size());
        assertEquals(2500, liveRows(sql));
        assertSound(sql, "seed " + seed);
        assertEquals(deadlocksBefore, deadlocks(), "deadlocks");
    }

    @Test
    void overlappingPartsOfATreeAtDifferentPlacesMeetInOneTree() {
        overlappingRounds(60, 12);
    }

    @Test
    @Tag("slow")
    void overlappingPartsOfATreeMeetInOneTreeForAThousandRounds() {
        overlappingRounds(1000, 16);
    }

    @Test
    void importsThatUpdateTheSameNodesDifferentlyAllSucceedAndTheLastOneWins() {
        Branch tree = Branch.grow("Updated", 300, 5, random);
        assertEquals(201, http.importing(tree.body(random, request -> {})).status());
        long deadlocksBefore = deadlocks();
        for (int round = 0; round < 5; round++) {
            List<Callable<Answer>> clients = new ArrayList<>();
            for (int client = 0; client < 16; client++) {
                String role = "role " + round + "." + client;
                String body = Branch.body(
                        List.of(tree.thinned(random, 0.9)),
                        random,
                        node -> node.put("role", role).put("tier", 1 + random.nextInt(4)),
                        request -> request.put("mode", "update"));
                clients.add(() -> http.importing(body));
            }

            List<Answer> answers = Race.run(clients);

            assertEquals(Set.of("200"), outcomes(answers));
            agreedIds(answers);
            assertEquals(300, liveRows(sql));
            assertEquals(
                    1,
                    sql.number("SELECT count(*) FROM workspaces WHERE parent_id IS NULL AND role LIKE 'role " + round
                            + ".%'"),
                    "the root carries a role of this round");
        }
        assertEquals(deadlocksBefore, deadlocks(), "deadlocks");
    }

    /** Some of the clients import a branch below its parent, which the others are making or skipping meanwhile. */
    private void overlappingRounds(int rounds, int clients) {
        long deadlocksBefore = deadlocks();
        for (int round = 0; round < rounds; round++) {
            Branch tree = Branch.grow("Round " + round, 60, 5, random);
            Answer top = http.importing(tree.cutBelow(2).body(random, request -> {}));
            assertEquals(201, top.status());
            Map<String, String> known = agreedIds(List.of(top));
            long before = liveRows(sql) - created(List.of(top));

            List<Callable<Answer>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                String body = client % 3 == 0
                        ? below(tree, known)
                        : tree.thinned(random, client % 3 == 1 ? 1 : 0.7).body(random, request -> {});
                running.add(() -> http.importing(body));
            }
            List<Answer> answers = new ArrayList<>(Race.run(running));

            assertTrue(Set.of("200", "201").containsAll(outcomes(answers)), outcomes(answers) + " in round " + round);
            answers.add(top);
            assertEquals(60, agreedIds(answers).size(), "paths");
            assertEquals(60, created(answers), "created over all replies");
            assertEquals(60, liveRows(sql) - before, "rows");
            assertEquals(deadlocksBefore, deadlocks(), "deadlocks after round " + round + " of seed " + seed);
        }
        assertSound(sql, "seed " + seed);
    }

    @SuppressWarnings("ReferenceEquality") // the tree itself, not one like it
    private String below(Branch tree, Map<String, String> known) {
        List<Branch> grown = tree.children().stream()
                .filter(child -> !child.children().isEmpty())
                .toList();
        Branch parent = random.nextBoolean() || grown.isEmpty() ? tree : grown.get(random.nextInt(grown.size()));
        String path = parent == tree ? tree.name() : tree.name() + "/" + parent.name();
        return Branch.body(parent.children(), random, node -> {}, request -> request.put("parent_id", known.get(path)));
    }

    private List<Callable<Answer>> shuffled(Branch tree, int clients, String mode) {
        List<Callable<Answer>> running = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            String body = tree.body(random, request -> request.put("mode", mode));
            running.add(() -> http.importing(body));
        }
        return running;
    }

    private static Set<String> outcomes(List<Answer> answers) {
        return answers.stream().map(Answer::outcome).collect(toCollection(TreeSet::new));
    }
}
