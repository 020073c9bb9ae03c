package io.rollcall.heartbeat;

import io.rollcall.Answer;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;

/**
 * An organisation with two workspaces below its root, each with an agent.
 *
 * @param devToken of the workspace {@code dev}
 */
record Crew(String root, String dev, String qa, String admin, String devToken, String qaToken) {

    static final String UNKNOWN = "0198f0c0-0000-7000-8000-00000000dead";

    static Crew make(String name) {
        String root = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        String dev = child(root, "Dev");
        String qa = child(root, "QA");
        String admin = Call.post("/org/tokens", "{\"org_id\":\"" + root + "\",\"name\":\"a\",\"scope\":\"admin\"}")
                .expect(201)
                .get("token");
        return new Crew(root, dev, qa, admin, token(dev), token(qa));
    }

    static String child(String parent, String name) {
        return Call.post("/workspaces", "{\"name\":\"" + name + "\",\"parent_id\":\"" + parent + "\"}")
                .expect(201)
                .id();
    }

    static String token(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }

    static void remove(String workspace, String name) {
        Call.of("DELETE", "/workspaces/" + workspace + "?confirm=true")
                .header("X-Confirm-Name", name)
                .send()
                .expect(200);
    }

    static Answer post(String token, String path, String body) {
        return Call.of("POST", path).as(token).json(body).send();
    }

    /** By the platform's admin; with more fields, each preceded by a comma. */
    static Answer beat(String workspace, String more) {
        return Call.post("/registry/heartbeat", "{\"workspace_id\":\"" + workspace + "\"" + more + "}");
    }

    static String status(String workspace) {
        return Sql.one("SELECT status FROM workspaces WHERE id = ?::uuid", workspace);
    }

    /** The changes of a workspace's status, oldest first. */
    static List<String> changes(String workspace) {
        return Sql.rows(
                "SELECT summary FROM activity_logs WHERE workspace_id = ?::uuid AND type = 'workspace' ORDER BY id",
                workspace);
    }

    /** As if an agent had been heard so long ago, and judged since if it says so. */
    static void heard(String workspace, String agent, String ago, boolean silent) {
        Sql.run(
                "UPDATE heartbeats SET beat_at = now() - ?::interval, silent_since = CASE WHEN ? THEN now() END"
                        + " WHERE workspace_id = ?::uuid AND agent_id = ?",
                ago,
                silent,
                workspace,
                agent);
    }
}
