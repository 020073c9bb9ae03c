package io.rollcall.heartbeat;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Beats of agents, one by one and many at once. */
abstract class BeatSuite {

    private Crew acme;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Crew.make("Acme");
    }

    @Test
    void theFirstBeatBringsAWorkspaceOnlineAndSaysWhenTheNextIsDue() {
        JsonNode reply = Crew.post(acme.devToken(), "/registry/heartbeat", "{\"workspace_id\":\"" + acme.dev() + "\"}")
                .expect(200)
                .json();

        assertEquals("ok", reply.path("status").asText());
        assertEquals("online", reply.path("workspace_status").asText());
        long next = reply.path("next_heartbeat_ms").asLong();
        assertTrue(next >= 27_000 && next <= 33_000, reply.toString());
        assertEquals("[]", reply.path("delegations").toString());
        assertEquals("online", Crew.status(acme.dev()));
        assertEquals(
                "main|" + acme.root() + "|t|-|0",
                Sql.one("SELECT agent_id, org_id, now() - beat_at < '10 s', silent_since, said FROM heartbeats"));
    }

    @Test
    void agentsAreToldToBeatAtDifferentTimes() {
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            told.add(Crew.beat(acme.dev(), "").json().path("next_heartbeat_ms").asLong());
        }
        assertTrue(told.stream().distinct().count() > 10, told.toString());
    }

    @Test
    void aStatusThatStaysIsNoEventHoweverOftenTheAgentBeats() {
        for (int i = 0; i < 5; i++) {
            Crew.beat(acme.dev(), ",\"error_rate\":0.2,\"current_task\":\"" + i + "\"")
                    .expect(200);
        }
        assertEquals(List.of("provisioning → online"), Crew.changes(acme.dev()));
        assertEquals("1", Sql.one("SELECT count(*) FROM activity_logs"));
        assertEquals("1", Sql.one("SELECT version FROM workspaces WHERE id = ?::uuid", acme.dev()));
    }

    @Test
    void aWorkspaceIsDegradedFromAnErrorRateOfAHalfUntilItIsBelowATenth() {
        var seen = new ArrayList<String>();
        for (String rate : List.of("0", "0.49", "0.5", "0.3", "0.1", "0.09", "1", "0")) {
            seen.add(
                    Crew.beat(acme.dev(), ",\"error_rate\":" + rate).expect(200).get("workspace_status"));
        }
        assertEquals(
                List.of("online", "online", "degraded", "degraded", "degraded", "online", "degraded", "online"), seen);
        assertEquals(5, Crew.changes(acme.dev()).size());
    }

    @Test
    void oneFailingAgentDegradesTheWorkspaceWhateverTheOthersSay() {
        Crew.beat(acme.dev(), ",\"agent_id\":\"a\",\"error_rate\":0.9").expect(200);
        Answer other =
                Crew.beat(acme.dev(), ",\"agent_id\":\"b\",\"error_rate\":0").expect(200);

        assertEquals("degraded", other.get("workspace_status"));

        Crew.beat(acme.dev(), ",\"agent_id\":\"a\",\"error_rate\":0").expect(200);
        assertEquals("online", Crew.status(acme.dev()));
        assertEquals(List.of("provisioning → degraded", "degraded → online"), Crew.changes(acme.dev()));
    }

    @ParameterizedTest
    @CsvSource({
        "provisioning,online",
        "offline,online",
        "awaiting_agent,online",
        "failed,online",
        "paused,paused",
        "hibernating,hibernating",
        "hibernated,hibernated"
    })
    void aBeatBringsBackWhoIsGoneAndNobodyWhoIsMeantToRest(String from, String to) {
        Sql.run("UPDATE workspaces SET status = ? WHERE id = ?::uuid", from, acme.dev());

        assertEquals(to, Crew.beat(acme.dev(), "").expect(200).get("workspace_status"));
        assertEquals(to, Crew.beat(acme.dev(), "").expect(200).get("workspace_status"));
    }

    @Test
    void whoWasSilentIsHeardAgainAndItsIncidentEnds() {
        Crew.beat(acme.dev(), "").expect(200);
        Crew.heard(acme.dev(), "main", "10 min", true);
        Sql.run("UPDATE workspaces SET status = 'offline' WHERE id = ?::uuid", acme.dev());
        Sql.run(
                "INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, cool_down_until)"
                        + " SELECT org_id, workspace_id, agent_id, 'agent_silent', '', beat_at, 0, now() FROM heartbeats");

        assertEquals("online", Crew.beat(acme.dev(), "").expect(200).get("workspace_status"));
        assertEquals("1", Sql.one("SELECT count(*) FROM heartbeats WHERE silent_since IS NULL"));
        assertEquals("1", Sql.one("SELECT count(*) FROM incidents WHERE ended_at IS NOT NULL"));
    }

    @Test
    void anUnknownWorkspaceIs404AndARemovedOne410AndIsNotRevived() {
        Crew.beat(Crew.UNKNOWN, "").expect(404);
        Crew.beat(acme.dev(), "").expect(200);
        Crew.remove(acme.dev(), "Dev");
        String before = Sql.one("SELECT beat_at, xmin FROM heartbeats");

        Answer gone = Crew.beat(acme.dev(), "").expect(410);
        Crew.beat(acme.dev(), ",\"agent_id\":\"new\"").expect(410);

        assertEquals("REMOVED", gone.code());
        assertTrue(gone.get("removed_at").startsWith("20"), gone.text());
        assertEquals("removed", Crew.status(acme.dev()));
        assertEquals(before, Sql.one("SELECT beat_at, xmin FROM heartbeats"));
        assertEquals(List.of("main|f"), Sql.rows("SELECT agent_id, live FROM heartbeats"));
    }

    @Test
    void aWorkspacesTokenBeatsForItsOwnWorkspaceAlone() {
        for (String id : List.of(acme.qa(), Crew.UNKNOWN)) {
            Crew.post(acme.devToken(), "/registry/heartbeat", "{\"workspace_id\":\"" + id + "\"}")
                    .expect(404);
        }
        Crew other = Crew.make("Other");
        Crew.post(other.admin(), "/registry/heartbeat", "{\"workspace_id\":\"" + acme.dev() + "\"}")
                .expect(404);
        Crew.beat(acme.dev(), "").expect(200);
        Crew.post(other.admin(), "/registry/heartbeat", "{\"workspace_id\":\"" + acme.dev() + "\"}")
                .expect(404);
        assertEquals("1", Sql.one("SELECT count(*) FROM heartbeats"));
    }

    @Test
    void whatAnAgentSaysIsKeptWholeAndABareBeatLeavesIt() {
        Crew.beat(acme.dev(), """
                ,"status":"running","error_rate":0.25,"sample_error":"boom","active_tasks":3,"current_task":"é",
                "uptime_seconds":3600.4,"loop_id":"l","detail":{"n":[1.10]},"not_known":{"to":"us"}""").expect(200);
        String said = "running|0.25|boom|3|é|l|{\"n\": [1.10]}";
        String columns =
                "SELECT status, error_rate, sample_error, active_tasks, current_task, loop_id, detail FROM agent_states";
        assertEquals(said, Sql.one(columns));
        assertEquals("t", Sql.one("SELECT abs(extract(epoch FROM now() - started_at) - 3600) < 30 FROM heartbeats"));

        Crew.beat(acme.dev(), "").expect(200);
        assertEquals(said, Sql.one(columns));

        Crew.beat(acme.dev(), ",\"status\":\"idle\"").expect(200);
        assertEquals("idle|-|-|-|-|-|-", Sql.one(columns));
    }

    @Test
    void aBeatThatSaysTheSameWritesItsNarrowRowAlone() {
        String same = ",\"status\":\"running\",\"error_rate\":0.01,\"uptime_seconds\":100";
        Crew.beat(acme.dev(), same).expect(200);
        String before = Sql.one("SELECT s.xmin, w.xmin FROM agent_states s JOIN workspaces w ON w.id = s.workspace_id");
        String start = Sql.one("SELECT started_at FROM heartbeats");

        Crew.beat(acme.dev(), same).expect(200);

        assertEquals(
                before,
                Sql.one("SELECT s.xmin, w.xmin FROM agent_states s JOIN workspaces w ON w.id = s.workspace_id"));
        assertEquals(start, Sql.one("SELECT started_at FROM heartbeats"));
    }

    @Test
    void longTextsAreCutSinceTheBeatMattersMore() {
        Crew.beat(
                        acme.dev(),
                        ",\"current_task\":\"" + "é".repeat(1500) + "\",\"sample_error\":\"" + "x".repeat(1500) + "\"")
                .expect(200);
        assertEquals(
                "1000|1000", Sql.one("SELECT char_length(current_task), char_length(sample_error) FROM agent_states"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"error_rate\":1.1;error_rate", "\"error_rate\":NaN;error_rate", "\"error_rate\":\"0\";error_rate",
                "\"status\":\"asleep\";status", "\"uptime_seconds\":1e300;uptime_seconds",
                        "\"agent_id\":\"*\";agent_id",
                "\"agent_id\":\" \";agent_id", "\"loop_id\":\"a\\u0000b\";loop_id", "\"active_tasks\":-1;active_tasks",
                "\"detail\":{\"a\":NaN};detail", "\"detail\":{\"a\":\"\\u0000\"};detail",
                        "\"workspace_id\":\"x\";workspace_id"
            })
    void aBadFieldIsNamedAndNothingIsWritten(String field, String path) {
        String workspace = path.equals("workspace_id") ? "" : ",\"workspace_id\":\"" + acme.dev() + "\"";
        Answer refused = Call.post("/registry/heartbeat", "{" + field + workspace + "}");

        assertTrue(refused.status() == 422 || refused.status() == 400, refused.text());
        assertEquals(List.of(path), refused.violations());
        assertEquals("0", Sql.one("SELECT count(*) FROM heartbeats"));
    }

    @Test
    void onePoisonousBeatDoesNotFailItsNeighbours() {
        Crew.remove(acme.qa(), "QA");
        String good = "{\"workspace_id\":\"" + acme.dev() + "\"}";
        String list = String.join(
                ",",
                good,
                "{\"workspace_id\":\"" + Crew.UNKNOWN + "\"}",
                "{\"workspace_id\":\"" + acme.qa() + "\"}",
                "{\"workspace_id\":\"" + acme.dev() + "\",\"error_rate\":NaN}",
                "{\"workspace_id\":\"" + acme.dev() + "\",\"agent_id\":\"a\\u0000\"}",
                "{\"workspace_id\":\"" + acme.dev() + "\",\"uptime_seconds\":1e18}",
                "7",
                "{}",
                "{\"workspace_id\":\"" + acme.root() + "\"}");

        JsonNode reply = Call.post(
                        "/heartbeats", "{\"heartbeats\":[" + list + "],\"delegations\":[{\"delegation_id\":\"no\"}]}")
                .expect(200)
                .json();

        assertEquals(2, reply.path("accepted").asInt());
        var rejected = new ArrayList<String>();
        reply.path("rejected")
                .forEach(one -> rejected.add(one.path("list").asText() + " " + one.path("index") + " "
                        + one.path("code").asText()));
        assertEquals(
                List.of(
                        "heartbeats 1 NOT_FOUND",
                        "heartbeats 2 REMOVED",
                        "heartbeats 3 VALIDATION_FAILED",
                        "heartbeats 4 VALIDATION_FAILED",
                        "heartbeats 5 VALIDATION_FAILED",
                        "heartbeats 6 VALIDATION_FAILED",
                        "heartbeats 7 VALIDATION_FAILED",
                        "delegations 0 NOT_FOUND"),
                rejected);
        assertEquals("2", Sql.one("SELECT count(*) FROM heartbeats"));
    }

    @Test
    void ofSeveralBeatsOfAnAgentTheLastOneCounts() {
        var beats = new ArrayList<String>();
        for (int i = 0; i < 5000; i++) {
            beats.add("{\"workspace_id\":\"" + acme.dev() + "\",\"current_task\":\"" + i + "\",\"agent_id\":\"a" + i % 3
                    + "\"}");
        }
        JsonNode reply = Call.post("/heartbeats", "{\"heartbeats\":[" + String.join(",", beats) + "]}")
                .expect(200)
                .json();

        assertEquals(5000, reply.path("accepted").asInt());
        assertEquals(
                List.of("a0|4998", "a1|4999", "a2|4997"),
                Sql.rows("SELECT agent_id, current_task FROM agent_states ORDER BY agent_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeats", "delegations"})
    void moreThan5000AtOnceAreRefusedAndSoIsWhatIsNoList(String list) {
        String many = "[" + "{},".repeat(5000) + "{}]";
        assertEquals(
                List.of(list),
                Call.post("/heartbeats", "{\"" + list + "\":" + many + "}")
                        .expect(422)
                        .violations());
        assertEquals(
                List.of(list),
                Call.post("/heartbeats", "{\"" + list + "\":{}}").expect(422).violations());
    }

    @Test
    void aWorkspaceHasAtMostAThousandAgents() {
        var beats = new ArrayList<String>();
        for (int i = 0; i < 1002; i++) {
            beats.add("{\"workspace_id\":\"" + acme.dev() + "\",\"agent_id\":\"a" + i + "\"}");
        }
        JsonNode reply = Call.post("/heartbeats", "{\"heartbeats\":[" + String.join(",", beats) + "]}")
                .expect(200)
                .json();

        assertEquals(1000, reply.path("accepted").asInt());
        assertEquals("TOO_MANY_AGENTS", reply.at("/rejected/0/code").asText());
        assertEquals(
                "TOO_MANY_AGENTS",
                Crew.beat(acme.dev(), ",\"agent_id\":\"more\"").expect(409).code());
        Crew.beat(acme.dev(), ",\"agent_id\":\"a7\"").expect(200);
        Crew.beat(acme.qa(), ",\"agent_id\":\"more\"").expect(200);
    }

    @Test
    void aBeatTellsOfTheDelegationsThatItNames() {
        String make = "{\"delegation_id\":\"%s\",\"caller_id\":\"" + acme.qa() + "\",\"callee_id\":\"" + acme.dev()
                + "\",\"task\":\"t\"}";
        for (String id : List.of("one", "two", "done")) {
            Call.post("/delegations", make.formatted(id)).expect(201);
        }
        Call.post("/workspaces/" + acme.dev() + "/delegations/claim", "{\"limit\":3}")
                .expect(200);
        Call.post("/delegations/two/cancel", "{}").expect(200);
        Call.post("/delegations/done/status", "{\"status\":\"completed\"}").expect(200);

        JsonNode reply = Crew.post(
                        acme.devToken(),
                        "/registry/heartbeat",
                        "{\"workspace_id\":\"" + acme.dev() + "\","
                                + "\"delegations\":[{\"delegation_id\":\"one\",\"attempt\":1,\"progress\":0.5},"
                                + "{\"delegation_id\":\"two\"},{\"delegation_id\":\"done\"},{\"delegation_id\":\"one\",\"attempt\":7},"
                                + "{\"delegation_id\":\"none\"},{\"delegation_id\":\"\\u0000\"}]}")
                .expect(200)
                .json();

        var said = new ArrayList<String>();
        reply.path("delegations")
                .forEach(one -> said.add(String.join(
                        " ",
                        one.path("delegation_id").asText(),
                        one.path("recorded").asText(),
                        one.path("status").asText(),
                        one.path("cancel_requested").asText(),
                        one.path("code").asText())));
        assertEquals(
                List.of(
                        "one true dispatched false ",
                        "two true dispatched true ",
                        "done false completed false ENDED",
                        "one false dispatched false FENCED",
                        "none false   NOT_FOUND",
                        " false   VALIDATION_FAILED"),
                said);
        assertTrue(reply.at("/delegations/1/deadline_in_ms").asLong() > 21_000_000, reply.toString());
    }
}
