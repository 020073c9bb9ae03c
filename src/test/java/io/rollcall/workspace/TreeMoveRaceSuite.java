package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.move;
import static io.rollcall.workspace.Trees.removal;
import static io.rollcall.workspace.Trees.remove;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves, creations and removals at the same moment: whatever wins, a tree is left. */
abstract class TreeMoveRaceSuite {

    private static final int SWAPS = 300;
    private static final int WALKS = 25;
    private static final int REMOVALS = 100;

    private static final String UNREACHED = """
            WITH RECURSIVE reached (id) AS (
                SELECT id FROM workspaces WHERE parent_id IS NULL
                UNION ALL
                SELECT w.id FROM workspaces w JOIN reached r ON w.parent_id = r.id)
            SELECT count(*) FROM workspaces WHERE id NOT IN (SELECT id FROM reached)
            """;

    private static final String ORPHANS = """
            SELECT count(*) FROM workspaces child JOIN workspaces parent ON parent.id = child.parent_id
             WHERE child.status <> 'removed' AND parent.status = 'removed'
            """;

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void ofTwoMovesThatTogetherMakeACycleExactlyOneIsMade() {
        Random random = new Random(Race.seed("two moves"));
        String acme = root("Acme");
        String a = child(acme, "A");
        String b = child(acme, "B");
        for (int round = 0; round < SWAPS; round++) {
            List<Callable<Answer>> moves = new ArrayList<>(List.of(() -> move(a, b), () -> move(b, a)));
            java.util.Collections.shuffle(moves, random);

            List<Integer> statuses =
                    Race.run(moves).stream().map(Answer::status).sorted().toList();

            assertEquals(List.of(200, 422), statuses, "round " + round);
            assertEquals(0, Sql.count(UNREACHED), "round " + round);
            String moved = Sql.one("SELECT id FROM workspaces WHERE parent_id IN (?::uuid, ?::uuid)", a, b);
            move(moved, acme).expect(200);
        }
    }

    @Test
    void randomMovesByManyClientsLeaveEveryNodeReachableFromTheRoot() {
        long seed = Race.seed("random moves");
        String acme = root("Acme");
        List<String> nodes = new ArrayList<>(List.of(acme));
        IntStream.range(0, 11).forEach(n -> nodes.add(child(acme, "N" + n)));
        List<Integer> seen = new ArrayList<>();
        for (int round = 0; round < WALKS; round++) {
            List<Callable<List<Integer>>> clients = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                Random random = new Random(seed + round * 31L + client);
                clients.add(() -> IntStream.range(0, 4)
                        .map(n -> move(nodes.get(1 + random.nextInt(11)), nodes.get(random.nextInt(12)))
                                .status())
                        .boxed()
                        .toList());
            }

            Race.run(clients).forEach(seen::addAll);

            assertEquals(0, Sql.count(UNREACHED), "round " + round);
        }
        assertEquals(List.of(200, 422), seen.stream().distinct().sorted().toList());
    }

    @Test
    void aChildCreatedWhileItsParentIsRemovedIsRemovedToOrRefused() {
        Race.seed("create and remove: no randomness but the scheduler's");
        String acme = root("Acme");
        int refused = 0;
        for (int round = 0; round < REMOVALS; round++) {
            String name = "P" + round;
            String parent = child(acme, name);
            List<Callable<Answer>> racers = List.of(
                    () -> remove(parent, name), () -> Trees.create(parent, "C"), () -> Trees.create(parent, "D"));

            List<Answer> answers = Race.run(racers);

            assertEquals(200, answers.get(0).status(), answers.get(0)::text);
            for (Answer create : answers.subList(1, 3)) {
                assertTrue(List.of(201, 410).contains(create.status()), create::text);
                refused += create.status() == 410 ? 1 : 0;
            }
            assertEquals(0, Sql.count(ORPHANS), "round " + round);
            assertEquals(
                    answers.stream().filter(a -> a.status() == 201).count(),
                    answers.get(0).json().path("cascade_deleted").longValue(),
                    "round " + round);
        }
        System.out.println("create and remove: " + refused + " of " + 2 * REMOVALS + " creations refused");
    }

    @Test
    void withoutConfirmationARemovalNeverTakesAChildAlong() {
        Race.seed("create and unconfirmed remove");
        String acme = root("Acme");
        for (int round = 0; round < REMOVALS; round++) {
            String name = "P" + round;
            String parent = child(acme, name);

            List<Answer> answers = Race.run(
                    List.<Callable<Answer>>of(() -> removal(parent, name, "").send(), () -> Trees.create(parent, "C")));

            List<Integer> statuses = answers.stream().map(Answer::status).toList();
            assertTrue(
                    List.of(List.of(200, 410), List.of(409, 201)).contains(statuses),
                    () -> statuses + " " + answers.get(0).text()
                            + answers.get(1).text());
        }
    }

    @Test
    void aNodeMovedWhileItsNewParentIsRemovedIsRemovedOrStays() {
        Race.seed("move and remove");
        String acme = root("Acme");
        for (int round = 0; round < REMOVALS; round++) {
            String name = "P" + round;
            String parent = child(acme, name);
            String mover = child(acme, "M" + round);

            List<Answer> answers =
                    Race.run(List.<Callable<Answer>>of(() -> remove(parent, name), () -> move(mover, parent)));

            assertEquals(200, answers.get(0).status(), answers.get(0)::text);
            assertTrue(List.of(200, 404).contains(answers.get(1).status()), answers.get(1)::text);
            assertEquals(0, Sql.count(ORPHANS), "round " + round);
            remove(mover, "M" + round);
        }
    }

    @Test
    void twoRemovalsOfOneNodeAreOneRemovalAndOne410() {
        String acme = root("Acme");
        for (int round = 0; round < 50; round++) {
            String node = child(acme, "N");
            child(node, "Below");

            List<Answer> answers =
                    Race.run(List.<Callable<Answer>>of(() -> remove(node, "N"), () -> remove(node, "N")));

            assertEquals(
                    List.of(200, 410),
                    answers.stream().map(Answer::status).sorted().toList(),
                    "round " + round);
        }
    }
}
