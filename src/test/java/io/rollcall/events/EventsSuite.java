package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.events.Listener.Heard;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GET /events}: each event from the API call that brings it about. */
abstract class EventsSuite extends Listening {

    @Test
    void aDelegationsLifeIsToldStepByStep() {
        Listener listener = ready(read);
        Call.post("/delegations", delegation("d-1")).expect(201);
        Call.post("/workspaces/" + dev + "/delegations/claim", "{}").expect(200);
        Call.post("/delegations/d-1/status", "{\"status\":\"in_progress\",\"attempt\":1}")
                .expect(200);
        Call.post("/delegations/d-1/status", "{\"status\":\"completed\",\"attempt\":1,\"result_preview\":\"done\"}")
                .expect(200);
        listener.await("DELEGATION_COMPLETE");

        assertEquals(
                List.of("DELEGATION_SENT", "DELEGATION_STATUS", "DELEGATION_STATUS", "DELEGATION_COMPLETE"),
                names(listener));
        Heard sent = listener.events().get(0);
        assertEquals("d-1", sent.data().path("delegation_id").asText());
        assertEquals(org, sent.data().path("workspace_id").asText());
        assertEquals(dev, payload(sent).path("callee_id").asText());
        assertEquals("queued", payload(sent).path("status").asText());
        assertTrue(payload(sent).path("from").isNull());
        assertEquals("a task", payload(sent).path("task_preview").asText());
        Heard claimed = listener.events().get(1);
        assertEquals("dispatched", payload(claimed).path("status").asText());
        assertEquals("queued", payload(claimed).path("from").asText());
        assertEquals(1, payload(claimed).path("attempt").asInt());
        Heard done = listener.events().get(3);
        assertEquals("completed", payload(done).path("status").asText());
        assertEquals("in_progress", payload(done).path("from").asText());
        assertEquals(
                Call.get("/delegations/d-1").get("finished_at"),
                payload(done).path("finished_at").asText());
        assertFalse(done.data().toString().contains("done\""), "results are not told");
    }

    @Test
    void failuresCancelRequestsAndLateResultsAreTold() {
        Listener listener = ready(read);
        Call.post("/delegations", delegation("d-1")).expect(201);
        Call.post("/workspaces/" + dev + "/delegations/claim", "{}").expect(200);
        Call.post("/delegations/d-1/cancel", "{\"reason\":\"enough\"}").expect(200);
        Call.post("/delegations/d-1/status", "{\"status\":\"failed\",\"attempt\":1,\"error_detail\":\"broken\"}")
                .expect(200);
        Call.post("/delegations/d-1/status", "{\"status\":\"completed\",\"attempt\":1,\"result_preview\":\"late\"}");
        Await.until("all five", () -> listener.events().size() == 5);

        assertEquals(
                List.of("transition", "transition", "cancel_requested", "transition", "late_result"),
                listener.events().stream()
                        .map(one -> payload(one).path("kind").asText())
                        .toList());
        assertEquals("DELEGATION_FAILED", listener.events().get(3).event());
        assertEquals("broken", payload(listener.events().get(3)).path("error").asText());
        assertEquals("DELEGATION_STATUS", listener.events().get(4).event());
        assertEquals(
                "completed",
                payload(listener.events().get(4)).path("late_status").asText());
        assertEquals("failed", payload(listener.events().get(4)).path("status").asText());
    }

    @Test
    void whatIsChangedMovedAndRemovedIsTold() {
        String below = workspace("Below", dev);
        Listener listener = ready(read);

        Call.patch("/workspaces/" + dev, "{\"x\":3,\"y\":4,\"name\":\"Development\"}")
                .expect(200);
        Call.of("DELETE", "/workspaces/" + dev + "?confirm=true")
                .header("X-Confirm-Name", "Development")
                .send()
                .expect(200);

        Heard removed = listener.await("WORKSPACE_REMOVED");
        assertEquals(List.of("WORKSPACE_UPDATED", "WORKSPACE_REMOVED"), names(listener));
        JsonNode changes = payload(listener.events().get(0)).path("changes");
        assertEquals("Development", changes.path("name").asText());
        assertEquals(3, changes.path("x").asInt());
        assertEquals(3, changes.size());
        assertEquals(2, payload(listener.events().get(0)).path("version").asInt());
        assertEquals(dev, removed.data().path("workspace_id").asText());
        assertEquals(1, payload(removed).path("cascade_deleted").asInt(), below);
        assertEquals("provisioning", payload(removed).path("from").asText());
    }

