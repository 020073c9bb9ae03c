package io.rollcall.delegation;

import io.rollcall.Answer;
import io.rollcall.Call;
import java.util.UUID;

/**
 * An organisation whose workspaces delegate to each other.
 *
 * @param bossToken of the workspace {@code boss}, who asks
 * @param workerToken of the workspace {@code worker}, who is asked
 * @param write a token of the organisation
 */
record Team(String root, String boss, String worker, String other, String bossToken, String workerToken, String write) {

    static Team make(String name) {
        String root = Call.post("/workspaces", "{\"name\":\"" + name + " " + UUID.randomUUID() + "\"}")
                .expect(201)
                .id();
        String boss = workspace(root, "Boss");
        String worker = workspace(root, "Worker");
        String other = workspace(root, "Other");
        String write = Call.post("/org/tokens", "{\"org_id\":\"" + root + "\",\"name\":\"w\",\"scope\":\"write\"}")
                .expect(201)
                .get("token");
        return new Team(root, boss, worker, other, token(boss), token(worker), write);
    }

    static String workspace(String parent, String name) {
        return Call.post("/workspaces", "{\"parent_id\":\"" + parent + "\",\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
    }

    static String token(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }

    /** The boss asks the worker; with more fields, each preceded by a comma. */
    Answer ask(String more) {
        return post(bossToken, "/delegations", asking(more));
    }

    String asking(String more) {
        return "{\"caller_id\":\"" + boss + "\",\"callee_id\":\"" + worker + "\",\"task\":\"Count the stars\"" + more
                + "}";
    }

    Answer claim(String body) {
        return post(workerToken, "/workspaces/" + worker + "/delegations/claim", body);
    }

    Answer report(String id, String body) {
        return post(workerToken, "/delegations/" + id + "/status", body);
    }

    Answer beat(String id, String body) {
        return post(workerToken, "/delegations/" + id + "/heartbeat", body);
    }

    static Answer post(String token, String path, String body) {
        return Call.of("POST", path).as(token).json(body).send();
    }
}
