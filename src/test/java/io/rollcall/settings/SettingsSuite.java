package io.rollcall.settings;

import static io.rollcall.settings.Documents.change;
import static io.rollcall.settings.Documents.get;
import static io.rollcall.settings.Documents.patch;
import static io.rollcall.settings.Documents.path;
import static io.rollcall.settings.Documents.put;
import static io.rollcall.settings.Documents.workspace;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/settings}: what becomes of documents. */
abstract class SettingsSuite {

    private String org;
    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        org = workspace("Acme", null);
        dev = workspace("Dev", org);
    }

    @Test
    void aDocumentIsMadeReplacedMergedIntoAndTakenAway() {
        assertEquals("NOT_FOUND", get(dev, "default").expect(404).code());

        Answer made =
                put(dev, "default", "{\"a\":{\"b\":1,\"c\":2},\"l\":[1,2]}").expect(201);
        Answer merged =
                patch(dev, "default", "{\"a\":{\"b\":null,\"d\":3},\"l\":[9]}").expect(200);

        assertEquals("{\"a\": {\"b\": 1, \"c\": 2}, \"l\": [1, 2]}", made.text());
        assertEquals("{\"a\": {\"c\": 2, \"d\": 3}, \"l\": [9]}", merged.text());
        assertEquals("application/json", merged.header("Content-Type"));
        assertEquals(merged.text(), get(dev, "default").expect(200).text());
        assertEquals(merged.header("ETag"), get(dev, "default").header("ETag"));
        assertEquals("{\"z\": 0}", put(dev, "default", "{\"z\":0}").expect(200).text());

        Call.of("DELETE", path(dev, "default")).send().expect(204);
        Call.of("DELETE", path(dev, "default")).send().expect(204);
        get(dev, "default").expect(404);
        assertEquals(
                "{\"n\": {}}",
                patch(dev, "default", "{\"n\":{\"m\":null}}").expect(201).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "\"text\"", "[]", "{}", "-0.5", "[1, {\"é\\u0001\": \"\\ud83d\\ude00\"}]"})
    void anyJsonIsADocument(String document) {
        put(dev, "any", document).expect(201);

        assertEquals(
                Sql.one("SELECT ?::jsonb", document),
                get(dev, "any").expect(200).text());
    }

    @Test
    void numbersKeepTheirDigits() {
        put(dev, "n", "{\"a\":12345678901234567890.123456789012345678901234567890,\"b\":1.10,\"c\":9007199254740993}")
                .expect(201);

        assertEquals(
                "{\"a\": 12345678901234567890.123456789012345678901234567890, \"b\": 1.10, \"c\": 9007199254740993}",
                get(dev, "n").text());
        assertEquals(
                "{\"a\": 12345678901234567890.123456789012345678901234567890, \"b\": 1.1, \"c\": 9007199254740993}",
                patch(dev, "n", "{\"b\":1.1}").expect(200).text());
    }

    /** Equal to jsonb, but not what was sent; and what is the same is not written, so a retry is safe. */
    @Test
    void whatChangesNothingIsNotWrittenAndKeepsItsTag() {
        String tag = put(dev, "k", "{\"a\":1,\"b\":{\"c\":1}}").expect(201).header("ETag");
        String row = row();

        assertEquals(
                tag, put(dev, "k", "{ \"b\": {\"c\":1}, \"a\": 1 }").expect(200).header("ETag"));
        assertEquals(tag, patch(dev, "k", "{\"a\":1,\"x\":null}").expect(200).header("ETag"));
        assertEquals(
                "{\"a\": 1, \"b\": {\"c\": 1}}",
                patch(dev, "k", "{}").expect(200).text());
        assertEquals(row, row());
        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log WHERE action LIKE 'settings.%'"));

        assertNotEquals(tag, patch(dev, "k", "{\"a\":1.0}").expect(200).header("ETag"));
        assertEquals("{\"a\": 1.0, \"b\": {\"c\": 1}}", get(dev, "k").text());
    }

    @Test
    void aStaleTagIsRefusedWithThePresentOneAndNothingIsWritten() {
        String first = put(dev, "k", "{\"a\":1}").expect(201).header("ETag");
        String second = put(dev, "k", "{\"a\":2}").expect(200).header("ETag");

        for (Answer refused : List.of(
                change("PUT", dev, "k", "{\"a\":3}", "If-Match", first),
                change("PATCH", dev, "k", "{\"a\":3}", "If-Match", first),
                change("DELETE", dev, "k", null, "If-Match", first))) {
            assertEquals("STALE", refused.expect(412).code());
            assertEquals(second, refused.header("ETag"));
        }
        assertEquals("{\"a\": 2}", get(dev, "k").text());

        change("PATCH", dev, "k", "{\"b\":1}", "If-Match", "\"0\", " + second).expect(200);
        change("PUT", dev, "k", "{\"a\":3}", "If-Match", "*").expect(200);
        change("DELETE", dev, "k", null, "If-Match", "*").expect(204);
        assertEquals(
                "STALE",
                change("PUT", dev, "k", "{}", "If-Match", "*").expect(412).code());
        assertEquals(
                "STALE",
                change("PATCH", dev, "k", "{}", "If-Match", second).expect(412).code());
        get(dev, "k").expect(404);
    }

    /** RFC 9110, 13.1.1: the first request was done and its reply lost. */
    @Test
    void aChangeThatWasMadeIsAnsweredAgainThoughItsTagIsStale() {
        String first = put(dev, "k", "{\"a\":1}").expect(201).header("ETag");
        Answer done = change("PATCH", dev, "k", "{\"b\":2}", "If-Match", first).expect(200);

        Answer again = change("PATCH", dev, "k", "{\"b\":2}", "If-Match", first).expect(200);

        assertEquals(done.text() + done.header("ETag"), again.text() + again.header("ETag"));
        change("PUT", dev, "k", "{\"b\":2,\"a\":1}", "If-Match", first).expect(200);
        assertEquals("2", Sql.one("SELECT version FROM settings"));
    }

    @Test
    void aDocumentThatWasMadeAnewHasAnotherTagThanTheOneBefore() {
        String before = put(dev, "k", "{\"a\":1}").expect(201).header("ETag");
        Call.of("DELETE", path(dev, "k")).send().expect(204);

        assertNotEquals(before, put(dev, "k", "{\"a\":2}").expect(201).header("ETag"));
        change("PATCH", dev, "k", "{\"b\":1}", "If-Match", before).expect(412);
    }

    @Test
    void onlyOneOfManyWhoMakeItMakesIt() {
        for (int round = 0; round < 10; round++) {
            String key = "k" + round;
            List<Callable<Answer>> makers = IntStream.range(0, 8)
                    .<Callable<Answer>>mapToObj(
                            i -> () -> change("PUT", dev, key, "{\"by\":" + i + "}", "If-None-Match", "*"))
                    .toList();
            List<Answer> answers = Race.run(makers);

            List<Answer> made =
                    answers.stream().filter(answer -> answer.status() == 201).toList();
            assertEquals(1, made.size());
            assertTrue(answers.stream().allMatch(answer -> answer.status() == 201 || answer.status() == 412));
            assertEquals(made.get(0).text(), get(dev, key).text());
        }
        change("PUT", dev, "k0", "{}", "If-None-Match", "\"1\"").expect(400);
        for (String key : List.of("k0", "none")) {
            Call both =
                    Call.of("PUT", path(dev, key)).header("If-None-Match", "*").header("If-Match", "*");
            assertEquals("STALE", both.json("{}").send().expect(412).code());
        }
    }

    @Test
    void whatMustNotBeThereIsNeitherMergedIntoNorTakenAway() {
        Answer made = change("PATCH", dev, "k", "{\"a\":1,\"b\":null}", "If-None-Match", "*")
                .expect(201);
        assertEquals("{\"a\": 1}", made.text());

        for (String method : List.of("PATCH", "DELETE")) {
            String body = method.equals("PATCH") ? "{\"a\":2}" : null;
            Answer refused =
                    change(method, dev, "k", body, "If-None-Match", "*").expect(412);
            assertEquals("STALE " + made.header("ETag"), refused.code() + " " + refused.header("ETag"));
            change(method, dev, "k", body, "If-None-Match", "\"1\"").expect(400);
        }
        assertEquals("{\"a\": 1}", get(dev, "k").text());
        change("DELETE", dev, "none", null, "If-None-Match", "*").expect(204);
        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log WHERE action = 'settings.merged'"));
    }

    @Test
    void tagsInSeveralLinesAreOneList() {
        for (int place = 0; place < 2; place++) {
            String tag = put(dev, "k", "{\"place\":" + place + "}").header("ETag");
            List<String> lines = place == 0 ? List.of(tag, "\"0\"") : List.of("\"0\"", tag);
            Call call = Call.of("PATCH", path(dev, "k"));
            lines.forEach(line -> call.header("If-Match", line));
            call.json("{\"changed\":" + place + "}").send().expect(200);
        }
        Call neither = Call.of("DELETE", path(dev, "k"));
        List.of("\"0\"", "\"1\"").forEach(line -> neither.header("If-Match", line));
        neither.send().expect(412);
        Call both = Call.of("PUT", path(dev, "k"));
        List.of("*", "\"1\"").forEach(line -> both.header("If-None-Match", line));
        both.json("{}").send().expect(400);
    }

    @Test
    void ofPatchesAtOnceAllLand() {
        long seed = Race.seed("merge patches");
        var random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            String key = "k" + round;
            if (random.nextBoolean()) {
                put(dev, key, "{\"nested\":{\"kept\":true}}").expect(201);
            }
            int many = 2 + random.nextInt(6);
            List<Callable<Answer>> patches = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                String patch = "{\"k" + i + "\":" + i + ",\"nested\":{\"n" + i + "\":{\"v\":" + i + "}}}";
                patches.add(() -> patch(dev, key, patch));
            }
            List<Answer> answers = Race.run(patches);

            Answer now = get(dev, key);
            for (int i = 0; i < many; i++) {
                assertTrue(answers.get(i).status() < 300, answers.get(i).text());
                assertEquals(i, now.json().path("k" + i).asInt(-1), now.text());
                assertEquals(i, now.json().at("/nested/n" + i + "/v").asInt(-1), now.text());
            }
            assertEquals(
                    many,
                    answers.stream()
                            .map(answer -> answer.header("ETag"))
                            .distinct()
                            .count());
        }
    }

    /** Of those who read one version and say so, one writes: nobody's change is lost unseen. */
    @Test
    void ofManyWhoChangeOneVersionOneDoes() {
        String tag = put(dev, "k", "{\"n\":0}").expect(201).header("ETag");
        for (int round = 1; round <= 20; round++) {
            String from = tag;
            int base = round * 100;
            List<Answer> answers = Race.run(IntStream.range(0, 6)
                    .<Callable<Answer>>mapToObj(
                            i -> () -> change("PATCH", dev, "k", "{\"n\":" + (base + i) + "}", "If-Match", from))
                    .toList());

            assertEquals(1, answers.stream().filter(a -> a.status() == 200).count());
            assertEquals(5, answers.stream().filter(a -> a.status() == 412).count());
            tag = get(dev, "k").header("ETag");
        }
        assertEquals("21", Sql.one("SELECT version FROM settings"));
    }

    @Test
    void theListHasEachDocumentByItsKeyWithoutContent() {
        List.of("b", "a", "é", "c").forEach(key -> put(dev, URLEncoder.encode(key, UTF_8), "{\"x\":1}")
                .expect(201));
        put(org, "other", "1").expect(201);

        Answer first = Call.get("/workspaces/" + dev + "/settings?limit=2").expect(200);
        put(dev, "aa", "1").expect(201);
        Answer second = Call.get("/workspaces/" + dev + "/settings?limit=2&cursor=" + first.get("next_cursor"))
                .expect(200);

        assertEquals(List.of("a", "b"), keys(first));
        assertEquals(List.of("c", "é"), keys(second));
        assertTrue(second.json().path("next_cursor").isNull());
        assertEquals(
                "{\"key\":\"a\",\"version\":1,\"etag\":"
                        + first.json().at("/items/0/etag") + ",\"bytes\":8,\"updated_at\":"
                        + first.json().at("/items/0/updated_at") + "}",
                first.json().at("/items/0").toString());
        assertEquals(
                get(dev, "a").header("ETag"), first.json().at("/items/0/etag").asText());
    }

    @Test
    void theAuditTrailHasEachChangeAndNoContent() {
        put(dev, "k", "{\"secret\":\"s3cr3t\"}").expect(201);
        patch(dev, "k", "{\"a\":1}").expect(200);
        Call.of("DELETE", path(dev, "k")).send().expect(204);
        Call.of("DELETE", path(dev, "k")).send().expect(204);

        assertEquals(
                List.of(
                        "settings.replaced|" + dev + "|{\"key\": \"k\", \"bytes\": 20, \"version\": 1}",
                        "settings.merged|" + dev + "|{\"key\": \"k\", \"bytes\": 28, \"version\": 2}",
                        "settings.deleted|" + dev + "|{\"key\": \"k\", \"version\": 2}"),
                Sql.rows("SELECT action, target, detail FROM audit_log WHERE action LIKE 'settings.%' ORDER BY id"));
    }

    private static List<String> keys(Answer page) {
        return StreamSupport.stream(page.json().path("items").spliterator(), false)
                .map(item -> item.path("key").asText())
                .toList();
    }

    private static String row() {
        return Sql.one("SELECT ctid, xmin, version, updated_at FROM settings");
    }
}
