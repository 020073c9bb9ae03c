package io.rollcall.drift;

import static io.rollcall.drift.Drift.A;
import static io.rollcall.drift.Drift.B;
import static io.rollcall.drift.Drift.WAITING;
import static io.rollcall.drift.Drift.files;
import static io.rollcall.drift.Drift.items;
import static io.rollcall.drift.Drift.numbered;
import static io.rollcall.drift.Drift.ping;
import static io.rollcall.drift.Drift.pings;
import static io.rollcall.drift.Drift.places;
import static io.rollcall.drift.Drift.quoted;
import static io.rollcall.drift.Drift.shas;
import static io.rollcall.drift.Drift.want;
import static io.rollcall.drift.Drift.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/bootstrap-files}, {@code …/bootstrap-pings}. */
abstract class BootstrapSuite {

    private String org;
    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        org = workspace("Acme", null);
        dev = workspace("Dev", org);
    }

    @Test
    void whatIsWantedIsAnsweredAsItWasSetInLowerCase() {
        assertEquals("{\"files\":{}}", Call.get(files(dev)).expect(200).text());

        want(dev, "\"b.md\":\"" + B.toUpperCase() + "\",\"A.md\":\"" + A + "\"").expect(200);

        String expected = "{\"files\":{\"A.md\":\"" + A + "\",\"b.md\":\"" + B + "\"}}";
        assertEquals(expected, Call.get(files(dev)).expect(200).text());
        assertEquals(
                expected,
                want(dev, "\"b.md\":\"" + B + "\",\"A.md\":\"" + A + "\"")
                        .expect(200)
                        .text());
    }

    @Test
    void whatIsNotNamedIsNotWantedAnyMoreAndTheAuditTrailHasWhatChanged() {
        want(dev, "\"a\":\"" + A + "\",\"b\":\"" + A + "\",\"c\":\"" + A + "\"").expect(200);
        want(dev, "\"b\":\"" + B + "\",\"c\":\"" + A + "\",\"d\":\"" + A + "\"").expect(200);
        want(dev, "\"b\":\"" + B + "\",\"c\":\"" + A + "\",\"d\":\"" + A + "\"").expect(200);

        assertEquals(
                "{\"files\":{\"b\":\"" + B + "\",\"c\":\"" + A + "\",\"d\":\"" + A + "\"}}",
                Call.get(files(dev)).text());
        assertEquals(
                List.of(
                        dev + "|{\"added\": 3, \"changed\": 0, \"removed\": 0}",
                        dev + "|{\"added\": 1, \"changed\": 1, \"removed\": 1}"),
                Sql.rows("SELECT target, detail FROM audit_log WHERE action = 'bootstrap_files.replaced' ORDER BY id"));
    }

    @Test
    void anAgentIsToldAtOnceWhatItShouldHaveBeenStartedWith() {
        want(dev, "\"same\":\"" + A + "\",\"other\":\"" + A + "\",\"missing\":\"" + A + "\"")
                .expect(200);

        Answer told = ping(dev, "one", "\"same\":\"" + A + "\",\"other\":\"" + B + "\",\"own\":\"" + B + "\"");

        String at = told.expect(200).get("last_pinged_at");
        assertEquals(
                "{\"items\":["
                        + report("one", "missing", null, A, "false", true, null) + ","
                        + report("one", "other", B, A, "false", true, at) + ","
                        + report("one", "own", B, null, "null", false, at) + ","
                        + report("one", "same", A, A, "true", false, at)
                        + "],\"has_drift\":true,\"last_pinged_at\":\"" + at + "\",\"next_cursor\":null}",
                told.text());
    }

    @Test
    void whatIsReportedAgainIsNewerAndWhatIsNotStays() {
        want(dev, "\"a\":\"" + A + "\"").expect(200);
        ping(dev, "main", "\"a\":\"" + B + "\",\"b\":\"" + B + "\"").expect(200);
        older(3600, "main");

        Answer told = Call.post(pings(dev), "{\"files\":{\"a\":\"" + A.toUpperCase() + "\"}}")
                .expect(200);

        assertEquals(List.of("main a 0", "main b 3600"), ages(told));
        assertEquals(List.of("a a b b"), List.of(shas(told)));
        assertEquals("false", told.get("has_drift"));
        assertEquals(2, Sql.count("SELECT count(*) FROM bootstrap_pings"));
    }

    /** A transaction that began before the one that reported has the earlier time for its own. */
    @Test
    void anAgeIsNeverNegative() {
        ping(dev, "main", "\"a\":\"" + A + "\"").expect(200);
        older(-60, "main");

        assertEquals(List.of("main a 0"), ages(Call.get(pings(dev))));
    }

    @Test
    void aListShowsEachAgentThatEverReportedAndCanBeKeptToOneOrToWhatDrifted() {
        want(dev, "\"a\":\"" + A + "\",\"b\":\"" + A + "\"").expect(200);
        ping(dev, "good", "\"a\":\"" + A + "\",\"b\":\"" + A + "\"").expect(200);
        ping(dev, "bad", "\"a\":\"" + B + "\",\"own\":\"" + B + "\"").expect(200);
        older(7200, "bad");

        assertEquals(
                List.of("bad a 7200", "bad b null", "bad own 7200", "good a 0", "good b 0"),
                ages(Call.get(pings(dev) + "?drift=false")));
        assertEquals(List.of("bad a", "bad b"), places(Call.get(pings(dev) + "?drift=true")));
        Answer good = Call.get(pings(dev) + "?agent_id=good").expect(200);
        assertEquals(List.of("good a", "good b"), places(good));
        assertEquals("false", good.get("has_drift"), "of the agent that was asked for");
        Answer bad = Call.get(pings(dev) + "?agent_id=bad").expect(200);
        assertTrue(bad.get("last_pinged_at").compareTo(good.get("last_pinged_at")) < 0, bad.text());
        assertEquals(
                good.get("last_pinged_at"), Call.get(pings(dev)).expect(200).get("last_pinged_at"));
        assertEquals(
                "{\"items\":[],\"has_drift\":false,\"last_pinged_at\":null,\"next_cursor\":null}",
                Call.get(pings(dev) + "?agent_id=nobody").expect(200).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void pagesGoOnWhereTheOneBeforeEndedWhateverIsReportedInBetween(String drift) {
        want(dev, "\"a\":\"" + A + "\",\"b\":\"" + A + "\",\"é\":\"" + A + "\"").expect(200);
        List.of("one", "ünal", "two")
                .forEach(agent -> ping(dev, agent, "\"a\":\"" + B + "\"").expect(200));

        var seen = new ArrayList<String>();
        String cursor = "";
        int pages = 0;
        do {
            Answer page =
                    Call.get(pings(dev) + "?limit=2&drift=" + drift + cursor).expect(200);
            seen.addAll(places(page));
            assertEquals("true", page.get("has_drift"));
            cursor = page.json().path("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor");
            if (pages++ == 0) {
                ping(dev, "aaa", "\"a\":\"" + B + "\"").expect(200);
            }
        } while (!cursor.isEmpty());

        assertEquals(List.of("one a", "one b", "one é", "two a", "two b", "two é", "ünal a", "ünal b", "ünal é"), seen);
        assertEquals(5, pages);
    }

    @Test
    void ofAnAgentTheFilesAreKeptThatItReportedLast() {
        ping(dev, "main", numbered(0, FileHashes.MOST)).expect(200);
        older(60, "main");
        ping(dev, "main", numbered(0, 150)).expect(200);
        ping(dev, "other", numbered(500, 510)).expect(200);

        ping(dev, "main", numbered(300, 320)).expect(200);

        assertEquals(
                "150|30|20",
                Sql.one(
                        "SELECT count(*) FILTER (WHERE path < 'f0150'), count(*) FILTER (WHERE path BETWEEN 'f0150' AND 'f0199'),"
                                + " count(*) FILTER (WHERE path >= 'f0300') FROM bootstrap_pings WHERE agent_id = 'main'"));
        assertEquals(10, Sql.count("SELECT count(*) FROM bootstrap_pings WHERE agent_id = 'other'"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {}~422~files~is required
            {"files":{}}~422~files~1 to 200 entries
            {"files":[]}~422~files~must be an object
            {"files":{"a":"0"}}~422~files.a~64 hex digits
            {"files":{"a":7}}~422~files.a~64 hex digits
            {"files":{"a":"%s0"}}~422~files.a~64 hex digits
            {"files":{"a\\u0080":"%s"}}~422~files.a\u0080~control characters
            {"files":{"":"%s"}}~422~files.~must not be empty
            {"files":{"a":"%s"},"agent_id":""}~422~agent_id~must not be empty
            {"files":{"a":"%s"},"agentId":"x"}~400~agentId~did you mean agent_id
            """)
    void badReportsAreNamedAndNothingIsKept(String body, int status, String path, String message) {
        Answer refused = Call.post(pings(dev), body.replace("%s", A)).expect(status);

        assertEquals(List.of(path), refused.violations());
        assertTrue(refused.get("detail").contains(message), refused.text());
        assertEquals(0, Sql.count("SELECT count(*) FROM bootstrap_pings"));
    }

    /** Had both looked before either wrote, both sets would be there. */
    @Test
    void oneOfTwoWhoReplaceAtOnceWins() throws Exception {
        want(dev, "\"old\":\"" + A + "\"").expect(200);
        try (Connection parked = TestDatabase.connectAsOwner();
                Superuser watch = Superuser.connect()) {
            parked.setAutoCommit(false);
            parked.createStatement().execute("SELECT 1 FROM workspaces WHERE id = '" + dev + "' FOR NO KEY UPDATE");
            parked.createStatement().execute("DELETE FROM bootstrap_files");
            parked.createStatement()
                    .execute("INSERT INTO bootstrap_files (workspace_id, path, org_id, sha256) VALUES ('" + dev
                            + "', 'theirs', '" + org + "', sha256('x'))");
            var mine = CompletableFuture.supplyAsync(() -> want(dev, "\"mine\":\"" + A + "\""));
            Await.until("it waits", () -> watch.number(WAITING.formatted("FOR NO KEY UPDATE")) == 1);
            parked.commit();

            mine.get().expect(200);
            assertEquals(
                    "{\"files\":{\"mine\":\"" + A + "\"}}", Call.get(files(dev)).text());
        }
    }

    private static String report(
            String agent, String path, String reported, String source, String match, boolean drifted, String at) {
        return "{\"agent_id\":\"" + agent + "\",\"path\":\"" + path + "\",\"reported_sha\":" + quoted(reported)
                + ",\"source_sha\":" + quoted(source) + ",\"match\":" + match + ",\"drifted\":" + drifted
                + ",\"pinged_at\":" + quoted(at) + ",\"age_seconds\":" + (at == null ? "null" : "0") + "}";
    }

    private static List<String> ages(Answer page) {
        return items(
                page,
                item -> item.path("agent_id").asText() + " " + item.path("path").asText() + " "
                        + item.path("age_seconds").asText());
    }

    private static void older(int seconds, String agent) {
        Sql.run(
                "UPDATE bootstrap_pings SET pinged_at = pinged_at - make_interval(secs => ?) WHERE agent_id = ?",
                seconds,
                agent);
    }
}
