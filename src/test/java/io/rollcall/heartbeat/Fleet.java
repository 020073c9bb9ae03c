package io.rollcall.heartbeat;

import io.rollcall.Answer;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import java.util.stream.StreamSupport;

/** An organisation of two workspaces, with agents and incidents as the service would have written them. */
record Fleet(String root, String dev, String qa) {

    static final String UNKNOWN = "0198f0c0-0000-7000-8000-00000000dead";

    static Fleet make(String name) {
        String root = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        return new Fleet(root, child(root, "Dev"), child(root, "QA"));
    }

    static String child(String parent, String name) {
        return Call.post("/workspaces", "{\"name\":\"" + name + "\",\"parent_id\":\"" + parent + "\"}")
                .expect(201)
                .id();
    }

    static void remove(String workspace, String name) {
        Call.of("DELETE", "/workspaces/" + workspace)
                .header("X-Confirm-Name", name)
                .send()
                .expect(200);
    }

    /** Its token. */
    static String agent(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }

    String token(String scope) {
        return Call.post("/org/tokens", "{\"org_id\":\"" + root + "\",\"name\":\"t\",\"scope\":\"" + scope + "\"}")
                .expect(201)
                .get("token");
    }

    /** Last heard so many seconds ago. */
    static void beat(String workspace, String agent, int secondsAgo) {
        Sql.run("""
                INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at)
                SELECT w.id, ?, w.org_id, now() - make_interval(secs => ?) FROM workspaces w WHERE w.id = ?::uuid
                """, agent, secondsAgo, workspace);
    }

    /** Raised so many days ago, and open. */
    static long incident(String workspace, String agent, int daysAgo) {
        return Long.parseLong(Sql.one("""
                INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, raised_at,
                                       cool_down_until)
                SELECT w.org_id, w.id, ?, 'agent_silent', 'not heard', now(), 0, now() - make_interval(days => ?), now()
                  FROM workspaces w WHERE w.id = ?::uuid
                RETURNING id
                """, agent, daysAgo, workspace));
    }

    static void end(long incident, int daysAgo) {
        Sql.run("UPDATE incidents SET ended_at = now() - make_interval(days => ?) WHERE id = ?", daysAgo, incident);
    }

    static Answer pause(String workspace, String agent, String body) {
        return Call.of("PUT", "/workspaces/" + workspace + "/watchdog-pauses/" + agent)
                .json(body)
                .send();
    }

    /** A member of each item of a page. */
    static List<String> texts(Answer page, String... members) {
        return StreamSupport.stream(page.expect(200).json().path("items").spliterator(), false)
                .map(item -> String.join(
                        " ",
                        List.of(members).stream()
                                .map(member -> item.path(member).isNull()
                                        ? "-"
                                        : item.path(member).asText())
                                .toList()))
                .toList();
    }
}
