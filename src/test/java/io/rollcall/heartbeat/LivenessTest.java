package io.rollcall.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is found silent, what follows, and when nobody is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LivenessTest {

    private static final String INCIDENTS = "SELECT agent_id, streak, ended_at IS NULL FROM incidents ORDER BY id";

    @Inject
    LivenessSweepers sweepers;

    private Crew acme;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Crew.make("Acme");
    }

    @Test
    void whoIsNotHeardForLongIsSilentOnceItsWorkspaceOfflineAndAnIncidentRaised() {
        Crew.beat(acme.dev(), "").expect(200);
        Crew.beat(acme.qa(), "").expect(200);
        Crew.heard(acme.dev(), "main", "181 s", false);
        Crew.heard(acme.qa(), "main", "170 s", false);
        var one = sweepers.one();

        assertEquals("1 silent, 1 incidents, 1 workspaces gone", one.sweep("0 s"));
        String before = Sql.one("SELECT string_agg(xmin::text, ' ' ORDER BY workspace_id) FROM heartbeats");
        assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep("0 s"));

        assertEquals(before, Sql.one("SELECT string_agg(xmin::text, ' ' ORDER BY workspace_id) FROM heartbeats"));
        assertEquals("offline", Crew.status(acme.dev()));
        assertEquals("online", Crew.status(acme.qa()));
        assertEquals(List.of("provisioning → online", "online → offline"), Crew.changes(acme.dev()));
        assertEquals(List.of("main|0|t"), Sql.rows(INCIDENTS));
        assertEquals(
                "incident|agent_silent|open|sweeper",
                Sql.one("SELECT type, method, status, actor FROM activity_logs WHERE type = 'incident'"));
    }

    /** The rival's key expired once, and was never set again by a beat. */
    @Test
    void whoIsSilentComesBackWithItsNextBeatAndCanFallSilentAgain() {
        var one = sweepers.one();
        for (int round = 0; round < 3; round++) {
            assertEquals("online", Crew.beat(acme.dev(), "").expect(200).get("workspace_status"));
            Crew.heard(acme.dev(), "main", "5 min", false);
            assertTrue(one.sweep("0 s").startsWith("1 silent"));
            assertEquals("offline", Crew.status(acme.dev()));
        }
        assertEquals(6, Crew.changes(acme.dev()).size());
    }

    /** The rival hibernated only those who no longer beat, and called them idle. */
    @Test
    void whoIsIdleAndBeatsIsNotSilentHoweverLongItHasNothingToDo() {
        Crew.beat(acme.dev(), ",\"status\":\"idle\",\"active_tasks\":0").expect(200);
        Sql.run("UPDATE agent_states SET said_at = now() - interval '3 days'");

        assertEquals("0 silent, 0 incidents, 0 workspaces gone", sweepers.one().sweep("0 s"));
        assertEquals("online", Crew.status(acme.dev()));
    }

    @Test
    void aWorkspaceIsOnlineAsLongAsOneOfItsAgentsIsHeard() {
        Crew.beat(acme.dev(), ",\"agent_id\":\"a\"").expect(200);
        Crew.beat(acme.dev(), ",\"agent_id\":\"b\"").expect(200);
        Crew.heard(acme.dev(), "a", "4 min", false);
        var one = sweepers.one();

        assertEquals("1 silent, 1 incidents, 0 workspaces gone", one.sweep("0 s"));
        assertEquals("online", Crew.status(acme.dev()));
        Crew.heard(acme.dev(), "b", "4 min", false);
        assertEquals("1 silent, 1 incidents, 1 workspaces gone", one.sweep("0 s"));
        assertEquals(List.of("a|0|t", "b|0|t"), Sql.rows(INCIDENTS));
    }

    @ParameterizedTest
    @CsvSource({
        "online,true,awaiting_agent", "degraded,true,awaiting_agent", "online,false,offline", "degraded,false,offline",
        "paused,false,paused", "hibernated,false,hibernated", "failed,false,failed", "provisioning,false,provisioning"
    })
    void onlyWhoIsOnlineOrDegradedGoesOfflineOrAwaitsItsAgent(String from, boolean external, String to) {
        Crew.beat(acme.dev(), "").expect(200);
        Crew.heard(acme.dev(), "main", "4 min", false);
        Sql.run("UPDATE workspaces SET status = ?, external = ? WHERE id = ?::uuid", from, external, acme.dev());

        sweepers.one().sweep("0 s");

        assertEquals(to, Crew.status(acme.dev()));
    }

    @Test
    void aWorkspaceThatSomebodyHoldsGoesOfflineWithTheNextSweep() {
        Crew.beat(acme.dev(), "").expect(200);
        Crew.heard(acme.dev(), "main", "4 min", false);
        var one = sweepers.one();
        try (Superuser holder = Superuser.connect()) {
            holder.begin();
            holder.execute("UPDATE workspaces SET role = 'held' WHERE id = '" + acme.dev() + "'");
            assertEquals("1 silent, 1 incidents, 0 workspaces gone", one.sweep("0 s"));
            holder.execute("COMMIT");
        }
        assertEquals("0 silent, 0 incidents, 1 workspaces gone", one.sweep("0 s"));
    }

    @Test
    void whoIsPausedIsNotJudgedUntilThePauseEndsAndAloneOrWithAllOfItsWorkspace() {
        for (String agent : List.of("a", "b")) {
            Crew.beat(acme.dev(), ",\"agent_id\":\"" + agent + "\"").expect(200);
            Crew.beat(acme.qa(), ",\"agent_id\":\"" + agent + "\"").expect(200);
            Crew.heard(acme.dev(), agent, "4 min", false);
            Crew.heard(acme.qa(), agent, "4 min", false);
        }
        pause(acme.dev(), "a");
        pause(acme.qa(), "*");
        var one = sweepers.one();

        assertEquals("1 silent, 1 incidents, 0 workspaces gone", one.sweep("0 s"));
        assertEquals(List.of("b|0|t"), Sql.rows(INCIDENTS));
        assertEquals("3 silent, 3 incidents, 2 workspaces gone", one.sweep("31 min"));
    }

    private void pause(String workspace, String agent) {
        Sql.run(
                "INSERT INTO watchdog_pauses (workspace_id, agent_id, org_id, until_at, paused_by)"
                        + " VALUES (?::uuid, ?, ?::uuid, now() + interval '30 min', 'test')",
                workspace,
                agent,
                acme.root());
    }

    @Test
    void anAgentThatFlapsRaisesIncidentsEverMoreSeldomAndTheStreakSurvivesARestart() {
        // Minutes at which it is silent again, having been heard in between; the cool-downs are 10, 20, 40, 60, 60.
        int[][] expected = {{0, 1}, {5, 0}, {11, 1}, {25, 0}, {32, 1}, {60, 0}, {73, 1}, {120, 0}, {134, 1}, {200, 1}};
        for (int[] step : expected) {
            Crew.beat(acme.dev(), "").expect(200);
            Crew.heard(acme.dev(), "main", "4 min", false);
            String found = sweepers.one().sweep(step[0] + " min");
            assertEquals("1 silent, " + step[1] + " incidents, 1 workspaces gone", found, "minute " + step[0]);
        }
        assertEquals(
                List.of("0|10", "1|20", "2|40", "3|60", "4|60", "5|60"),
                Sql.rows(
                        "SELECT streak, extract(epoch FROM cool_down_until - raised_at)::int / 60 FROM incidents ORDER BY id"));

        Crew.beat(acme.dev(), "").expect(200);
        Crew.heard(acme.dev(), "main", "4 min", false);
        sweepers.one().sweep("400 min");
        assertEquals("0", Sql.one("SELECT streak FROM incidents ORDER BY id DESC LIMIT 1"));
    }

    @Test
    void whoIsSilentStillWhenItsCoolDownEndsRaisesAnIncidentThen() {
        var one = sweepers.one();
        for (String minute : List.of("0 min", "5 min")) {
            Crew.beat(acme.dev(), "").expect(200);
            Crew.heard(acme.dev(), "main", "4 min", false);
            one.sweep(minute);
        }
        assertEquals(List.of("main|0|f"), Sql.rows(INCIDENTS));
        assertEquals("0 silent, 1 incidents, 0 workspaces gone", one.sweep("11 min"));
        assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep("500 min"));
    }

    @Test
    void agentsOfTwoOrganisationsWithOneNameNeverTouchEachOther() {
        Crew other = Crew.make("Other");
        for (String workspace : List.of(acme.dev(), other.dev())) {
            Crew.beat(workspace, ",\"agent_id\":\"same\",\"error_rate\":0").expect(200);
        }
        Crew.beat(other.dev(), ",\"agent_id\":\"same\",\"error_rate\":0.9,\"status\":\"error\"")
                .expect(200);
        assertEquals("online", Crew.status(acme.dev()));
        Crew.heard(acme.dev(), "same", "4 min", false);
        Crew.heard(other.dev(), "same", "4 min", false);
        pause(other.dev(), "same");

        sweepers.one().sweep("0 s");

        assertEquals("offline", Crew.status(acme.dev()));
        assertEquals("degraded", Crew.status(other.dev()));
        assertEquals(List.of(acme.root()), Sql.rows("SELECT org_id FROM incidents"));
        Sql.run("DELETE FROM watchdog_pauses");
        assertEquals("1 silent, 1 incidents, 1 workspaces gone", sweepers.one().sweep("1 min"));
        assertEquals("0|0", Sql.one("SELECT string_agg(streak::text, '|') FROM incidents"));
        Crew.beat(acme.dev(), ",\"agent_id\":\"same\"").expect(200);
        assertEquals(
                List.of(acme.root() + "|f", other.root() + "|t"),
                Sql.rows("SELECT org_id, ended_at IS NULL FROM incidents ORDER BY id"));
    }

    @Test
    void manyReplicasFindEachSilentAgentOnce() {
        Sql.run(
                "INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at)"
                        + " SELECT ?::uuid, 'a' || n, ?::uuid, now() - interval '4 min' FROM generate_series(1, 3000) n",
                acme.dev(),
                acme.root());
        var sweeps = new ArrayList<CompletableFuture<LivenessSweeper.Found>>();
        for (int i = 0; i < 4; i++) {
            var one = sweepers.one("rollcall.sweeper.brake", "1");
            sweeps.add(CompletableFuture.supplyAsync(() -> one.found("0 s")));
        }
        int silent = 0;
        int incidents = 0;
        for (var sweep : sweeps) {
            silent += sweep.join().silent;
            incidents += sweep.join().incidents;
        }
        // What one replica leaves to another, the next sweep finds.
        LivenessSweeper.Found rest = sweepers.one("rollcall.sweeper.brake", "1").found("0 s");
        assertEquals(3000, silent + rest.silent);
        assertEquals(3000, incidents + rest.incidents);
        assertEquals("3000", Sql.one("SELECT count(DISTINCT agent_id) FROM incidents"));
    }

    @Test
    void aBeatThatLandsBetweenReadingAndLockingWins() {
        Crew.beat(acme.dev(), "").expect(200);
        Crew.heard(acme.dev(), "main", "4 min", false);
        List<LivenessRepository.Key> picked = sweepers.pick();
        assertEquals(1, picked.size());

        Crew.beat(acme.dev(), "").expect(200);

        assertEquals(0, sweepers.judge(picked));
    }

    @Test
    void halfTheFleetSilentAtOnceIsNobodysSilenceUntilTwiceTheTimeAndHealthSaysSo() {
        Sql.run(
                "INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at)"
                        + " SELECT ?::uuid, 'a' || n, ?::uuid, now() - CASE WHEN n <= 60 THEN 200 ELSE 1 END * interval '1 s'"
                        + "   FROM generate_series(1, 100) n",
                acme.dev(),
                acme.root());
        var one = sweepers.one();

        assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep("0 s"));

        assertTrue(one.sweeper().watch().state().paused());
        assertEquals(100, one.sweeper().watch().state().live());
        assertEquals(60, one.sweeper().watch().state().quiet());
        assertEquals("UP", one.sweeper().watch().health().getStatus().name());
        assertTrue(one.sweeper()
                .watch()
                .health()
                .getData()
                .orElseThrow()
                .toString()
                .contains("60 %"));
        assertEquals(1, one.meters().get("rollcall.liveness.paused").gauge().value());
        Sql.run("UPDATE heartbeats SET beat_at = now() + interval '161 s' WHERE beat_at > now() - interval '9 s'");
        assertEquals("60 silent, 60 incidents, 0 workspaces gone", one.sweep("161 s"));
        one.sweep("161 s");
        assertFalse(one.sweeper().watch().state().paused());
    }

    @Test
    void afterAStartNobodyIsSilentForAsLongAsSilenceTakes() {
        Crew.beat(acme.dev(), "").expect(200);
        Crew.heard(acme.dev(), "main", "10 min", false);
        var one = sweepers.one("rollcall.sweeper.boot-grace", "3m");

        assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep("0 s"));
        for (int seconds = 30; seconds < 180; seconds += 30) {
            assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep(seconds + " s"));
        }
        assertEquals("1 silent, 1 incidents, 1 workspaces gone", one.sweep("181 s"));
    }

    @Test
    void theDatabaseAwayForTwoMinutesIsNobodysSilence() {
        Crew.beat(acme.dev(), "").expect(200);
        var one = sweepers.one("rollcall.sweeper.boot-grace", "3m");
        for (int seconds = 0; seconds < 180; seconds += 15) {
            one.sweep(seconds + " s");
        }
        // Nobody could sweep, nor beat, from 180 s to 300 s; beats come again when it is back.
        Crew.heard(acme.dev(), "main", "-170 s", false);

        assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep("300 s"));
        assertTrue(health(one).contains("not judged before boot_grace_until"));
        for (int seconds = 315; seconds <= 465; seconds += 15) {
            assertEquals("0 silent, 0 incidents, 0 workspaces gone", one.sweep(seconds + " s"));
        }
        assertEquals("1 silent, 1 incidents, 1 workspaces gone", one.sweep("495 s"));
    }

    private static String health(LivenessSweepers.One one) {
        return one.sweeper().watch().health().getData().orElseThrow().toString();
    }

    @Test
    void theServiceSweepsByItselfAndHealthAndMetricsTellOfIt() {
        Await.until("the first sweep", () -> StreamSupport.stream(
                        Call.get("/q/health").json().path("checks").spliterator(), false)
                .anyMatch(check -> check.path("name").asText().equals("liveness")
                        && !check.at("/data/last_sweep").asText("never").equals("never")));
        String metrics = Call.get("/q/metrics").text();
        for (String line : List.of(
                "rollcall_agents_silent_total ",
                "rollcall_incidents_raised_total ",
                "rollcall_liveness_sweep_seconds_count ",
                "rollcall_liveness_failures_total ",
                "rollcall_liveness_paused 0.0",
                "rollcall_beats_waiting ",
                "rollcall_beats_batch_count ")) {
            assertTrue(metrics.contains("\n" + line), line);
        }
    }
}
