package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Idempotency-Key} on a POST that creates. */
abstract class IdempotencySuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void aRepetitionGetsTheFirstReplyByteForByte() {
        Answer first = create("k", "{\"name\":\"Acme\"}").expect(201);
        // What has changed since does not matter: it is the first reply that is given again.
        Call.patch("/workspaces/" + first.id(), "{\"name\":\"Renamed\"}").expect(200);

        Answer again = create("k", "{\"name\":\"Acme\"}");

        assertEquals(201, again.status());
        assertArrayEquals(first.bytes(), again.bytes());
        assertNull(first.header("Idempotency-Replayed"));
        assertEquals("true", again.header("Idempotency-Replayed"));
        for (String header : List.of("Location", "ETag", "Content-Type")) {
            assertEquals(first.header(header), again.header(header), header);
        }
        assertEquals(1, Sql.count("SELECT count(*) FROM workspaces"));
        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log WHERE action = 'workspace.created'"));
    }

    @Test
    void anotherKeyOrNoneIsANewRequest() {
        create("k", "{\"name\":\"Acme\"}").expect(201);

        assertEquals("Acme (2)", create("K", "{\"name\":\"Acme\"}").get("name"));
        assertEquals("Acme (3)", Call.post("/workspaces", "{\"name\":\"Acme\"}").get("name"));
    }

    @Test
    void theSameKeyWithAnotherBodyIs422AndDoesNothing() {
        create("k", "{\"name\":\"Acme\"}").expect(201);

        for (String other : List.of("{\"name\":\"Other\"}", "{\"name\": \"Acme\"}")) {
            assertEquals(
                    "IDEMPOTENCY_KEY_REUSED", create("k", other).expect(422).code());
        }
        assertEquals(List.of("Acme"), Sql.rows("SELECT name FROM workspaces"));
    }

    @Test
    void theSameKeyOnAnotherPathIsAnotherKey() {
        create("k", "{\"name\":\"Acme\"}").expect(201);

        Answer imported = Call.of("POST", "/org/import")
                .header("Idempotency-Key", "k")
                .json("{\"template\":{\"name\":\"Other\",\"workspaces\":[{\"name\":\"Other\"}]}}")
                .send();

        assertEquals(201, imported.status(), imported::text);
        assertNull(imported.header("Idempotency-Replayed"));
    }

    @Test
    void aRefusedRequestIsNotKept() {
        assertEquals(
                404,
                create("k", "{\"name\":\"A\",\"parent_id\":\"0198f0c0-0000-7000-8000-00000000dead\"}")
                        .status());
        assertEquals(422, create("k", "{\"name\":\"\"}").status());

        Answer corrected = create("k", "{\"name\":\"A\"}").expect(201);

        assertNull(corrected.header("Idempotency-Replayed"));
        assertEquals(1, Sql.count("SELECT count(*) FROM idempotency_keys"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "with\ttab"})
    void aMalformedKeyIs400(String key) {
        assertEquals(
                List.of("Idempotency-Key"),
                create(key, "{\"name\":\"A\"}").expect(400).violations());
        assertEquals(0, Sql.count("SELECT count(*) FROM workspaces"));
    }

    @Test
    void aKeyMayHave255CharactersAndNotOneMore() {
        assertEquals(201, create("k".repeat(255), "{\"name\":\"A\"}").status());
        assertEquals(400, create("k".repeat(256), "{\"name\":\"A\"}").status());
    }

    @Test
    void ofManyTwinsAtOnceOneCreatesAndNoneFails() {
        for (int round = 0; round < 10; round++) {
            String key = "round-" + round;
            String body = "{\"name\":\"Round " + round + "\"}";
            Callable<Answer> one = () -> create(key, body);

            List<Answer> answers = Race.run(Collections.nCopies(32, one));

            assertEquals(1, Sql.count("SELECT count(*) FROM workspaces WHERE name LIKE ?", "Round " + round + "%"));
            List<Answer> made = answers.stream().filter(a -> a.status() == 201).toList();
            List<Answer> told = answers.stream().filter(a -> a.status() == 409).toList();
            assertEquals(
                    32,
                    made.size() + told.size(),
                    () -> answers.stream().map(Answer::status).toList().toString());
            assertEquals(
                    1,
                    made.stream()
                            .filter(a -> a.header("Idempotency-Replayed") == null)
                            .count());
            made.forEach(answer -> assertArrayEquals(made.get(0).bytes(), answer.bytes()));
            told.forEach(answer -> {
                assertEquals("IDEMPOTENCY_KEY_IN_USE", answer.code());
                assertEquals("1", answer.header("Retry-After"));
            });
            assertArrayEquals(made.get(0).bytes(), create(key, body).expect(201).bytes());
        }
    }

    @Test
    void ofTwinsWithDifferentBodiesOneIsMade() {
        for (int round = 0; round < 10; round++) {
            String key = "round-" + round;
            List<Callable<Answer>> racers = IntStream.range(0, 8)
                    .<Callable<Answer>>mapToObj(n -> () -> create(key, "{\"name\":\"" + key + " twin " + n + "\"}"))
                    .toList();

            List<Answer> answers = Race.run(racers);

            assertEquals(1, answers.stream().filter(a -> a.status() == 201).count());
            answers.forEach(a -> assertTrue(List.of(201, 409, 422).contains(a.status()), a::text));
            assertEquals(1, Sql.count("SELECT count(*) FROM workspaces WHERE name LIKE ?", key + " twin%"));
        }
    }

    private static Answer create(String key, String body) {
        return Call.of("POST", "/workspaces")
                .header("Idempotency-Key", key)
                .json(body)
                .send();
    }
}