    @Test
    void labelsAreNotToldOnlyThatTheyChanged() {
        Listener listener = ready(read);
        Sql.run("UPDATE workspaces SET labels = '{\"a\": \"secretly long\"}' WHERE id = ?::uuid", dev);
        Call.patch("/workspaces/" + dev, "{\"role\":\"r\"}").expect(200);
        Await.until("both", () -> listener.events().size() == 2);

        assertEquals(List.of("WORKSPACE_UPDATED", "WORKSPACE_UPDATED"), names(listener));
        JsonNode labelled = payload(listener.events().get(0));
        assertTrue(labelled.path("labels_changed").asBoolean());
        assertEquals("{}", labelled.path("changes").toString());
        JsonNode other = payload(listener.events().get(1));
        assertFalse(other.path("labels_changed").asBoolean());
        assertEquals("{\"role\":\"r\"}", other.path("changes").toString());
        assertFalse(listener.events().toString().contains("secretly"));
    }

    @Test
    void aStatusThatABeatChangesIsToldAndTheBeatIsNot() {
        Listener listener = ready(read);
        String beat = "{\"workspace_id\":\"" + dev + "\",\"error_rate\":0.9}";
        Call.post("/registry/heartbeat", "{\"workspace_id\":\"" + dev + "\"}").expect(200);
        Call.post("/registry/heartbeat", "{\"workspace_id\":\"" + dev + "\"}").expect(200);
        Call.post("/registry/heartbeat", beat).expect(200);

        listener.await("WORKSPACE_DEGRADED");
        assertEquals(List.of("WORKSPACE_ONLINE", "WORKSPACE_DEGRADED"), names(listener));
        assertEquals(
                "provisioning", payload(listener.events().get(0)).path("from").asText());
        assertEquals("online", payload(listener.events().get(1)).path("from").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "offline,WORKSPACE_OFFLINE",
        "awaiting_agent,WORKSPACE_AWAITING_AGENT",
        "paused,WORKSPACE_PAUSED",
        "failed,WORKSPACE_UPDATED"
    })
    void everyStatusHasItsEvent(String status, String event) {
        Listener listener = ready(read);

        Sql.run("UPDATE workspaces SET status = ? WHERE id = ?::uuid", status, dev);

        assertEquals(status, payload(listener.await(event)).path("status").asText());
    }

    @Test
    void anImportIsOneEventWhateverItWrote() {
        Listener listener = ready(read);
        Call.post("/org/import?parent_id=" + org, template(120, 1)).expect(201);
        Call.post(
                        "/org/import?parent_id=" + org,
                        template(120, 2).replace("{\"template\"", "{\"mode\":\"update\",\"template\""))
                .expect(200);
        Await.until("both", () -> listener.of("ORG_IMPORTED").size() == 2);

        assertEquals(List.of("ORG_IMPORTED", "ORG_IMPORTED"), names(listener));
        JsonNode first = payload(listener.events().get(0));
        assertEquals(120, first.path("created").asInt());
        assertEquals("merge", first.path("mode").asText());
        assertEquals(org, first.path("parent_id").asText());
        JsonNode second = payload(listener.events().get(1));
        assertEquals(120, second.path("updated").asInt());
        Call.post(
                        "/org/import?parent_id=" + org,
                        template(3, 1).replace("{\"template\"", "{\"dry_run\":true,\"template\""))
                .expect(200);
        workspace("Marker", org);
        listener.await("WORKSPACE_PROVISIONING");
        assertEquals(3, listener.events().size(), "a dry run is not told");
    }

    @Test
    void incidentsAndAgentsOwnActivityAreToldAndTheServicesOwnIsNot() {
        Listener listener = ready(read);
        Sql.run("""
                INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, cool_down_until)
                VALUES (?::uuid, ?::uuid, 'main', 'agent_silent', 'm', now(), 2, now())""", org, dev);
        Sql.run(
                "INSERT INTO activity_logs (org_id, workspace_id, type, actor) VALUES (?::uuid, ?::uuid, 'incident', 'sweeper')",
                org,
                dev);
        Call.post("/workspaces/" + dev + "/activity", "{\"type\":\"note\",\"summary\":\"hello\"}")
                .expect(201);
        Heard logged = listener.await("ACTIVITY_LOGGED");

        assertEquals(List.of("INCIDENT_RAISED", "ACTIVITY_LOGGED"), names(listener));
        JsonNode incident = payload(listener.events().get(0));
        assertEquals(
                "main|agent_silent|m|2",
                incident.path("agent_id").asText() + "|" + incident.path("type").asText() + "|"
                        + incident.path("message").asText() + "|"
                        + incident.path("streak").asInt());
        assertEquals("hello", payload(logged).path("summary").asText());
        assertEquals("platform admin", payload(logged).path("actor").asText());
    }
}
