package io.rollcall.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Call;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** The calls of the suites beside it. */
final class Metrics {

    static final String DAY = "2027-01-31";

    private Metrics() {}

    static String path(String workspace, String agent) {
        return "/workspaces/" + workspace + "/agents/" + agent + "/metrics";
    }

    static Answer put(String workspace, String agent, String day, String metrics) {
        return Call.of("PUT", path(workspace, agent) + "/" + day).json(metrics).send();
    }

    /** To {@link #DAY}, or to a section of it when it begins with a question mark behind it. */
    static Answer add(String workspace, String agent, String day, String metrics) {
        return adding(workspace, agent, day, metrics).send();
    }

    static Call adding(String workspace, String agent, String day, String metrics) {
        String[] parts = day.split("\\?");
        String query = parts.length == 1 ? "" : "?" + parts[1];
        return Call.of("POST", path(workspace, agent) + "/" + parts[0] + "/increment" + query)
                .json(metrics);
    }

    static Answer list(String workspace, String agent, String query) {
        return Call.get(path(workspace, agent) + query).expect(200);
    }

    static Answer team(String workspace, String query) {
        return Call.get("/workspaces/" + workspace + "/metrics/team?" + query);
    }

    static JsonNode metrics(Answer answer) {
        return answer.expect(200).json().path("metrics");
    }

    static List<String> items(Answer page, Function<JsonNode, String> text) {
        return StreamSupport.stream(page.expect(200).json().path("items").spliterator(), false)
                .map(text)
                .toList();
    }

    /** Date, section and tasks completed of each. */
    static List<String> days(Answer page) {
        return items(
                page,
                item -> item.path("date").asText() + " " + item.path("section").asText() + " "
                        + item.at("/metrics/tasks_completed"));
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
