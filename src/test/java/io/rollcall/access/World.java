package io.rollcall.access;

import io.rollcall.Answer;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import java.util.UUID;

/**
 * An organisation with one of everything that has an id.
 *
 * @param name in the name of each of its workspaces, and in nobody else's
 * @param tokens its root, a workspace below it, and a token of each kind for the callers
 * @param mover another workspace, to be moved
 * @param received a delegation to the workspace that the agent token is of, sent one by it, ended one by it that has failed
 * @param removed a workspace that was removed
 * @param run an import
 * @param orgToken a token of the organisation, that none of the callers is
 * @param agentToken a token of that workspace, that none of the callers is
 */
record World(
        String name,
        Organisation tokens,
        String mover,
        String removed,
        String received,
        String sent,
        String ended,
        String run,
        String orgToken,
        String agentToken,
        String revokedToken,
        String revokedAgentToken) {

    /** What an id names. */
    enum Kind {
        ORGANISATION,
        WORKSPACE,
        RUN,
        TOKEN,
        AGENT_TOKEN,
        /** Another workspace. */
        COLLEAGUE,
        RECEIVED,
        SENT,
        ENDED
    }

    static World make(String prefix) {
        String name = prefix + " " + UUID.randomUUID();
        Organisation tokens = Organisation.make(name);
        Call.patch("/workspaces/" + tokens.child(), "{\"name\":\"Dev of " + name + "\"}")
                .expect(200);
        String removed = child(tokens.root(), "Gone of " + name);
        Call.of("DELETE", "/workspaces/" + removed)
                .header("X-Confirm-Name", "Gone of " + name)
                .send()
                .expect(200);
        Answer imported = Call.post("/org/import", imports(tokens.root(), name)).expect(201);
        String revoked =
                mint("/org/tokens", "{\"org_id\":\"" + tokens.root() + "\",\"name\":\"r\",\"scope\":\"read\"}");
        String revokedAgent = mint("/workspaces/" + tokens.child() + "/tokens", "{\"name\":\"r\"}");
        Call.of("DELETE", "/org/tokens/" + revoked).send().expect(204);
        Call.of("DELETE", "/workspaces/" + tokens.child() + "/tokens/" + revokedAgent)
                .send()
                .expect(204);
        Call.of("PUT", "/canvas/viewport")
                .as(tokens.write())
                .json("{\"x\":1,\"y\":1,\"zoom\":9}")
                .send()
                .expect(200);
        String mover = child(tokens.root(), "Mover of " + name);
        String ended = delegation(tokens.child(), mover);
        Call.post("/delegations/" + ended + "/status", "{\"status\":\"failed\"}")
                .expect(200);
        heard(tokens.child());
        // Of a workspace that no probe removes: pauses of removed ones are not listed.
        paused(tokens.root());
        measured(tokens.child());
        return new World(
                name,
                tokens,
                mover,
                removed,
                delegation(mover, tokens.child()),
                delegation(tokens.child(), mover),
                ended,
                imported.get("import_id"),
                mint("/org/tokens", "{\"org_id\":\"" + tokens.root() + "\",\"name\":\"o\",\"scope\":\"read\"}"),
                mint("/workspaces/" + tokens.child() + "/tokens", "{\"name\":\"a\"}"),
                revoked,
                revokedAgent);
    }

    /** A silent agent of the same name in every world, paused, with an incident. */
    private static void heard(String workspace) {
        Sql.run("""
                INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at)
                SELECT w.id, 'main', w.org_id, now() - interval '1 hour' FROM workspaces w WHERE w.id = ?::uuid
                """, workspace);
        Sql.run("""
                INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, cool_down_until)
                SELECT h.org_id, h.workspace_id, h.agent_id, 'agent_silent', 'not heard', h.beat_at, 0, now()
                  FROM heartbeats h WHERE h.workspace_id = ?::uuid
                """, workspace);
        paused(workspace);
    }

    private static void paused(String workspace) {
        Call.of("PUT", "/workspaces/" + workspace + "/watchdog-pauses/main")
                .json("{\"minutes\":60}")
                .send()
                .expect(200);
    }

    /** Settings and a day of metrics, under the same names in every world. */
    private static void measured(String workspace) {
        Call.of("PUT", "/workspaces/" + workspace + "/settings/default")
                .json("{\"a\":1}")
                .send()
                .expect(201);
        Call.of("PUT", "/workspaces/" + workspace + "/agents/main/metrics/2027-01-31")
                .json("{\"tasks_completed\":3}")
                .send()
                .expect(200);
    }

    static String imports(String parent, String name) {
        return "{\"parent_id\":\"" + parent + "\",\"template\":{\"name\":\"" + name
                + "\",\"workspaces\":[{\"name\":\"QA of " + name + "\"}]}}";
    }

    String id(Kind kind) {
        return switch (kind) {
            case ORGANISATION -> tokens.root();
            case WORKSPACE -> tokens.child();
            case RUN -> run;
            case TOKEN -> orgToken;
            case AGENT_TOKEN -> agentToken;
            case COLLEAGUE -> mover;
            case RECEIVED -> received;
            case SENT -> sent;
            case ENDED -> ended;
        };
    }

    /** One that was there once; imports and organisations of this world stay. */
    String removedId(Kind kind) {
        return switch (kind) {
            case WORKSPACE, COLLEAGUE -> removed;
            case TOKEN -> revokedToken;
            case AGENT_TOKEN -> revokedAgentToken;
            case ORGANISATION, RUN, RECEIVED, SENT, ENDED -> id(kind);
        };
    }

    /** What nobody else may ever see: all ids of the organisation, and its name. */
    List<String> marks() {
        List<String> ids = Sql.rows("""
                SELECT id::text FROM workspaces WHERE org_id = ?::uuid UNION ALL
                SELECT id::text FROM tokens WHERE org_id = ?::uuid UNION ALL
                SELECT delegation_id FROM delegations WHERE org_id = ?::uuid UNION ALL
                SELECT id::text FROM import_runs WHERE org_id = ?::uuid""", tokens.root(), tokens.root(), tokens.root(), tokens.root());
        ids.add(name);
        return ids;
    }

    private static String child(String root, String name) {
        return Call.post("/workspaces", "{\"parent_id\":\"" + root + "\",\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
    }

    private static String delegation(String caller, String callee) {
        return Call.post("/delegations", asking(caller, callee, "")).expect(201).get("delegation_id");
    }

    /** The body of a new delegation, with more fields, each preceded by a comma. */
    static String asking(String caller, String callee, String more) {
        return "{\"caller_id\":\"" + caller + "\",\"callee_id\":\"" + callee + "\",\"task\":\"t\"" + more + "}";
    }

    private static String mint(String path, String body) {
        return Call.post(path, body).expect(201).id();
    }
}
