package io.rollcall.access;

import io.rollcall.Answer;
import io.rollcall.Call;

/**
 * An organisation of a root and one workspace below it, with a token of each kind.
 *
 * @param agent the token of the workspace {@code child}
 */
record Organisation(String root, String child, String admin, String write, String read, String agent) {

    static Organisation make(String name) {
        String root = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        String child = Call.post("/workspaces", "{\"name\":\"Dev\",\"parent_id\":\"" + root + "\"}")
                .expect(201)
                .id();
        return new Organisation(
                root, child, token(root, "admin"), token(root, "write"), token(root, "read"), agentToken(child));
    }

    static String token(String root, String scope) {
        return Call.post(
                        "/org/tokens",
                        "{\"org_id\":\"" + root + "\",\"name\":\"" + scope + "\",\"scope\":\"" + scope + "\"}")
                .expect(201)
                .get("token");
    }

    static String agentToken(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }

    static Answer get(String token, String path) {
        return Call.of("GET", path).as(token).send();
    }

    static Answer post(String token, String path, String body) {
        return Call.of("POST", path).as(token).json(body).send();
    }

    static Answer delete(String token, String path) {
        return Call.of("DELETE", path).as(token).send();
    }
}
