package io.rollcall.drift;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Call;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The calls of the suites beside it, and what came back in short. */
final class Drift {

    static final String A = "a".repeat(64);
    static final String B = "b".repeat(64);

    static final String WAITING = """
            SELECT count(*) FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND state = 'active' AND query LIKE '%%%s%%' AND pid <> pg_backend_pid()""";

    private Drift() {}

    static String quoted(String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }

    static List<String> places(Answer page) {
        return items(
                page,
                item -> item.path("agent_id").asText() + " " + item.path("path").asText());
    }

    /** Path and first digit of what was reported, of each. */
    static String shas(Answer page) {
        return String.join(
                " ",
                items(
                        page,
                        item -> item.path("path").asText() + " "
                                + item.path("reported_sha").asText().charAt(0)));
    }

    static List<String> skills(Answer page) {
        return items(page, item -> List.of("agent_id", "skill", "commit", "newest_commit", "drifted", "stale").stream()
                .map(field -> item.path(field).asText())
                .collect(Collectors.joining(" ")));
    }

    static List<String> items(Answer page, Function<JsonNode, String> text) {
        return StreamSupport.stream(page.expect(200).json().path("items").spliterator(), false)
                .map(text)
                .toList();
    }

    static String numbered(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "\"f%04d\":\"%s\"".formatted(i, A))
                .collect(Collectors.joining(","));
    }

    static Answer want(String workspace, String files) {
        return Call.of("PUT", files(workspace))
                .json("{\"files\":{" + files + "}}")
                .send();
    }

    static Answer ping(String workspace, String agent, String files) {
        return Call.post(pings(workspace), "{\"agent_id\":\"" + agent + "\",\"files\":{" + files + "}}");
    }

    static Answer skill(String workspace, String agent, String skill, String commit) {
        return Call.post(
                skillPings(workspace),
                "{\"agent_id\":\"" + agent + "\",\"skill\":\"" + skill + "\",\"commit\":\"" + commit + "\"}");
    }

    static String files(String workspace) {
        return "/workspaces/" + workspace + "/bootstrap-files";
    }

    static String pings(String workspace) {
        return "/workspaces/" + workspace + "/bootstrap-pings";
    }

    static String skillPings(String workspace) {
        return "/workspaces/" + workspace + "/skill-pings";
    }

    static String workspace(String name, String parent) {
        return Call.post("/workspaces", "{\"name\":\"" + name + "\",\"parent_id\":" + quoted(parent) + "}")
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
