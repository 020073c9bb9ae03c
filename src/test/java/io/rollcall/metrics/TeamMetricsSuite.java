package io.rollcall.metrics;

import static io.rollcall.metrics.Metrics.items;
import static io.rollcall.metrics.Metrics.put;
import static io.rollcall.metrics.Metrics.team;
import static io.rollcall.metrics.Metrics.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /workspaces/{id}/metrics/team}. */
abstract class TeamMetricsSuite {

    private static final String MONTH = "from=2027-01-01&to=2027-01-31";

    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        dev = workspace("Dev", workspace("Acme", null));
    }

    @Test
    void anAgentsDaysAreAddedUpAndItsMeansAreBothPlainAndWeighted() {
        put(
                        dev,
                        "one",
                        "2027-01-01",
                        "{\"tasks_completed\":9,\"active_minutes\":60,\"mentions_received\":1,\"first_pass_rate\":1,"
                                + "\"throughput\":9,\"mention_response_min\":10,\"avg_duration_min\":10}")
                .expect(200);
        put(
                        dev,
                        "one",
                        "2027-01-02",
                        "{\"tasks_completed\":1,\"active_minutes\":180,\"mentions_received\":3,\"first_pass_rate\":0,"
                                + "\"throughput\":1,\"mention_response_min\":2}")
                .expect(200);
        put(dev, "one", "2027-01-02?section=s", "{\"tasks_completed\":50,\"first_pass_rate\":1}")
                .expect(200);
        put(dev, "one", "2026-12-31", "{\"tasks_completed\":70}").expect(200);
        put(dev, "two", "2027-01-31", "{\"tasks_completed\":10,\"first_pass_rate\":0.5,\"own\":3}")
                .expect(200);

        JsonNode found = team(dev, MONTH).expect(200).json();

        assertEquals(
                "2027-01-01 2027-01-31",
                found.path("from").asText() + " " + found.path("to").asText());
        JsonNode one = found.at("/items/0");
        assertEquals("one 2", one.path("agent_id").asText() + " " + one.path("active_days"));
        assertEquals(11, one.path("totals").size());
        assertEquals(
                "10 240 4 0",
                values(one.path("totals"), "tasks_completed", "active_minutes", "mentions_received", "kudos_count"));
        assertEquals("0.5 5 6 10 null", means(one.path("averages")));
        assertEquals("0.9 3 4 10 null", means(one.path("weighted_averages")));
        assertEquals("0.5 null null null null", means(found.at("/items/1/averages")));
        JsonNode all = found.path("team");
        assertEquals("2 3", values(all, "agents", "active_days"));
        assertEquals("20", values(all.path("totals"), "tasks_completed"));
        assertEquals("0.5 5 6 10 null", means(all.path("averages")));
        assertEquals("0.7 3 4 10 null", means(all.path("weighted_averages")));
        assertEquals(9, all.path("averages").size());
        assertEquals(9, all.path("weighted_averages").size());
        assertTrue(found.path("next_cursor").isNull());
    }

    @Test
    void whatWeighsNothingHasNoWeightedMean() {
        put(dev, "one", "2027-01-01", "{\"first_pass_rate\":0.5}").expect(200);

        JsonNode team = team(dev, MONTH).expect(200).json().path("team");

        assertEquals("0.5", team.at("/averages/first_pass_rate").toString());
        assertEquals("null", team.at("/weighted_averages/first_pass_rate").toString());
    }

    /** Of a former release, which took it: its share of all tasks is none that a double can be. */
    @Test
    void aNumberThatIsTooSmallToShareCountsAsNone() {
        put(dev, "one", "2027-01-01", "{\"tasks_completed\":1,\"avg_duration_min\":1}")
                .expect(200);
        put(dev, "one", "2027-01-02", "{\"tasks_completed\":5,\"avg_duration_min\":0}")
                .expect(200);
        Sql.run("UPDATE agent_metrics SET avg_duration_min = 5e-324 WHERE date = '2027-01-01'");

        JsonNode found = team(dev, MONTH).expect(200).json();

        assertEquals(0, found.at("/team/weighted_averages/avg_duration_min").asDouble(-1));
        assertEquals(0, found.at("/items/0/weighted_averages/avg_duration_min").asDouble(-1));

        put(dev, "one", "2027-01-01", "{\"tasks_completed\":1,\"avg_duration_min\":1e-30}")
                .expect(200);
        found = team(dev, MONTH).expect(200).json();
        assertEquals(
                1e-30 / 6, found.at("/team/weighted_averages/avg_duration_min").asDouble(), 1e-40);
    }

    @Test
    void aTeamWithoutDaysIsEmpty() {
        JsonNode found = team(dev, MONTH).expect(200).json();

        assertEquals(0, found.path("items").size());
        assertEquals("0 0", values(found.path("team"), "agents", "active_days"));
        assertEquals("0", values(found.at("/team/totals"), "tasks_completed"));
        assertEquals("null null null null null", means(found.at("/team/averages")));
    }

    @Test
    void theSumsOfAllAreOnEachPageAndThoseOfEachOnOne() {
        for (String agent : List.of("a", "b", "c", "%C3%A9", "d")) {
            put(dev, agent, "2027-01-01", "{\"tasks_completed\":1}").expect(200);
        }
        var seen = new ArrayList<String>();
        String cursor = "";
        int pages = 0;
        do {
            Answer page = team(dev, MONTH + "&limit=2" + cursor).expect(200);
            assertEquals("5", page.json().at("/team/totals/tasks_completed").toString());
            seen.addAll(items(page, item -> item.path("agent_id").asText()));
            cursor = page.json().path("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor");
            pages++;
        } while (!cursor.isEmpty());

        assertEquals(List.of("a", "b", "c", "d", "é"), seen);
        assertEquals(3, pages);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            to=2027-01-31~from~is required
            from=2027-01-31~to~is required
            from=2027-02-01&to=2027-01-31~from~must not be after to
            from=2026-01-01&to=2027-02-05~to~within 400 days of from, is 401
            from=2026-01-01&to=2026-01-02&cursor=!~cursor~next_cursor
            """)
    void badQuestionsAreRefused(String query, String where, String message) {
        Answer refused = team(dev, query).expect(400);

        assertEquals(List.of(where), refused.violations());
        assertTrue(refused.get("detail").contains(message), refused.text());
        team(dev, "from=2026-01-01&to=2027-02-04").expect(200);
    }

    /** Against sums made here, of the same days. */
    @Test
    void theViewIsWhatTheDaysAddUpTo() {
        var random = new Random(Race.seed("team"));
        Map<String, double[]> sums = new HashMap<>();
        for (int agent = 0; agent < 4; agent++) {
            for (int day = 1; day <= 9; day++) {
                if (random.nextInt(4) == 0) {
                    continue;
                }
                int completed = random.nextInt(5);
                Integer rate = random.nextInt(3) == 0 ? null : random.nextInt(5) * 25;
                put(
                                dev,
                                "a" + agent,
                                "2027-01-0" + day,
                                "{\"tasks_completed\":" + completed
                                        + (rate == null ? "" : ",\"chain_rate\":" + rate / 100.0) + "}")
                        .expect(200);
                for (String who : List.of("a" + agent, "team")) {
                    double[] sum = sums.computeIfAbsent(who, any -> new double[5]);
                    sum[0] += completed;
                    if (rate != null) {
                        sum[1] += rate;
                        sum[2]++;
                        sum[3] += rate * completed;
                        sum[4] += completed;
                    }
                }
            }
        }
        JsonNode found = team(dev, MONTH).expect(200).json();

        check(sums.get("team"), found.path("team"));
        found.path("items").forEach(item -> check(sums.get(item.path("agent_id").asText()), item));
        assertEquals(sums.size() - 1, found.path("items").size());
    }

    private static void check(double[] sum, JsonNode found) {
        assertEquals(sum[0], found.at("/totals/tasks_completed").asDouble(-1));
        assertEquals(
                sum[2] == 0 ? -1 : sum[1] / sum[2] / 100,
                found.at("/averages/chain_rate").asDouble(-1),
                1e-9);
        assertEquals(
                sum[4] == 0 ? -1 : sum[3] / sum[4] / 100,
                found.at("/weighted_averages/chain_rate").asDouble(-1),
                1e-9);
    }

    private static String means(JsonNode means) {
        return values(
                means,
                "first_pass_rate",
                "throughput",
                "mention_response_min",
                "avg_duration_min",
                "median_duration_min");
    }

    private static String values(JsonNode of, String... names) {
        return String.join(
                " ",
                List.of(names).stream().map(name -> of.path(name).toString()).toList());
    }
}
