package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.UNKNOWN;
import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.create;
import static io.rollcall.workspace.Trees.remove;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /workspaces}: what is made, what is refused, and how a taken name gets its suffix. */
abstract class TreeCreateSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void aBareNameMakesAnOrganisationWithDefaults() {
        Answer made = Call.post("/workspaces", "{\"name\":\"Acme\"}");

        assertEquals(201, made.status());
        assertEquals("/workspaces/" + made.id(), made.header("Location"));
        assertEquals("\"1\"", made.header("ETag"));
        assertEquals("application/json", made.header("Content-Type"));
        JsonNode body = made.json();
        assertEquals(made.id(), body.path("org_id").textValue());
        assertEquals(7, java.util.UUID.fromString(made.id()).version());
        assertTrue(body.path("parent_id").isNull());
        assertEquals("Acme", body.path("name").textValue());
        assertEquals("provisioning", body.path("status").textValue());
        assertEquals(1, body.path("tier").intValue());
        assertEquals(1, body.path("max_concurrent_tasks").intValue());
        assertEquals("false", body.path("external").toString());
        assertEquals("false", body.path("collapsed").toString());
        assertEquals("{}", body.path("labels").toString());
        assertEquals("{}", body.path("config").toString());
        assertEquals("[]", body.path("required_env").toString());
        assertEquals("[]", body.path("agents").toString());
        assertEquals(0, body.path("children_count").intValue());
        for (String field : List.of("role", "runtime", "model", "url", "x", "y", "template")) {
            assertTrue(body.has(field) && body.path(field).isNull(), field);
        }
        assertEquals(body, Call.get(made.header("Location")).json());
    }

    @Test
    void everyFieldIsKeptAsSent() {
        String parent = root("Acme");

        JsonNode made =
                Call.post("/workspaces", """
                {"name":"Zoë 🦊","role":"Keeps the books","runtime":"claude","tier":3,"model":"large",
                 "max_concurrent_tasks":7,"external":true,"url":"https://agents.example/zoe?x=1",
                 "x":-12.5,"y":1e3,"labels":{"team":"books","n":"3"},"parent_id":"%s"}
                """.formatted(parent)).expect(201).json();

        assertEquals("Zoë 🦊", made.path("name").textValue());
        assertEquals("Keeps the books", made.path("role").textValue());
        assertEquals("claude", made.path("runtime").textValue());
        assertEquals(3, made.path("tier").intValue());
        assertEquals("large", made.path("model").textValue());
        assertEquals(7, made.path("max_concurrent_tasks").intValue());
        assertEquals("https://agents.example/zoe?x=1", made.path("url").textValue());
        assertEquals(-12.5, made.path("x").doubleValue());
        assertEquals(1000.0, made.path("y").doubleValue());
        assertEquals("books", made.path("labels").path("team").textValue());
        assertEquals("3", made.path("labels").path("n").textValue());
        assertEquals(parent, made.path("parent_id").textValue());
        assertEquals(parent, made.path("org_id").textValue());
        assertEquals("awaiting_agent", made.path("status").textValue());
    }

    @Test
    void unknownFieldsAreRefusedWithTheNearestKnownOne() {
        Answer refused = Call.post("/workspaces", "{\"name\":\"Acme\",\"parrent_id\":null,\"zzz\":1}");

        assertEquals(400, refused.status());
        assertEquals("BAD_REQUEST", refused.code());
        assertEquals(List.of("parrent_id", "zzz"), refused.violations());
        assertEquals(
                "unknown field, did you mean parent_id?",
                refused.json().at("/violations/0/message").textValue());
        assertEquals(0, Sql.count("SELECT count(*) FROM workspaces"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {"name":""}~name
            {"name":"   "}~name
            {"name":null}~name
            {}~name
            {"name":5}~name
            {"name":" Acme"}~name
            {"name":"A\\nB"}~name
            {"name":"A\\u0000B"}~name
            {"name":"A\\ud800B"}~name
            {"name":"A","role":7}~role
            {"name":"A","role":"a\\u0000"}~role
            {"name":"A","runtime":[]}~runtime
            {"name":"A","model":{}}~model
            {"name":"A","tier":-1}~tier
            {"name":"A","tier":1001}~tier
            {"name":"A","tier":1.5}~tier
            {"name":"A","tier":"1"}~tier
            {"name":"A","max_concurrent_tasks":0}~max_concurrent_tasks
            {"name":"A","max_concurrent_tasks":99999999999}~max_concurrent_tasks
            {"name":"A","external":"yes"}~external
            {"name":"A","url":"ftp://x"}~url
            {"name":"A","url":"/relative"}~url
            {"name":"A","url":"http:// x"}~url
            {"name":"A","x":"1"}~x
            {"name":"A","y":1e999}~y
            {"name":"A","labels":[]}~labels
            {"name":"A","labels":{"k":{}}}~labels.k
            {"name":"A","labels":{"k":null}}~labels.k
            {"name":"A","parent_id":"1-1-1-1-1"}~parent_id
            {"name":"A","parent_id":7}~parent_id
            """)
    void aBadFieldIsNamedByItsPath(String body, String path) {
        Answer refused = Call.post("/workspaces", body);

        assertEquals(422, refused.status(), refused::text);
        assertEquals("VALIDATION_FAILED", refused.code());
        assertEquals(List.of(path), refused.violations());
        assertEquals(0, Sql.count("SELECT count(*) FROM workspaces"));
    }

    @ParameterizedTest
    @CsvSource({"name,255", "role,1000", "runtime,100", "model,100"})
    void aTextMayHaveAsManyCharactersAsTheLimitSaysAndNotOneMore(String field, int limit) {
        String name = field.equals("name") ? "" : "\"name\":\"A\",";
        // Four bytes and two chars each: a limit in bytes or chars would refuse these.
        String longest = "🦊".repeat(limit);

        assertEquals(
                longest,
                Call.post("/workspaces", "{" + name + "\"" + field + "\":\"" + longest + "\"}")
                        .expect(201)
                        .get(field));
        Answer refused = Call.post("/workspaces", "{" + name + "\"" + field + "\":\"" + longest + "x\"}");
        assertEquals(422, refused.status());
        assertEquals(
                "must have at most " + limit + " characters, has " + (limit + 1),
                refused.json().at("/violations/0/message").textValue());
    }

    @Test
    void allBadFieldsAreNamedAtOnce() {
        assertEquals(
                List.of("name", "role", "tier", "parent_id"),
                Call.post("/workspaces", "{\"name\":\"\",\"role\":1,\"tier\":-1,\"parent_id\":\"x\"}")
                        .expect(422)
                        .violations());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '!',
            value = {"[]", "null", "7", "!!", "{", "{\"name\":\"A\"} x", "{\"name\":\"A\",\"name\":\"B\"}"})
    void whatIsNoJsonObjectIsRefused(String body) {
        assertEquals("BAD_REQUEST", Call.post("/workspaces", body).expect(400).code());
        assertEquals(0, Sql.count("SELECT count(*) FROM workspaces"));
    }

    @Test
    void anUnknownParentIs404AndARemovedOne410WithTheTimeOfItsRemoval() {
        String gone = root("Gone");
        remove(gone, "Gone").expect(200);

        assertEquals("NOT_FOUND", create(UNKNOWN, "A").expect(404).code());
        Answer removed = create(gone, "A").expect(410);
        assertEquals("REMOVED", removed.code());
        assertEquals(gone, removed.id());
        assertTrue(removed.get("removed_at").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertEquals(0, Sql.count("SELECT count(*) FROM workspaces WHERE status <> 'removed'"));
    }

    @Test
    void aTakenNameGetsASuffixUpTo20AndThenIsRefused() {
        String parent = root("Acme");

        List<String> names = IntStream.rangeClosed(1, 20)
                .mapToObj(n -> create(parent, "Dev").expect(201).get("name"))
                .toList();

        assertEquals("Dev", names.get(0));
        for (int n = 2; n <= 20; n++) {
            assertEquals("Dev (" + n + ")", names.get(n - 1));
        }
        assertEquals("NAME_TAKEN", create(parent, "Dev").expect(409).code());
        assertEquals(20, Sql.count("SELECT count(*) FROM workspaces WHERE parent_id = ?::uuid", parent));
    }

    @Test
    void organisationsCollideWithEachOtherAndTheSameNameElsewhereIsFree() {
        String first = root("Acme");

        assertEquals("Acme (2)", Call.post("/workspaces", "{\"name\":\"Acme\"}").get("name"));
        assertEquals("Acme", create(first, "Acme").expect(201).get("name"));
    }

    @Test
    void theFirstFreeSuffixIsTakenAlsoBetweenOthers() {
        String parent = root("Acme");
        child(parent, "Dev");
        String second = child(parent, "Dev");
        child(parent, "Dev");
        remove(second, "Dev (2)").expect(200);

        assertEquals("Dev (2)", create(parent, "Dev").expect(201).get("name"));
    }

    @Test
    void namesThatOnlyLookEqualAreEqual() {
        root("Zo\u00eb");

        assertEquals(
                "Zo\u00eb (2)",
                Call.post("/workspaces", "{\"name\":\"Zoe\u0308\"}").expect(201).get("name"));
    }

    @Test
    void theLongestNameIsCutToMakeRoomForItsSuffix() {
        String longest = "🦊".repeat(255);
        Call.post("/workspaces", "{\"name\":\"" + longest + "\"}").expect(201);

        String second = Call.post("/workspaces", "{\"name\":\"" + longest + "\"}")
                .expect(201)
                .get("name");

        assertEquals("🦊".repeat(251) + " (2)", second);
        assertEquals(255, second.codePointCount(0, second.length()));
    }

    @Test
    void twentyWhoWantOneNameAtOnceGetTwentyNames() {
        String parent = root("Acme");
        for (int round = 0; round < 10; round++) {
            String name = "Round" + round;
            Callable<Answer> one = () -> create(parent, name);

            List<Answer> answers = Race.run(Collections.nCopies(20, one));

            var expected = new TreeSet<>(List.of(name));
            IntStream.rangeClosed(2, 20).forEach(n -> expected.add(name + " (" + n + ")"));
            answers.forEach(answer -> assertEquals(201, answer.status(), answer::text));
            assertEquals(
                    expected,
                    new TreeSet<>(answers.stream().map(a -> a.get("name")).toList()));
        }
    }

    @Test
    void thirtyOrganisationsOfOneNameAtOnceMakeTwentyAndTenRefusals() {
        Callable<Answer> one = () -> Call.post("/workspaces", "{\"name\":\"Acme\"}");

        List<Integer> statuses = Race.run(Collections.nCopies(30, one)).stream()
                .map(Answer::status)
                .sorted()
                .toList();

        assertEquals(Collections.nCopies(20, 201), statuses.subList(0, 20));
        assertEquals(Collections.nCopies(10, 409), statuses.subList(20, 30));
    }
}
