package io.rollcall.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.events.Listener.Heard;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An organisation of two workspaces, and those who listen to it. */
abstract class Listening {

    final List<Listener> open = new ArrayList<>();
    String org;
    String dev;
    String read;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        org = workspace("Acme", null);
        dev = workspace("Dev", org);
        read = token(org, "read");
    }

    @AfterEach
    void hangUp() {
        open.forEach(Listener::close);
    }

    Listener listen(String token, String query, String... headers) {
        Listener listener = Listener.open(base(), token, query, headers);
        open.add(listener);
        return listener;
    }

    /** What was made before it has been numbered, so that it is not told. */
    Listener ready(String token) {
        Await.until("all is numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
        Listener listener = listen(token, "");
        listener.awaitReady();
        return listener;
    }

    String delegation(String id) {
        return "{\"delegation_id\":\"" + id + "\",\"caller_id\":\"" + org + "\",\"callee_id\":\"" + dev
                + "\",\"task\":\"a task\"}";
    }

    static String template(int count, int tier) {
        var nodes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            nodes.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"N")
                    .append(i)
                    .append("\",\"tier\":")
                    .append(tier)
                    .append("}");
        }
        return "{\"template\":{\"name\":\"T\",\"workspaces\":[" + nodes + "]}}";
    }

    static String workspace(String name, String parent) {
        return Call.post(
                        "/workspaces",
                        "{\"name\":\"" + name + "\"" + (parent == null ? "" : ",\"parent_id\":\"" + parent + "\"")
                                + "}")
                .expect(201)
                .id();
    }

    static String token(String root, String scope) {
        return Call.post("/org/tokens", "{\"org_id\":\"" + root + "\",\"name\":\"n\",\"scope\":\"" + scope + "\"}")
                .expect(201)
                .get("token");
    }

    static String agent(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }

    static JsonNode payload(Heard heard) {
        return heard.data().path("payload");
    }

    static List<String> names(Listener listener) {
        return listener.events().stream().map(Heard::event).toList();
    }

    static String header(Listener listener, String name) {
        return listener.response().headers().firstValue(name).orElse("");
    }

    static String base() {
        return "http://localhost:" + RestAssured.port;
    }
}
