package io.rollcall.heartbeat;

import static io.rollcall.heartbeat.Fleet.beat;
import static io.rollcall.heartbeat.Fleet.pause;
import static io.rollcall.heartbeat.Fleet.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /workspaces/{id}/heartbeats}, {@code /heartbeats/stale}, {@code /heartbeats/summary}. */
abstract class HeartbeatViewSuite {

    private Fleet acme;
    private String heartbeats;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Fleet.make("Acme");
        heartbeats = "/workspaces/" + acme.dev() + "/heartbeats";
    }

    @Test
    void anAgentIsShownWithWhenItWasHeardAndWhatItSaid() {
        beat(acme.dev(), "main", 10);
        Sql.run("UPDATE heartbeats SET beat_at = '2027-01-31T12:01:30.5Z', started_at = '2027-01-31T12:00:00Z',"
                + " silent_since = '2027-01-31T12:05:00Z'");
        Sql.run("""
                INSERT INTO agent_states (workspace_id, agent_id, org_id, status, error_rate, sample_error, active_tasks,
                                          current_task, loop_id, detail, url, delivery_mode, registered_at)
                SELECT workspace_id, agent_id, org_id, 'running', 0.25, 'e', 2, 't', 'l', '{"n": 1}', 'http://a', 'push',
                       '2027-01-31T11:00:00Z' FROM heartbeats
                """);

        Answer page = Call.get(heartbeats).expect(200);

        assertEquals(
                "{\"workspace_id\":\"" + acme.dev() + "\",\"agent_id\":\"main\",\"org_id\":\"" + acme.root()
                        + "\",\"status\":\"running\",\"liveness\":\"alive\","
                        + "\"last_heartbeat\":\"2027-01-31T12:01:30.500Z\",\"silent_since\":\"2027-01-31T12:05:00.000Z\","
                        + "\"started_at\":\"2027-01-31T12:00:00.000Z\",\"uptime_seconds\":90,\"error_rate\":0.25,"
                        + "\"sample_error\":\"e\",\"active_tasks\":2,\"current_task\":\"t\",\"loop_id\":\"l\","
                        + "\"detail\":{\"n\": 1},\"url\":\"http://a\",\"delivery_mode\":\"push\","
                        + "\"registered_at\":\"2027-01-31T11:00:00.000Z\",\"paused_until\":null}",
                page.text().replaceAll("^\\{\"items\":\\[|],\"next_cursor\":null}$", ""));
    }

    @Test
    void whoNeverSaidAnythingIsThereAllTheSame() {
        beat(acme.dev(), "main", 10);

        JsonNode row = Call.get(heartbeats).expect(200).json().at("/items/0");

        assertEquals("alive", row.path("liveness").asText());
        for (String absent : List.of("status", "started_at", "uptime_seconds", "detail", "silent_since", "url")) {
            assertTrue(row.path(absent).isNull(), absent);
        }
    }

    /** Between two sweeps, and while the sweep holds back, nobody has noted it yet. */
    @Test
    void silenceIsJudgedByTimeAndNotByWhatTheSweepNoted() {
        beat(acme.dev(), "fresh", 170);
        beat(acme.dev(), "old", 190);
        Sql.run("UPDATE heartbeats SET silent_since = now() WHERE agent_id = 'fresh'");

        assertEquals(List.of("fresh alive", "old silent"), texts(Call.get(heartbeats), "agent_id", "liveness"));
        assertEquals(List.of("old"), texts(Call.get(heartbeats + "?stale=true"), "agent_id"));
        assertEquals(List.of("fresh"), texts(Call.get(heartbeats + "?stale=false"), "agent_id"));
        assertEquals(List.of("old"), texts(Call.get("/heartbeats/stale"), "agent_id"));
        Call.get(heartbeats + "?stale=1").expect(400);
    }

    @Test
    void thePauseIsTheLaterOfTheAgentsAndItsWorkspaces() {
        beat(acme.dev(), "a", 0);
        beat(acme.dev(), "b", 0);
        beat(acme.qa(), "a", 0);
        String all = pause(acme.dev(), "*", "{\"minutes\":30}").get("until_at");
        pause(acme.dev(), "a", "{\"minutes\":10}").expect(200);
        String own = pause(acme.dev(), "b", "{\"minutes\":60}").get("until_at");

        assertEquals(List.of("a " + all, "b " + own), texts(Call.get(heartbeats), "agent_id", "paused_until"));
        assertEquals(
                List.of("a -"),
                texts(Call.get("/workspaces/" + acme.qa() + "/heartbeats"), "agent_id", "paused_until"));
        Sql.run("UPDATE watchdog_pauses SET until_at = now()");
        assertEquals(List.of("a -", "b -"), texts(Call.get(heartbeats), "agent_id", "paused_until"));
    }

    @Test
    void pagesGoByAgentThroughAWorkspaceAndByWorkspaceThroughAFleet() {
        List<String> agents = new ArrayList<>();
        for (String agent : List.of("a", "b", "c", "d", "ü")) {
            beat(acme.dev(), agent, 1000);
            beat(acme.qa(), agent, 1000);
            agents.add(agent);
        }
        beat(acme.qa(), "bb", 0);

        assertEquals(agents, walk(heartbeats + "?limit=2", "agent_id"));
        List<String> expected = new ArrayList<>();
        for (String workspace : List.of(acme.dev(), acme.qa()).stream().sorted().toList()) {
            agents.forEach(agent -> expected.add(workspace + " " + agent));
        }
        for (String limit : List.of("1", "3", "5")) {
            assertEquals(expected, walk("/heartbeats/stale?limit=" + limit, "workspace_id", "agent_id"));
        }
    }

    @Test
    void anOrganisationSeesItsOwnAndThePlatformAll() {
        Fleet beta = Fleet.make("Beta");
        beat(acme.dev(), "main", 1000);
        beat(beta.dev(), "main", 1000);
        String reader = acme.token("read");

        assertEquals(List.of(acme.dev()), texts(as(reader, "/heartbeats/stale"), "workspace_id"));
        assertEquals(2, texts(Call.get("/heartbeats/stale"), "workspace_id").size());
        String theirs = "/heartbeats/stale?org_id=" + beta.root();
        assertEquals(List.of(beta.dev()), texts(Call.get(theirs), "workspace_id"));
        assertEquals(List.of(), texts(as(reader, theirs), "workspace_id"));
        assertEquals(List.of(acme.dev()), texts(as(reader, "/heartbeats/stale?org_id=" + acme.root()), "workspace_id"));
        Call.get("/heartbeats/stale?org_id=x").expect(400);
        as(reader, "/workspaces/" + beta.dev() + "/heartbeats").expect(404);
        assertEquals(List.of("main"), texts(as(reader, heartbeats), "agent_id"));
    }

    @Test
    void aWorkspacesTokenSeesItsOwnAndNotTheFleet() {
        beat(acme.dev(), "main", 0);
        String own = Fleet.agent(acme.dev());

        assertEquals(List.of("main"), texts(as(own, heartbeats), "agent_id"));
        as(own, "/workspaces/" + acme.qa() + "/heartbeats").expect(404);
        as(own, "/heartbeats/stale").expect(403);
        as(own, "/heartbeats/summary").expect(403);
    }

    @Test
    void whoIsOfARemovedWorkspaceIsNotShown() {
        beat(acme.dev(), "main", 1000);
        Fleet.remove(acme.dev(), "Dev");

        assertEquals("REMOVED", Call.get(heartbeats).expect(410).code());
        Call.get("/workspaces/" + Fleet.UNKNOWN + "/heartbeats").expect(404);
        assertEquals(List.of(), texts(Call.get("/heartbeats/stale"), "agent_id"));
        assertEquals(List.of(), texts(as(acme.token("read"), "/heartbeats/stale"), "agent_id"));
    }

    @Test
    void aSummaryCountsWorkspacesByStatusAndAgentsByLiveness() {
        Fleet beta = Fleet.make("Beta");
        beat(acme.dev(), "a", 0);
        beat(acme.dev(), "b", 1000);
        beat(acme.qa(), "a", 1000);
        beat(acme.qa(), "b", 1000);
        beat(beta.dev(), "a", 1000);
        String gone = Fleet.child(acme.root(), "Gone");
        beat(gone, "a", 0);
        Fleet.remove(gone, "Gone");
        Sql.run("UPDATE workspaces SET status = 'awaiting_agent' WHERE id = ?::uuid", acme.dev());
        Sql.run("UPDATE workspaces SET status = 'online' WHERE id = ?::uuid", acme.qa());
        pause(acme.dev(), "*", "{\"minutes\":9}").expect(200);
        pause(acme.dev(), "b", "{\"minutes\":9}").expect(200);
        pause(acme.qa(), "b", "{\"minutes\":9}").expect(200);
        pause(beta.dev(), "a", "{\"minutes\":9}").expect(200);
        Sql.run("UPDATE watchdog_pauses SET until_at = now() WHERE workspace_id = ?::uuid", acme.qa());

        Answer summary = as(acme.token("read"), "/heartbeats/summary").expect(200);

        assertEquals(
                "{\"workspaces\":{\"provisioning\":1,\"online\":1,\"degraded\":0,\"offline\":0,\"awaiting_agent\":1,"
                        + "\"paused\":0,\"hibernating\":0,\"hibernated\":0,\"failed\":0},"
                        + "\"agents\":{\"alive\":1,\"silent\":3,\"paused\":2},\"as_of\":\"" + summary.get("as_of")
                        + "\"}",
                summary.text());
        // The platform's may be a second old, and another test's.
        Await.until("the platform counts both", () -> {
            JsonNode all = Call.get("/heartbeats/summary").expect(200).json();
            return all.at("/agents").toString().equals("{\"alive\":1,\"silent\":4,\"paused\":3}")
                    && all.at("/workspaces/provisioning").asInt() == 4;
        });
    }

    @Test
    void aSummaryIsNewAfterASecond() {
        String reader = acme.token("read");
        String first = as(reader, "/heartbeats/summary").expect(200).get("as_of");
        beat(acme.dev(), "a", 0);

        Await.until(
                "the agent is counted",
                () -> as(reader, "/heartbeats/summary")
                                .json()
                                .at("/agents/alive")
                                .asInt()
                        == 1);

        String second = as(reader, "/heartbeats/summary").get("as_of");
        assertEquals("t", Sql.one("SELECT ?::timestamptz - ?::timestamptz >= interval '0.9 s'", second, first));
    }

    private static Answer as(String token, String path) {
        return Call.of("GET", path).as(token).send();
    }

    private static List<String> walk(String path, String... members) {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = Call.get(path + cursor).expect(200);
            seen.addAll(texts(page, members));
            cursor = page.json().path("next_cursor").isNull() ? null : "&cursor=" + page.get("next_cursor");
        } while (cursor != null);
        return seen;
    }
}
