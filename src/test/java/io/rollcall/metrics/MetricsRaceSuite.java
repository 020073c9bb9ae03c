package io.rollcall.metrics;

import static io.rollcall.metrics.Metrics.DAY;
import static io.rollcall.metrics.Metrics.add;
import static io.rollcall.metrics.Metrics.adding;
import static io.rollcall.metrics.Metrics.days;
import static io.rollcall.metrics.Metrics.list;
import static io.rollcall.metrics.Metrics.path;
import static io.rollcall.metrics.Metrics.put;
import static io.rollcall.metrics.Metrics.remove;
import static io.rollcall.metrics.Metrics.team;
import static io.rollcall.metrics.Metrics.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics that are written at once, and those of others. */
abstract class MetricsRaceSuite {

    private static final int MANY = 1000;
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

    /** Each is sent again until it is answered, with its key: what was busy was not added, what was added is not again. */
    @Test
    void aThousandIncrementsAtOnceSumExactly() {
        long seed = Race.seed("increments");
        var random = new Random(seed);
        var calls = new ArrayList<Callable<Integer>>();
        long started = 0;
        for (int i = 0; i < MANY; i++) {
            int start = random.nextInt(5);
            started += start;
            String key = "i" + i;
            String body = "{\"tasks_completed\":1,\"tasks_started\":" + start + ",\"tokens\":0.1,\"t" + i % 7 + "\":1}";
            calls.add(() -> {
                Answer answer;
                int sent = 0;
                do {
                    answer = adding(dev, "main", DAY, body)
                            .header("Idempotency-Key", key)
                            .send();
                    sent++;
                } while ((answer.status() == 503 || answer.status() == 429 || answer.status() == 409) && sent < 1000);
                return answer.expect(200).status();
            });
        }
        Race.run(calls);

        assertEquals(
                MANY + "|" + started + "|100.0|143|142",
                Sql.one("SELECT tasks_completed, tasks_started, data ->> 'tokens', data ->> 't0', data ->> 't6'"
                        + " FROM agent_metrics"));
    }

    /** Of the same increment at once, with its key, one is added. */
    @Test
    void ofTheSameIncrementAtOnceOneIsAdded() {
        for (int round = 0; round < 10; round++) {
            String key = "round" + round;
            List<Answer> answers = Race.run(IntStream.range(0, 6)
                    .<Callable<Answer>>mapToObj(i -> () -> adding(dev, "main", DAY, "{\"kudos_count\":1}")
                            .header("Idempotency-Key", key)
                            .send())
                    .toList());

            assertEquals(
                    0,
                    answers.stream()
                            .filter(a -> a.status() != 200 && a.status() != 409)
                            .count());
            assertEquals(round + 1, Sql.count("SELECT kudos_count FROM agent_metrics"));
        }
    }

    @Test
    void whoeverReplacesWhileOthersAddIsBeforeOrAfterEachOfThem() {
        for (int round = 0; round < 20; round++) {
            put(dev, "main", DAY, "{}").expect(200);
            var calls = new ArrayList<Callable<Answer>>();
            calls.add(() -> put(dev, "main", DAY, "{\"tasks_completed\":100,\"tasks_started\":100}"));
            IntStream.range(0, 5)
                    .forEach(
                            i -> calls.add(() -> add(dev, "main", DAY, "{\"tasks_completed\":1,\"tasks_started\":1}")));
            Race.run(calls).forEach(answer -> answer.expect(200));

            String[] now = Sql.one("SELECT tasks_completed, tasks_started FROM agent_metrics")
                    .split("\\|");
            assertEquals(now[0], now[1]);
            assertEquals(true, Integer.parseInt(now[0]) >= 100 && Integer.parseInt(now[0]) <= 105, now[0]);
        }
    }

