package io.rollcall.settings;

import static io.rollcall.settings.Documents.get;
import static io.rollcall.settings.Documents.patch;
import static io.rollcall.settings.Documents.path;
import static io.rollcall.settings.Documents.put;
import static io.rollcall.settings.Documents.remove;
import static io.rollcall.settings.Documents.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/settings}: what is refused, whose they are, and what ends them. */
abstract class SettingsLimitsSuite {

    private static final int MOST = 262_144;
    private static final String UNKNOWN = "0198f0c0-0000-7000-8000-00000000dead";
    private static final String WAITING = """
            SELECT count(*) FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND state = 'active' AND query LIKE '%%%s%%' AND pid <> pg_backend_pid()""";

    private String org;
    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        org = workspace("Acme", null);
        dev = workspace("Dev", org);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            !!~400~!!~is empty
            {"a":1,}~400~!!~not valid JSON
            {"a":1,"a":2}~400~!!~Duplicate
            {"a":NaN}~400~!!~not valid JSON
            {"a":{"b":["\\u0000"]}}~422~a.b[0]~NUL
            {"a":{"x\\u0000y":1}}~422~a.x\0y~the key must not contain the NUL
            {"a":["\\ud800"]}~422~a[0]~surrogate
            {"a":{"b":1e999}}~422~a.b~range of a double
            """)
    void badDocumentsAreNamedAndNothingIsKept(String body, int status, String where, String message) {
        for (String method : List.of("PUT", "PATCH")) {
            Answer refused = Call.of(method, path(dev, "k")).json(body).send().expect(status);

            assertTrue(refused.get("detail").contains(message), refused.text());
            assertEquals(where.isEmpty() ? List.of() : List.of(where), refused.violations());
        }
        assertEquals(0, Sql.count("SELECT count(*) FROM settings"));
    }

    @Test
    void onlyJsonIsTaken() {
        Call.of("PUT", path(dev, "k"))
                .body("application/merge-patch+json", BodyPublishers.ofString("{}"))
                .send()
                .expect(415);
        Call.of("PATCH", path(dev, "k"))
                .body("text/plain", BodyPublishers.ofString("{}"))
                .send()
                .expect(415);
        Call.patch(path(dev, "k"), "{\"a\":1}").expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "%01", "%C2%85", "%E2%80%83", "201"})
    void badKeysAreRefused(String key) {
        Answer refused = get(dev, key.equals("201") ? "k".repeat(201) : key).expect(400);

        assertEquals(List.of("key"), refused.violations());
        assertTrue(refused.get("detail").contains("1 to 200 visible characters"), refused.text());
    }

    @Test
    void theLongestKeyAndAnyVisibleCharacterIsTaken() {
        for (String key : List.of("k".repeat(200), "%C3%A9".repeat(200), "a%2Fb", "%3F%23%25", "*", "_all")) {
            put(dev, key, "1").expect(201);
            get(dev, key).expect(200);
        }
    }

    /** Measured as it is answered, which has a space behind each colon and comma. */
    @Test
    void aDocumentIsAsLargeAsItIsAnswered() {
        String largest = "{\"a\":\"" + "x".repeat(MOST - 9) + "\"}";
        Answer kept = put(dev, "k", largest).expect(201);
        assertEquals(MOST, kept.bytes().length);

        Answer answered = put(dev, "k", largest.replace("xx\"}", "xxx\"}")).expect(422);
        Answer sent = put(dev, "k", largest + "  ").expect(422);
        Answer multibyte = put(dev, "m", "\"" + "é".repeat(MOST / 2) + "\"").expect(422);

        assertSays("the document must have at most 262144 bytes (rollcall.settings.max-bytes), has 262145", answered);
        assertSays("the body must have at most 262144 bytes (rollcall.settings.max-bytes), has 262145", sent);
        assertSays("has 262146", multibyte);
        assertEquals(1, Sql.count("SELECT version FROM settings"));
    }

    @Test
    void whatWouldBeTooLargeOnceMergedIsRefusedAndNothingIsWritten() {
        put(dev, "k", "{\"a\":\"" + "x".repeat(200_000) + "\"}").expect(201);
        String tag = get(dev, "k").header("ETag");

        Answer refused =
                patch(dev, "k", "{\"b\":\"" + "y".repeat(62_200) + "\"}").expect(422);

        assertSays("the document must have at most 262144 bytes", refused);
        assertEquals(tag, get(dev, "k").header("ETag"));
        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log WHERE action LIKE 'settings.%'"));
        patch(dev, "k", "{\"a\":null,\"b\":\"" + "y".repeat(62_200) + "\"}").expect(200);
    }

    /** 50 bytes for each that was sent, but not more work than that. */
    @Test
    void numbersThatAreLongInFullAreMeasuredInFull() {
        String numbers = "[" + "1e300,".repeat(1_000) + "1]";
        assertSays("at most 262144 bytes", put(dev, "k", numbers).expect(422));
        String most = "[" + "1e300,".repeat(43_000) + "1]";
        assertSays("at most 262144 bytes", put(dev, "k", most).expect(422));
    }

    @Test
    void theTableItselfRefusesWhatIsLargerThanAnySettingAllows() {
        assertEquals(
                "23514",
                Sql.refusal("INSERT INTO settings (workspace_id, id, org_id, data)"
                        + " VALUES (gen_random_uuid(), 'k', gen_random_uuid(), to_jsonb(repeat('x', 1048575)))"));
    }

    @Test
    void theNestingIsLimited() {
        put(dev, "k", "[".repeat(64) + "]".repeat(64)).expect(201);
        patch(dev, "k", "{\"a\":".repeat(64) + "1" + "}".repeat(64)).expect(200);

        Answer refused = put(dev, "k", "{\"a\":{\"b\":" + "[".repeat(63) + "]".repeat(63) + "}}")
                .expect(422);

        assertSays("must not be nested deeper than 64 levels (rollcall.settings.max-depth)", refused);
        assertEquals(List.of("a.b" + "[0]".repeat(62)), refused.violations());
        Call.of("PUT", path(dev, "k")).json("[".repeat(100_000)).send().expect(400);
    }

    /** Had each counted before the others committed, all would have fitted. */
    @Test
    void theLastPlaceIsGivenOnce() {
        Sql.run(
                "INSERT INTO settings (workspace_id, id, org_id, data)"
                        + " SELECT ?::uuid, 'x' || i, ?::uuid, '1' FROM generate_series(1, 199) i",
                dev,
                org);

        List<Answer> answers = Race.run(IntStream.range(0, 8)
                .<Callable<Answer>>mapToObj(i -> () -> i % 2 == 0 ? put(dev, "k" + i, "1") : patch(dev, "k" + i, "1"))
                .toList());

        assertEquals(
                1, answers.stream().filter(answer -> answer.status() == 201).count());
        Answer refused = put(dev, "one-more", "1").expect(409);
        assertEquals(
                "TOO_MANY_DOCUMENTS 200 200", refused.code() + " " + refused.get("limit") + " " + refused.get("value"));
        assertTrue(refused.get("detail").contains("rollcall.settings.max-documents"), refused.text());
        assertEquals(200, Sql.count("SELECT count(*) FROM settings"));
        put(dev, "x1", "2").expect(200);
        put(org, "another", "1").expect(201);
    }

    @Test
    void twoWorkspacesAndTwoOrganisationsWithTheSameKeyNeverTouchEachOther() {
        String other = workspace("Dev", workspace("Umbrella", null));
        for (String workspace : List.of(org, dev, other)) {
            put(workspace, "default", "{\"of\":\"" + workspace + "\"}").expect(201);
        }
        patch(dev, "default", "{\"more\":1}").expect(200);
        Call.of("DELETE", path(other, "default")).send().expect(204);

        assertEquals(
                "{\"of\": \"" + org + "\"}", get(org, "default").expect(200).text());
        assertEquals(
                "{\"of\": \"" + dev + "\", \"more\": 1}",
                get(dev, "default").expect(200).text());
        get(other, "default").expect(404);
    }

    @Test
    void anAgentReadsItsOwnWorkspacesSettingsAndWritesNone() {
        String agent = Call.post("/workspaces/" + dev + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
        put(dev, "k", "1").expect(201);
        put(org, "k", "1").expect(201);

        Call.of("GET", path(dev, "k")).as(agent).send().expect(200);
        Call.of("GET", "/workspaces/" + dev + "/settings").as(agent).send().expect(200);
        Call.of("GET", path(org, "k")).as(agent).send().expect(404);
        Call.of("GET", "/workspaces/" + org + "/settings").as(agent).send().expect(404);
        Call.of("PUT", path(dev, "k")).as(agent).json("2").send().expect(403);
        Call.of("PATCH", path(dev, "k")).as(agent).json("2").send().expect(403);
        Call.of("DELETE", path(dev, "k")).as(agent).send().expect(403);
    }

    @Test
    void theSettingsOfARemovedWorkspaceGoWithItAndItsNeighboursKeepTheirs() {
        for (String workspace : List.of(org, dev)) {
            put(workspace, "k", "1").expect(201);
        }
        remove(dev, "Dev");

        for (Answer answer : List.of(
                get(dev, "k"),
                Call.get("/workspaces/" + dev + "/settings"),
                put(dev, "k", "1"),
                patch(dev, "k", "1"),
                Documents.change("PUT", dev, "k", "1", "If-Match", "*"),
                Documents.change("PUT", dev, "k", "1", "If-None-Match", "*"),
                Call.of("DELETE", path(dev, "k")).send())) {
            assertEquals("REMOVED", answer.expect(410).code());
        }
        get(UNKNOWN, "k").expect(404);
        put(UNKNOWN, "k", "1").expect(404);
        assertEquals(List.of(org), Sql.rows("SELECT workspace_id FROM settings"));
    }

    /** The writer waits for the removal that came first, and leaves nothing behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH"})
    void whoeverWritesWhileAWorkspaceIsRemovedLeavesNothingBehind(String method) throws Exception {
        try (Connection parked = TestDatabase.connectAsOwner();
                Superuser watch = Superuser.connect()) {
            parked.setAutoCommit(false);
            parked.createStatement()
                    .execute("UPDATE workspaces SET status = 'removed', removed_at = now() WHERE id = '" + dev + "'");
            var writer = CompletableFuture.supplyAsync(
                    () -> Call.of(method, path(dev, "k")).json("1").send());
            Await.until("it waits", () -> watch.number(WAITING.formatted("INSERT INTO settings")) == 1);
            parked.commit();

            writer.get().expect(410);
        }
        assertEquals(0, Sql.count("SELECT count(*) FROM settings"));
    }

    /** The removal waits for the writer who came first, and takes what it wrote. */
    @Test
    void aRemovalTakesWhatWasBeingWritten() throws Exception {
        try (Connection parked = TestDatabase.connectAsOwner();
                Superuser watch = Superuser.connect()) {
            parked.setAutoCommit(false);
            parked.createStatement().execute("SELECT 1 FROM workspaces WHERE id = '" + dev + "' FOR KEY SHARE");
            parked.createStatement()
                    .execute("INSERT INTO settings (workspace_id, id, org_id, data) VALUES ('" + dev + "', 'k', '" + org
                            + "', '1')");
            var removal = CompletableFuture.runAsync(() -> remove(dev, "Dev"));
            Await.until("it waits", () -> watch.number(WAITING.formatted("workspaces")) == 1);
            parked.commit();

            removal.get();
        }
        assertEquals(0, Sql.count("SELECT count(*) FROM settings"));
    }

    private static void assertSays(String said, Answer answer) {
        assertTrue(
                new String(answer.bytes(), StandardCharsets.UTF_8).contains(said), () -> said + " in " + answer.text());
    }
}
