package io.rollcall.access;

import static io.rollcall.access.Probe.ALL;
import static io.rollcall.access.Probe.CALLEES;
import static io.rollcall.access.Probe.CALLERS;
import static io.rollcall.access.Probe.READERS;
import static io.rollcall.access.Probe.WRITERS;
import static io.rollcall.access.Probe.at;
import static io.rollcall.access.Probe.delete;
import static io.rollcall.access.Probe.get;
import static io.rollcall.access.Probe.post;
import static io.rollcall.access.Probe.without;
import static io.rollcall.access.World.Kind.COLLEAGUE;
import static io.rollcall.access.World.Kind.ORGANISATION;
import static io.rollcall.access.World.Kind.RECEIVED;
import static io.rollcall.access.World.Kind.WORKSPACE;

import io.rollcall.Call;
import java.util.List;

/** The {@link Probe}s of what agents say and what is said of them. */
final class AgentProbes {

    private static final String FILES = "{\"files\":{\"f\":\"" + "0".repeat(64) + "\"}}";

    static final List<Probe> OPERATIONS = List.of(
            at("listActivity", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/activity")),
            at("addActivity", "id", WORKSPACE, CALLERS, (home, id, ids) -> activity(id, "")),
            at(
                    "addActivity",
                    "target_id",
                    COLLEAGUE,
                    CALLERS,
                    (home, id, ids) -> activity(home.tokens().child(), ",\"target_id\":\"" + id + "\"")),
            at(
                    "addActivity",
                    "source_id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> activity(home.tokens().child(), ",\"source_id\":\"" + id + "\"")),
            at("listInbox", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/inbox")),
            at(
                    "acknowledgeInbox",
                    "id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> post("/workspaces/" + id + "/inbox/ack", "{\"acked_seq\":0}")),
            at("getMailSummary", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/mail/summary")),
            at(
                    "getBootstrapFiles",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/bootstrap-files")),
            at("putBootstrapFiles", "id", WORKSPACE, WRITERS, (home, id, ids) -> Call.of(
                            "PUT", "/workspaces/" + id + "/bootstrap-files")
                    .json(FILES)),
            at(
                    "pingBootstrap",
                    "id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post("/workspaces/" + id + "/bootstrap-pings", FILES)),
            at(
                    "listBootstrapPings",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/bootstrap-pings")),
            at(
                    "pingSkill",
                    "id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) ->
                            post("/workspaces/" + id + "/skill-pings", "{\"skill\":\"s\",\"commit\":\"c\"}")),
            at("listSkillPings", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/skill-pings")),
            at(
                    "listWatchdogPauses",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/watchdog-pauses")),
            at(
                    "getWatchdogPause",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/watchdog-pauses/main")),
            at("putWatchdogPause", "id", WORKSPACE, CALLERS, (home, id, ids) -> Call.of(
                            "PUT", "/workspaces/" + id + "/watchdog-pauses/other")
                    .json("{\"minutes\":5}")),
            at(
                    "deleteWatchdogPause",
                    "id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> delete("/workspaces/" + id + "/watchdog-pauses/main")),
            without("listAllWatchdogPauses", READERS, () -> get("/watchdog-pauses?limit=500")),
            at(
                    "listAllWatchdogPauses",
                    "org_id",
                    ORGANISATION,
                    READERS,
                    (home, id, ids) -> get("/watchdog-pauses?limit=500&org_id=" + id)),
            at("listHeartbeats", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/heartbeats")),
            without("listStaleHeartbeats", READERS, () -> get("/heartbeats/stale?limit=500")),
            at(
                    "listStaleHeartbeats",
                    "org_id",
                    ORGANISATION,
                    READERS,
                    (home, id, ids) -> get("/heartbeats/stale?limit=500&org_id=" + id)),
            without("getHeartbeatSummary", READERS, () -> get("/heartbeats/summary")),
            at(
                    "listWorkspaceIncidents",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/incidents")),
            without("listIncidents", READERS, () -> get("/incidents?limit=500")),
            at(
                    "listIncidents",
                    "org_id",
                    ORGANISATION,
                    READERS,
                    (home, id, ids) -> get("/incidents?limit=500&org_id=" + id)),
            at(
                    "beat",
                    "workspace_id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post("/registry/heartbeat", "{\"workspace_id\":\"" + id + "\"}")),
            at(
                    "beat",
                    "delegation_id",
                    RECEIVED,
                    CALLEES,
                    (home, id, ids) -> post(
                            "/registry/heartbeat",
                            "{\"workspace_id\":\"" + home.tokens().child() + "\",\"delegations\":[{\"delegation_id\":\""
                                    + id + "\"}]}")),
            at(
                    "beatAll",
                    "workspace_id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post("/heartbeats", "{\"heartbeats\":[{\"workspace_id\":\"" + id + "\"}]}")),
            at(
                    "beatAll",
                    "delegation_id",
                    RECEIVED,
                    CALLEES,
                    (home, id, ids) -> post("/heartbeats", "{\"delegations\":[{\"delegation_id\":\"" + id + "\"}]}")),
            at("listSettings", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/settings")),
            at("getSettings", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id + "/settings/default")),
            at("putSettings", "id", WORKSPACE, WRITERS, (home, id, ids) -> Call.of(
                            "PUT", "/workspaces/" + id + "/settings/default")
                    .json("{\"put\":1}")),
            at("patchSettings", "id", WORKSPACE, WRITERS, (home, id, ids) -> Call.of(
                            "PATCH", "/workspaces/" + id + "/settings/default")
                    .json("{\"patched\":1}")),
            at(
                    "deleteSettings",
                    "id",
                    WORKSPACE,
                    WRITERS,
                    (home, id, ids) -> delete("/workspaces/" + id + "/settings/default")),
            at("listAgentMetrics", "id", WORKSPACE, ALL, (home, id, ids) -> get(metrics(id))),
            at("putAgentMetrics", "id", WORKSPACE, CALLERS, (home, id, ids) -> Call.of(
                            "PUT", metrics(id) + "/2027-01-31")
                    .json("{\"tasks_completed\":7}")),
            at(
                    "incrementAgentMetrics",
                    "id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> post(metrics(id) + "/2027-01-31/increment", "{\"tasks_completed\":1}")),
            at(
                    "getTeamMetrics",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/metrics/team?from=2027-01-01&to=2027-01-31")),
            at(
                    "registerAgent",
                    "id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post("/registry/register", "{\"id\":\"" + id + "\"}")));

    private AgentProbes() {}

    private static String metrics(String workspace) {
        return "/workspaces/" + workspace + "/agents/main/metrics";
    }

    private static Call activity(String workspace, String more) {
        return post("/workspaces/" + workspace + "/activity", "{\"type\":\"note\"" + more + "}");
    }
}