    @Test
    void twoWorkspacesAndTwoOrganisationsWithTheSameAgentDayAndSectionNeverTouchEachOther() {
        String other = workspace("Dev", workspace("Umbrella", null));
        String day = DAY + "?section=ui";
        int n = 1;
        for (String workspace : List.of(org, dev, other)) {
            put(workspace, "main", day, "{\"tasks_completed\":" + n + "}").expect(200);
            put(workspace, "main", DAY, "{\"tasks_completed\":" + n + "}").expect(200);
            n *= 10;
        }
        add(dev, "main", day, "{\"tasks_completed\":5}").expect(200);
        add(other, "main", day, "{\"tasks_completed\":-100}").expect(200);

        assertEquals(List.of(DAY + " ui 1"), days(list(org, "main", "?section=ui")));
        assertEquals(List.of(DAY + " ui 15"), days(list(dev, "main", "?section=ui")));
        assertEquals(List.of(DAY + " ui 0"), days(list(other, "main", "?section=ui")));
        String month = "from=2027-01-01&to=2027-01-31";
        assertEquals(
                "1 10 100",
                String.join(
                        " ",
                        List.of(org, dev, other).stream()
                                .map(workspace -> team(workspace, month)
                                        .expect(200)
                                        .json()
                                        .at("/team/totals/tasks_completed")
                                        .toString())
                                .toList()));
        remove(other, "Dev");
        assertEquals(List.of(DAY + " ui 15"), days(list(dev, "main", "?section=ui")));
    }

    @Test
    void anAgentWritesAndReadsItsOwnWorkspacesMetricsAlone() {
        String agent = Call.post("/workspaces/" + dev + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
        for (String workspace : List.of(dev, org, UNKNOWN)) {
            int expected = workspace.equals(dev) ? 200 : 404;
            Call.of("PUT", path(workspace, "any") + "/" + DAY)
                    .as(agent)
                    .json("{}")
                    .send()
                    .expect(expected);
            adding(workspace, "any", DAY, "{\"kudos_count\":1}")
                    .as(agent)
                    .send()
                    .expect(expected);
            Call.of("GET", path(workspace, "any")).as(agent).send().expect(expected);
            Call.of("GET", "/workspaces/" + workspace + "/metrics/team?from=" + DAY + "&to=" + DAY)
                    .as(agent)
                    .send()
                    .expect(expected);
        }
        assertEquals(List.of(dev), Sql.rows("SELECT workspace_id FROM agent_metrics"));
    }

    @Test
    void theMetricsOfARemovedWorkspaceGoWithItAndItsNeighboursKeepTheirs() {
        for (String workspace : List.of(org, dev)) {
            put(workspace, "main", DAY, "{}").expect(200);
            put(workspace, "main", DAY + "?section=s", "{}").expect(200);
        }
        remove(dev, "Dev");

        for (Answer answer : List.of(
                put(dev, "main", DAY, "{}"),
                add(dev, "main", DAY, "{\"kudos_count\":1}"),
                add(dev, "main", DAY, "{\"kudos_count\":-1}"),
                Call.get(path(dev, "main")),
                team(dev, "from=" + DAY + "&to=" + DAY))) {
            assertEquals("REMOVED", answer.expect(410).code());
        }
        assertEquals(List.of(org, org), Sql.rows("SELECT workspace_id FROM agent_metrics"));
    }

    /** The writer waits for the removal that came first, and leaves nothing behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"put", "add"})
    void whoeverWritesWhileAWorkspaceIsRemovedLeavesNothingBehind(String call) throws Exception {
        try (Connection parked = TestDatabase.connectAsOwner();
                Superuser watch = Superuser.connect()) {
            parked.setAutoCommit(false);
            parked.createStatement()
                    .execute("UPDATE workspaces SET status = 'removed', removed_at = now() WHERE id = '" + dev + "'");
            var writer = CompletableFuture.supplyAsync(() ->
                    call.equals("put") ? put(dev, "main", DAY, "{}") : add(dev, "main", DAY, "{\"kudos_count\":1}"));
            Await.until("it waits", () -> watch.number(WAITING.formatted("INSERT INTO agent_metrics")) == 1);
            parked.commit();

            writer.get().expect(410);
        }
        assertEquals(0, Sql.count("SELECT count(*) FROM agent_metrics"));
    }

    /** No key of theirs could be another workspace's. */
    @Test
    void everyUniqueKeyBeginsWithTheWorkspace() {
        assertEquals(
                List.of("agent_metrics|{workspace_id,agent_id,date,section}", "settings|{workspace_id,id}"),
                Sql.rows("""
                        SELECT i.indrelid::regclass,
                               (SELECT array_agg(a.attname ORDER BY k.place)
                                  FROM unnest(i.indkey::int[]) WITH ORDINALITY k (number, place)
                                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)
                          FROM pg_index i
                         WHERE i.indrelid IN ('settings'::regclass, 'agent_metrics'::regclass) AND i.indisunique
                         ORDER BY i.indrelid::regclass::text"""));
    }
}
