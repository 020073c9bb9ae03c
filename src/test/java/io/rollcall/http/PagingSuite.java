package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists by pages, with the history of imports as the list. */
abstract class PagingSuite {

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void anEmptyListIsOnePageAndTheLast() {
        assertEquals(
                "{\"items\":[],\"next_cursor\":null}",
                Call.get("/org/imports").expect(200).text());
    }

    @Test
    void aPageHas50ItemsUnlessAskedForFewerOrMore() {
        runs(600, "now()");

        assertEquals(50, page("").path("items").size());
        assertEquals(1, page("?limit=1").path("items").size());
        assertEquals(500, page("?limit=500").path("items").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "501", "2147483647"})
    void aLimitBeyond1To500Is400(String limit) {
        Answer refused = Call.get("/org/imports?limit=" + limit).expect(400);

        assertEquals(List.of("limit"), refused.violations());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.5", "99999999999"})
    void aLimitThatIsNoNumberIs400(String limit) {
        Answer refused = Call.get("/org/imports?limit=" + limit).expect(400);

        assertEquals("BAD_REQUEST", refused.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%20", "AAAA", "MS4xLng", "%F0%9F%A6%8A", "Li4u", "LQ"})
    void aCursorThatNoReplyGaveIs400(String cursor) {
        Answer refused = Call.get("/org/imports?cursor=" + cursor).expect(400);

        assertEquals(List.of("cursor"), refused.violations());
    }

    @Test
    void thePagesTogetherAreTheListAndTheLastOneEndsIt() {
        runs(7, "now() - n * interval '1 second'");

        List<String> paged = walk(3, () -> {});

        assertEquals(Sql.rows("SELECT id FROM import_runs ORDER BY created_at DESC, id DESC"), paged);
    }

    @Test
    void aListThatEndsWithAFullPageHasNoEmptyPageAfterIt() {
        runs(6, "now()");

        JsonNode first = page("?limit=3");
        JsonNode second = page("?limit=3&cursor=" + first.path("next_cursor").textValue());

        assertEquals(3, second.path("items").size());
        assertTrue(second.path("next_cursor").isNull());
    }

    @Test
    void rowsInsertedBetweenPagesDisturbNothing() {
        // All at one moment, to the microsecond, so that the id alone tells them apart.
        String moment = "'2026-01-02T03:04:05.123456Z'::timestamptz";
        runs(20, moment);
        List<String> before = Sql.rows("SELECT id FROM import_runs ORDER BY created_at DESC, id DESC");

        List<String> paged = walk(3, () -> {
            runs(2, "now()");
            // Equal in time and greater by id: sorts before the page that was just read.
            Sql.run("""
                    INSERT INTO import_runs (id, template, mode, dry_run, created, skipped, updated, removed,
                                             duration_ms, outcome, actor, created_at)
                    SELECT ('ffffffff-ffff-7fff-bfff-' || lpad(count(*)::text, 12, '0'))::uuid,
                           't', 'merge', false, 0, 0, 0, 0, 0, 'completed', 'a', %s FROM import_runs
                    """.formatted(moment));
        });

        assertEquals(before, paged);
    }

    private static List<String> walk(int limit, Runnable betweenPages) {
        var ids = new ArrayList<String>();
        String cursor = "";
        while (true) {
            JsonNode page = page("?limit=" + limit + cursor);
            page.path("items").forEach(item -> ids.add(item.path("import_id").textValue()));
            if (page.path("next_cursor").isNull()) {
                return ids;
            }
            cursor = "&cursor=" + page.path("next_cursor").textValue();
            betweenPages.run();
        }
    }

    private static JsonNode page(String query) {
        return Call.get("/org/imports" + query).expect(200).json();
    }

    private static void runs(int count, String at) {
        Sql.run("""
                INSERT INTO import_runs (id, template, mode, dry_run, created, skipped, updated, removed,
                                         duration_ms, outcome, actor, created_at)
                SELECT gen_random_uuid(), 't', 'merge', false, 0, 0, 0, 0, 0, 'completed', 'a', %s
                  FROM generate_series(1, ?) n
                """.formatted(at), count);
    }
}
