package io.rollcall.settings;

import io.rollcall.Answer;
import io.rollcall.Call;
import java.net.http.HttpRequest.BodyPublishers;

/** The calls of the suites beside it. */
final class Documents {

    private Documents() {}

    static String path(String workspace, String key) {
        return "/workspaces/" + workspace + "/settings/" + key;
    }

    static Answer put(String workspace, String key, String document) {
        return Call.of("PUT", path(workspace, key)).json(document).send();
    }

    static Answer patch(String workspace, String key, String patch) {
        return Call.of("PATCH", path(workspace, key))
                .body("application/merge-patch+json", BodyPublishers.ofString(patch))
                .send();
    }

    static Answer get(String workspace, String key) {
        return Call.get(path(workspace, key));
    }

    /** With a precondition. */
    static Answer change(String method, String workspace, String key, String document, String header, String value) {
        Call call = Call.of(method, path(workspace, key)).header(header, value);
        return (document == null ? call : call.json(document)).send();
    }

    static String workspace(String name, String parent) {
        return Call.post(
                        "/workspaces",
                        "{\"name\":\"" + name + "\",\"parent_id\":" + (parent == null ? null : "\"" + parent + "\"")
                                + "}")
                .expect(201)
                .id();
    }

    static void remove(String workspace, String name) {
        Call.of("DELETE", "/workspaces/" + workspace)
                .header("X-Confirm-Name", name)
                .send()
                .expect(200);
    }
}
