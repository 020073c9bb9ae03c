package io.rollcall.metrics;

import static io.rollcall.metrics.Metrics.DAY;
import static io.rollcall.metrics.Metrics.add;
import static io.rollcall.metrics.Metrics.adding;
import static io.rollcall.metrics.Metrics.days;
import static io.rollcall.metrics.Metrics.list;
import static io.rollcall.metrics.Metrics.metrics;
import static io.rollcall.metrics.Metrics.path;
import static io.rollcall.metrics.Metrics.put;
import static io.rollcall.metrics.Metrics.team;
import static io.rollcall.metrics.Metrics.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/agents/{agent_id}/metrics}. */
abstract class MetricsSuite {

    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        dev = workspace("Dev", workspace("Acme", null));
    }

    @Test
    void aDayIsReplacedAsAWhole() {
        put(dev, "main", DAY, "{\"tasks_completed\":3,\"avg_gap_min\":2.5,\"tokens\":1.10}")
                .expect(200);
        Answer day = put(dev, "main", DAY, "{\"tasks_started\":4,\"chain_rate\":0,\"cost\":7}");

        JsonNode metrics = metrics(day);
        assertEquals("main " + DAY + " ", day.get("agent_id") + " " + day.get("date") + " " + day.get("section"));
        assertEquals(0, metrics.path("tasks_completed").asInt(-1));
        assertEquals(4, metrics.path("tasks_started").asInt());
        assertTrue(metrics.path("avg_gap_min").isNull(), day.text());
        assertEquals("0", metrics.path("chain_rate").toString());
        assertEquals("7", metrics.path("cost").toString());
        assertTrue(metrics.path("tokens").isMissingNode(), day.text());
        assertEquals(21, metrics.size());
        assertEquals(day.json(), list(dev, "main", "").json().at("/items/0"));
        assertEquals(1, Sql.count("SELECT count(*) FROM agent_metrics"));
    }

    /** To falsy coalescing 0 and nothing are one: the worst days would be in no mean. */
    @Test
    void aRateOfZeroIsZeroAndAnAbsentOneIsNull() {
        for (Average average : Average.values()) {
            put(dev, "main", DAY, "{\"" + average.key() + "\":0}").expect(200);
            assertEquals("0", Sql.one("SELECT " + average.key() + " FROM agent_metrics"));
            put(dev, "main", DAY, "{\"" + average.key() + "\":null}").expect(200);
            assertEquals("-", Sql.one("SELECT " + average.key() + " FROM agent_metrics"));
        }
    }

    @Test
    void theColumnsAreThoseThatTheServiceKnows() {
        assertEquals(
                Stream.concat(
                                Arrays.stream(Counter.values()).map(counter -> counter.key() + " bigint"),
                                Arrays.stream(Average.values()).map(average -> average.key() + " double precision"))
                        .toList(),
                Sql.rows("""
                        SELECT column_name || ' ' || data_type FROM information_schema.columns
                         WHERE table_name = 'agent_metrics' AND data_type IN ('bigint', 'double precision')
                         ORDER BY ordinal_position"""));
    }

    @Test
    void whatIsAddedIsAddedAndTheRestStays() {
        put(dev, "main", DAY, "{\"tasks_completed\":3,\"avg_gap_min\":2.5,\"tokens\":0.1,\"left\":9}")
                .expect(200);

        JsonNode metrics = metrics(add(
                dev,
                "main",
                DAY,
                "{\"tasks_completed\":2,\"kudos_count\":1,\"tokens\":0.20,\"fresh\":-1,\"none\":null}"));

        assertEquals("5", metrics.path("tasks_completed").toString());
        assertEquals("1", metrics.path("kudos_count").toString());
        assertEquals("2.5", metrics.path("avg_gap_min").toString());
        assertEquals("{\"left\": 9, \"fresh\": -1, \"tokens\": 0.30}", Sql.one("SELECT data FROM agent_metrics"));
    }

    @Test
    void toADayThatIsNotThereYetItIsAddedAsToZero() {
        JsonNode metrics = metrics(add(dev, "main", DAY, "{\"flag_count\":2,\"tokens\":12345678901.123456789}"));

        assertEquals("2", metrics.path("flag_count").toString());
        assertEquals("0", metrics.path("tasks_completed").toString());
        assertTrue(metrics.path("throughput").isNull());
        assertEquals("{\"tokens\": 12345678901.123456789}", Sql.one("SELECT data FROM agent_metrics"));
    }

    @Test
    void whatIsTakenAwayMustBeThere() {
        Answer nothing = add(dev, "main", DAY, "{\"tasks_started\":5,\"tasks_completed\":-1}")
                .expect(422);
        assertEquals(List.of("tasks_completed"), nothing.violations());
        assertEquals(0, Sql.count("SELECT count(*) FROM agent_metrics"));

        put(dev, "main", DAY, "{\"tasks_completed\":3,\"tasks_started\":3}").expect(200);
        assertEquals(
                "1",
                metrics(add(dev, "main", DAY, "{\"tasks_completed\":-2,\"x\":-7}"))
                        .path("tasks_completed")
                        .toString());
        Answer tooMuch = add(dev, "main", DAY, "{\"tasks_started\":5,\"tasks_completed\":-2,\"x\":1}")
                .expect(422);

        assertEquals(List.of("tasks_completed"), tooMuch.violations());
        assertTrue(tooMuch.get("detail").contains("would be less than 0; nothing was added"), tooMuch.text());
        assertEquals("1|3|{\"x\": -7}", Sql.one("SELECT tasks_completed, tasks_started, data FROM agent_metrics"));
    }

    @Test
    void aSumThatIsOutOfRangeIsRefusedAndNothingIsAdded() {
        put(dev, "main", DAY, "{\"tasks_completed\":9007199254740990,\"own\":-9007199254740990.5}")
                .expect(200);
        String before = Sql.one("SELECT m::text FROM agent_metrics m");

        Answer counter = add(dev, "main", DAY, "{\"tasks_completed\":2,\"tasks_started\":1}")
                .expect(422);
        Answer most =
                add(dev, "main", DAY, "{\"tasks_completed\":9007199254740991}").expect(422);
        Answer own = add(dev, "main", DAY, "{\"own\":-0.6}").expect(422);

        assertEquals(List.of("tasks_completed"), counter.violations());
        assertTrue(counter.get("detail").contains("beyond 9007199254740991; nothing was added"), counter.text());
        assertEquals(List.of("tasks_completed"), most.violations());
        assertEquals(List.of("own"), own.violations());
        assertEquals(before, Sql.one("SELECT m::text FROM agent_metrics m"));
        add(dev, "main", DAY, "{\"tasks_completed\":1,\"own\":-0.5}").expect(200);
    }

    @Test
    void ofKeysOfOnesOwnThereAreAHundredAtMost() {
        put(dev, "main", DAY, numbered(0, 100)).expect(200);
        assertEquals(120, metrics(add(dev, "main", DAY, numbered(50, 100))).size());

        Answer sent = put(dev, "main", DAY, numbered(0, 101)).expect(422);
        Answer summed = add(dev, "main", DAY, "{\"k000\":1,\"one_more\":1}").expect(422);

        assertTrue(sent.get("detail").contains("at most 100 keys of your own, has 101"), sent.text());
        assertTrue(summed.get("detail").contains("more than 100 keys of your own"), summed.text());
        assertEquals("1", Sql.one("SELECT data ->> 'k000' FROM agent_metrics"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            []~400~!!~must be an object
            {"tasks_completed":1,"tasks_completed":2}~400~!!~Duplicate
            {"tasks_completed":NaN}~400~!!~not valid JSON
            {"tasks_completed":-1}~422~tasks_completed~from 0 to 9007199254740991
            {"tasks_completed":1.0}~422~tasks_completed~whole number
            {"tasks_completed":9007199254740992}~422~tasks_completed~from 0 to
            {"tasks_completed":99999999999999999999999}~422~tasks_completed~from 0 to
            {"tasks_completed":"1"}~422~tasks_completed~must be a number, is text
            {"active_minutes":[1]}~422~active_minutes~must be a number, is a list
            {"first_pass_rate":1.0001}~422~first_pass_rate~from 0 to 1
            {"test_plan_rate":-0.1}~422~test_plan_rate~from 0 to 1
            {"throughput":1e300}~422~throughput~from 0 to 9007199254740991
            {"avg_gap_min":1e999999}~422~avg_gap_min~from 0 to
            {"avg_duration_min":5e-324}~422~avg_duration_min~must be 0, or at least 1e-30
            {"chain_rate":1e-31}~422~chain_rate~must be 0, or at least 1e-30
            {"avg_gap_min":1e-999999999}~422~avg_gap_min~must be 0, or at least 1e-30
            {"tokens":"many"}~422~tokens~must be a number, is text
            {"tokens":{"in":1}}~422~tokens~must be a number, is an object
            {"tokens":1e16}~422~tokens~from -9007199254740991 to 9007199254740991
            {"tokens":1e999999999}~422~tokens~from -9007199254740991 to
            {"tokens":1e-31}~422~tokens~at most 30 decimals, has 31
            {"tokens":1e-999999999}~422~tokens~at most 30 decimals
            {"":1}~422~.~the key must not be empty
            {" x":1}~422~. x~the key must not begin
            {"x\\u0000":1}~422~.x\0~the key must not contain the NUL
            """)
    void badMetricsAreNamedAndNothingIsKept(String body, int status, String where, String message) {
        Answer refused = put(dev, "main", DAY, body).expect(status);

        assertTrue(refused.get("detail").contains(message), refused.text());
        assertEquals(status == 400 ? 0 : 1, refused.violations().size(), refused.text());
        if (!where.startsWith(".")) {
            assertEquals(where.isEmpty() ? List.of() : List.of(where), refused.violations());
        }
        assertEquals(0, Sql.count("SELECT count(*) FROM agent_metrics"));
    }

    @Test
    void theLongestKeyIsTakenAndTheNextNot() {
        put(dev, "main", DAY, "{\"" + "k".repeat(100) + "\":1}").expect(200);

        put(dev, "main", DAY, "{\"" + "k".repeat(101) + "\":1}").expect(422);
    }

    @Test
    void anAverageCannotBeAddedTo() {
        String all = Arrays.stream(Average.values())
                .map(average -> "\"" + average.key() + "\":0.5")
                .collect(Collectors.joining(",", "{", "}"));

        Answer refused = add(dev, "main", DAY, all).expect(422);

        assertEquals(Arrays.stream(Average.values()).map(Average::key).toList(), refused.violations());
        assertTrue(refused.get("detail").contains("nothing can be added: PUT it"), refused.text());
        add(dev, "main", DAY, "{}").expect(422);
        add(dev, "main", DAY, "{\"chain_rate\":null}").expect(422);
        assertEquals(0, Sql.count("SELECT count(*) FROM agent_metrics"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2027-02-29",
                "1999-12-31",
                "20270131",
                "2027-1-31",
                "2027-01-31T00:00:00Z",
                "today",
                "10000-01-01"
            })
    void badDaysAreRefused(String day) {
        assertEquals(List.of("date"), put(dev, "main", day, "{}").expect(400).violations());
        assertEquals(
                List.of("date"),
                add(dev, "main", day, "{\"kudos_count\":1}").expect(400).violations());
        Call.get(path(dev, "main") + "?from=" + day).expect(400);
        Call.get(path(dev, "main") + "?to=" + day).expect(400);
        team(dev, "from=2027-01-01&to=" + day).expect(400);
    }

    @Test
    void theFirstAndTheLastDayAreTaken() {
        put(dev, "main", "2000-01-01", "{}").expect(200);
        put(dev, "main", "9999-12-31", "{}").expect(200);

        assertEquals(List.of("9999-12-31  0", "2000-01-01  0"), days(list(dev, "main", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?from=2027-02-01&to=2027-01-31",
                "?section=%01",
                "?section=%20x",
                "?limit=0",
                "?cursor=x",
                "?cursor=YQ",
                "?cursor=MjAyNy0wMi0zMAB4"
            })
    void badQuestionsAreRefused(String query) {
        Call.get(path(dev, "main") + query).expect(400);
    }

    @Test
    void aSectionHasRowsOfItsOwnBesideThoseOfAllTogether() {
        put(dev, "main", DAY, "{\"tasks_completed\":10}").expect(200);
        add(dev, "main", DAY + "?section=", "{\"tasks_completed\":1}").expect(200);
        add(dev, "main", DAY + "?section=ui", "{\"tasks_completed\":2}").expect(200);
        put(dev, "main", DAY + "?section=api", "{\"tasks_completed\":3}").expect(200);
        add(dev, "main", DAY + "?section=api", "{\"tasks_completed\":4}").expect(200);

        assertEquals(List.of(DAY + "  11"), days(list(dev, "main", "")));
        assertEquals(List.of(DAY + " api 7"), days(list(dev, "main", "?section=api")));
        assertEquals(List.of(DAY + "  11", DAY + " api 7", DAY + " ui 2"), days(list(dev, "main", "?section=*")));
        put(dev, "main", DAY + "?section=*", "{}").expect(400);
        put(dev, "main", DAY + "?section=" + "s".repeat(201), "{}").expect(400);
        put(dev, "*", DAY, "{}").expect(400);
        put(dev, "a".repeat(201), DAY, "{}").expect(400);
    }

    @Test
    void pagesGoOnWhereTheOneBeforeEndedNewestDayFirst() {
        for (int day = 1; day <= 4; day++) {
            put(dev, "main", "2027-01-0" + day, "{\"tasks_completed\":" + day + "}")
                    .expect(200);
            put(dev, "main", "2027-01-0" + day + "?section=s", "{\"tasks_completed\":" + day + "}")
                    .expect(200);
        }
        put(dev, "other", "2027-01-02", "{}").expect(200);

        var seen = new ArrayList<String>();
        String cursor = "";
        int pages = 0;
        do {
            Answer page = list(dev, "main", "?section=*&from=2027-01-01&to=2027-01-03&limit=1" + cursor);
            seen.addAll(days(page));
            cursor = page.json().path("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor");
            if (pages++ == 1) {
                put(dev, "main", "2027-01-03?section=a", "{}").expect(200);
            }
        } while (!cursor.isEmpty());

        assertEquals(
                List.of(
                        "2027-01-03  3",
                        "2027-01-03 s 3",
                        "2027-01-02  2",
                        "2027-01-02 s 2",
                        "2027-01-01  1",
                        "2027-01-01 s 1"),
                seen);
        assertEquals(List.of("2027-01-04  4", "2027-01-03  3"), days(list(dev, "main", "?from=2027-01-03")));
    }

    @Test
    void aRepeatedIncrementIsNotAddedAgain() {
        Answer first = keyed("{\"tasks_completed\":1}", DAY).expect(200);
        Answer again = keyed("{\"tasks_completed\":1}", DAY).expect(200);

        assertEquals(first.text(), again.text());
        assertEquals("true", again.header("Idempotency-Replayed"));
        assertEquals("1", Sql.one("SELECT tasks_completed FROM agent_metrics"));
        assertEquals(
                "IDEMPOTENCY_KEY_REUSED",
                keyed("{\"tasks_completed\":2}", DAY).expect(422).code());
        assertEquals(
                "IDEMPOTENCY_KEY_REUSED",
                keyed("{\"tasks_completed\":1}", DAY + "?section=s").expect(422).code());
        keyed("{\"tasks_completed\":1}", "2027-01-30").expect(200);
        assertEquals("2", Sql.one("SELECT sum(tasks_completed) FROM agent_metrics"));
    }

    @Test
    void metricsAreNotInTheAuditTrail() {
        long before = Sql.count("SELECT count(*) FROM audit_log");
        put(dev, "main", DAY, "{}").expect(200);
        add(dev, "main", DAY, "{\"kudos_count\":1}").expect(200);

        assertEquals(before, Sql.count("SELECT count(*) FROM audit_log"));
    }

    private Answer keyed(String body, String day) {
        return adding(dev, "main", day, body).header("Idempotency-Key", "once").send();
    }

    private static String numbered(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "\"k%03d\":1".formatted(i))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
