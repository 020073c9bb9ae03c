package io.rollcall.heartbeat;

import static io.rollcall.heartbeat.Fleet.pause;
import static io.rollcall.heartbeat.Fleet.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/watchdog-pauses}, {@code /watchdog-pauses}. */
abstract class PauseSuite {

    private static final String MINUTES = "SELECT extract(epoch FROM until_at - now()) / 60 FROM watchdog_pauses";
    private static final String AUDIT = "SELECT action, actor, target, org_id, detail ->> 'agent_id',"
            + " detail ->> 'minutes' FROM audit_log WHERE action LIKE 'watchdog%' ORDER BY id";

    private Fleet acme;
    private String pauses;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Fleet.make("Acme");
        pauses = "/workspaces/" + acme.dev() + "/watchdog-pauses";
    }

    @Test
    void aPauseRunsForItsMinutesByTheDatabasesClock() {
        Answer put = pause(acme.dev(), "main", "{\"minutes\":30}").expect(200);

        assertEquals(
                List.of(acme.root(), acme.dev(), "main", "30", "platform admin"),
                List.of(
                        put.get("org_id"),
                        put.get("workspace_id"),
                        put.get("agent_id"),
                        put.get("minutes"),
                        put.get("paused_by")));
        assertTrue(put.json().path("note").isNull());
        assertEquals(
                Sql.one("SELECT to_char(until_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM"
                        + " watchdog_pauses WHERE until_at = paused_at + interval '30 min'"),
                put.get("until_at"));
        assertEquals(put.text(), Call.get(pauses + "/main").expect(200).text());
        assertEquals(
                List.of("main 30 " + put.get("until_at")), texts(Call.get(pauses), "agent_id", "minutes", "until_at"));
    }

    @Test
    void aRepetitionSetsTheEndAnew() {
        pause(acme.dev(), "main", "{\"minutes\":200}").expect(200);
        Answer second = pause(acme.dev(), "main", "{\"minutes\":5}").expect(200);

        assertEquals(second.text(), Call.get(pauses + "/main").expect(200).text());
        assertTrue(Double.parseDouble(Sql.one(MINUTES)) <= 5);
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,at least 1",
        "-5,1,at least 1",
        "241,240,at most 240",
        "99999999999999999999,240,at most 240",
        "1,1,",
        "240,240,"
    })
    void minutesOutOfBoundsAreClampedAndTheReplySaysSo(String asked, String kept, String note) {
        Answer put = pause(acme.dev(), "*", "{\"minutes\":" + asked + "}").expect(200);

        assertEquals(kept, put.get("minutes"));
        assertEquals(note != null, put.get("note").contains("lasts " + note), put.text());
        assertEquals(note == null, put.json().path("note").isNull());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {}~422~minutes
            {"minutes":null}~422~minutes
            {"minutes":"5"}~422~minutes
            {"minutes":1.5}~422~minutes
            {"minutes":5,"minute":5}~400~minute
            """)
    void badBodiesAreNamedAndPauseNothing(String body, int status, String field) {
        assertEquals(
                List.of(field), pause(acme.dev(), "main", body).expect(status).violations());
        assertEquals(0, Sql.count("SELECT count(*) FROM watchdog_pauses"));
    }

    @Test
    void whatNoAgentCanBeCalledIsRefused() {
        for (String name : List.of("%20main", "a%00", "%0A", "a".repeat(201))) {
            assertEquals(
                    List.of("agent_id"),
                    pause(acme.dev(), name, "{\"minutes\":5}").expect(400).violations());
        }
        assertEquals(
                "a ü",
                pause(acme.dev(), "a%20u%CC%88", "{\"minutes\":5}").expect(200).get("agent_id"));
    }

    @Test
    void whatHasEndedIsNotThere() {
        pause(acme.dev(), "main", "{\"minutes\":5}").expect(200);
        pause(acme.dev(), "*", "{\"minutes\":5}").expect(200);
        Sql.run("UPDATE watchdog_pauses SET until_at = now() WHERE agent_id = 'main'");

        Call.get(pauses + "/main").expect(404);
        assertEquals(List.of("*"), texts(Call.get(pauses), "agent_id"));
        Call.of("DELETE", pauses + "/main").send().expect(204);
        assertEquals(
                List.of("watchdog.paused", "watchdog.paused"),
                Sql.rows("SELECT action FROM audit_log WHERE action LIKE 'watchdog%' ORDER BY id"));
    }

    @Test
    void deletingEndsItAndMoreThanOnceChangesNothing() {
        pause(acme.dev(), "main", "{\"minutes\":5}").expect(200);

        Call.of("DELETE", pauses + "/main").send().expect(204);
        Call.of("DELETE", pauses + "/main").send().expect(204);

        assertEquals(List.of(), texts(Call.get(pauses), "agent_id"));
        assertEquals(
                List.of(
                        "watchdog.paused|platform admin|" + acme.dev() + "|" + acme.root() + "|main|5",
                        "watchdog.resumed|platform admin|" + acme.dev() + "|" + acme.root() + "|main|-"),
                Sql.rows(AUDIT));
    }

    @Test
    void thereIsNoPauseWithoutItsEntryInTheAuditTrail() {
        Sql.run("ALTER TABLE audit_log ADD CONSTRAINT refused CHECK (action NOT LIKE 'watchdog%') NOT VALID");
        try {
            assertTrue(pause(acme.dev(), "main", "{\"minutes\":5}").status() >= 500);
        } finally {
            Sql.run("ALTER TABLE audit_log DROP CONSTRAINT refused");
        }
        assertEquals(0, Sql.count("SELECT count(*) FROM watchdog_pauses"));
    }

    @Test
    void pagesGoByAgent() {
        for (String agent : List.of("c", "*", "b", "ä", "a")) {
            pause(acme.dev(), agent.replace("ä", "%C3%A4"), "{\"minutes\":5}").expect(200);
        }
        Answer first = Call.get(pauses + "?limit=2");
        Answer second = Call.get(pauses + "?limit=3&cursor=" + first.get("next_cursor"));

        assertEquals(List.of("*", "a"), texts(first, "agent_id"));
        assertEquals(List.of("b", "c", "ä"), texts(second, "agent_id"));
        assertTrue(second.json().path("next_cursor").isNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz",
                "AAAA",
                "MDE5OGYwYzAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDBkZWFkYQ==",
                "MDE5OGYwYzAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDBkZWFk"
            })
    void aCursorOfNoPageIsRefused(String cursor) {
        assertEquals(
                List.of("cursor"),
                Call.get(pauses + "?cursor=" + cursor).expect(400).violations());
    }

    @Test
    void agentsPauseThemselvesAndReadersLook() {
        String own = Fleet.agent(acme.dev());
        String others = Fleet.agent(acme.qa());
        String path = pauses + "/main";

        as(own, "PUT", path).expect(200);
        as(acme.token("write"), "PUT", path).expect(200);
        as(acme.token("read"), "PUT", path).expect(403);
        as(acme.token("read"), "DELETE", path).expect(403);
        as(others, "PUT", path).expect(404);
        as(others, "DELETE", path).expect(404);
        as(others, "GET", path).expect(404);
        as(others, "GET", pauses).expect(404);
        as(acme.token("read"), "GET", path).expect(200);
        as(own, "GET", path).expect(200);
        as(own, "DELETE", path).expect(204);
        assertEquals(3, Sql.count("SELECT count(*) FROM audit_log WHERE action LIKE 'watchdog%'"));
    }

    @Test
    void pausesOfOneOrganisationDoNotTouchAnothersOfTheSameAgent() {
        Fleet beta = Fleet.make("Beta");
        String path = "/workspaces/" + beta.dev() + "/watchdog-pauses/main";
        pause(beta.dev(), "main", "{\"minutes\":77}").expect(200);
        pause(acme.dev(), "main", "{\"minutes\":5}").expect(200);
        pause(acme.dev(), "*", "{\"minutes\":5}").expect(200);
        Call.of("DELETE", pauses + "/main").send().expect(204);

        String stranger = acme.token("admin");
        as(stranger, "PUT", path).expect(404);
        as(stranger, "DELETE", path).expect(404);
        as(stranger, "GET", path).expect(404);

        assertEquals("77", Call.get(path).expect(200).get("minutes"));
        assertEquals(List.of("*"), texts(Call.get(pauses), "agent_id"));
        assertEquals(List.of("main"), texts(Call.get("/workspaces/" + beta.dev() + "/watchdog-pauses"), "agent_id"));
        assertEquals(List.of(), texts(Call.get("/workspaces/" + acme.qa() + "/watchdog-pauses"), "agent_id"));
    }

    @Test
    void thoseOfAnOrganisationAreListedTogetherAndOthersAreNot() {
        Fleet beta = Fleet.make("Beta");
        for (String workspace : List.of(acme.dev(), acme.qa(), beta.dev())) {
            pause(workspace, "main", "{\"minutes\":5}").expect(200);
            pause(workspace, "*", "{\"minutes\":5}").expect(200);
            pause(workspace, "old", "{\"minutes\":5}").expect(200);
        }
        Sql.run("UPDATE watchdog_pauses SET until_at = now() WHERE agent_id = 'old'");
        String gone = Fleet.child(acme.root(), "Gone");
        pause(gone, "main", "{\"minutes\":5}").expect(200);
        Fleet.remove(gone, "Gone");
        List<String> expected = new ArrayList<>();
        for (String workspace : List.of(acme.dev(), acme.qa()).stream().sorted().toList()) {
            expected.add(acme.root() + " " + workspace + " *");
            expected.add(acme.root() + " " + workspace + " main");
        }
        String reader = acme.token("read");

        assertEquals(expected, walk(reader, "/watchdog-pauses?limit=1"));
        assertEquals(expected, walk(reader, "/watchdog-pauses?limit=3&org_id=" + acme.root()));
        assertEquals(expected, walk(TestDatabase.TOKEN, "/watchdog-pauses?limit=3&org_id=" + acme.root()));
        assertEquals(6, walk(TestDatabase.TOKEN, "/watchdog-pauses?limit=4").size());
        assertEquals(List.of(), walk(reader, "/watchdog-pauses?limit=3&org_id=" + beta.root()));
        assertEquals(
                List.of("org_id"),
                Call.get("/watchdog-pauses?org_id=x").expect(400).violations());
        as(Fleet.agent(acme.dev()), "GET", "/watchdog-pauses").expect(403);
    }

    @Test
    void anUnknownWorkspaceHasNoPausesAndARemovedOneNoMore() {
        pause(acme.dev(), "main", "{\"minutes\":5}").expect(200);
        Fleet.remove(acme.dev(), "Dev");

        for (String method : List.of("GET", "PUT", "DELETE")) {
            for (String id : List.of(Fleet.UNKNOWN, "x")) {
                as("", method, "/workspaces/" + id + "/watchdog-pauses/main").expect(401);
                Call call = Call.of(method, "/workspaces/" + id + "/watchdog-pauses/main");
                (method.equals("PUT") ? call.json("{\"minutes\":5}") : call)
                        .send()
                        .expect(404);
            }
            Call call = Call.of(method, pauses + "/main");
            Answer gone = (method.equals("PUT") ? call.json("{\"minutes\":9}") : call)
                    .send()
                    .expect(410);
            assertEquals("REMOVED", gone.code());
        }
        Call.get(pauses).expect(410);
        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log WHERE action LIKE 'watchdog%'"));
        assertEquals("main", Sql.one("SELECT agent_id FROM watchdog_pauses"));
    }

    private static List<String> walk(String token, String path) {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = as(token, "GET", path + cursor).expect(200);
            seen.addAll(texts(page, "org_id", "workspace_id", "agent_id"));
            cursor = page.json().path("next_cursor").isNull() ? null : "&cursor=" + page.get("next_cursor");
        } while (cursor != null);
        return seen;
    }

    private static Answer as(String token, String method, String path) {
        Call call = Call.of(method, path).as(token);
        return (method.equals("PUT") ? call.json("{\"minutes\":5}") : call).send();
    }
}
