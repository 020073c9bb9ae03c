package io.rollcall.workspace;

import io.rollcall.Answer;
import io.rollcall.Call;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What the tests of the tree do all the time. */
final class Trees {

    static final String UNKNOWN = "0198f0c0-0000-7000-8000-00000000dead";

    private Trees() {}

    static String root(String name) {
        return Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
    }

    static String child(String parent, String name) {
        return create(parent, name).expect(201).id();
    }

    static Answer create(String parent, String name) {
        return Call.post("/workspaces", "{\"name\":\"" + name + "\",\"parent_id\":\"" + parent + "\"}");
    }

    static Answer change(String id, String json) {
        return Call.patch("/workspaces/" + id, json);
    }

    static Answer move(String id, String parent) {
        return change(id, "{\"parent_id\":\"" + parent + "\"}");
    }

    static Call removal(String id, String name, String query) {
        return Call.of("DELETE", "/workspaces/" + id + query)
                .header(
                        "X-Confirm-Name",
                        URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    static Answer remove(String id, String name) {
        return removal(id, name, "?confirm=true").send();
    }

    static Answer read(String id) {
        return Call.get("/workspaces/" + id);
    }
}
