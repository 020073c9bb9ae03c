package io.rollcall.delegation;

import io.rollcall.Answer;
import io.rollcall.Call;

/**
 * An organisation with three workspaces below its root and the tokens of its admin, its readers and of two of the workspaces.
 */
record Parties(
        String org,
        String lead,
        String dev,
        String other,
        String admin,
        String read,
        String leadToken,
        String devToken) {

    static Parties make(String name) {
        String org = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        String lead = child(org, "Lead");
        String dev = child(org, "Dev");
        return new Parties(
                org,
                lead,
                dev,
                child(org, "Other"),
                token(org, "admin"),
                token(org, "read"),
                workspaceToken(lead),
                workspaceToken(dev));
    }

    static Answer get(String token, String path) {
        return Call.of("GET", path).as(token).send();
    }

    private static String child(String parent, String name) {
        return Call.post("/workspaces", "{\"parent_id\":\"" + parent + "\",\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
    }

    private static String token(String org, String scope) {
        return Call.post(
                        "/org/tokens",
                        "{\"org_id\":\"" + org + "\",\"name\":\"" + scope + "\",\"scope\":\"" + scope + "\"}")
                .expect(201)
                .get("token");
    }

    private static String workspaceToken(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }
}
