package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.options.ColorScheme;
import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pictures in the README: an organisation at work, on every view. {@code -Dupdate.screenshots=true} makes them anew. */
@Tag("full")
class PicturesIT {

    private static final List<String> TASKS = List.of(
            "Find the five papers that this quarter's plan rests on",
            "Repeat the ablation with the larger batch",
            "Write the data card for the second release",
            "Compare the three annotation guidelines",
            "Say which experiments to stop",
            "Review the draft before it goes out",
            "Estimate the cost of the long run",
            "Check the numbers of table 4",
            "Collect what readers asked about the last report",
            "Plan the next two weeks",
            "Prepare the talk for the partners",
            "Measure the drift of the judges");

    /** What the work of {@link #TALKED_OF} was divided into. */
    private static final List<String> PARTS = List.of(
            "Set up three seeds of each run", "Collect the scores as they come in", "Draw the curves for the report");

    /** Of {@link #TASKS}: the one whose timeline is shown, and the one whose callee fell silent. */
    private static final int TALKED_OF = 1;

    private static final int UNHEARD_OF = 3;

    private static final String DONE = "{\"status\":\"completed\",\"result\":\"Done.\"}";

    private static final String AT_ONCE = "1s";

    private static Chromium chromium;
    private static ServiceProcess service;
    private static String root;
    private static String lab;
    private static final List<String> ids = new ArrayList<>();
    private static final List<String> work = new ArrayList<>();

    @BeforeAll
    static void anOrganisationAtWork() {
        chromium = Chromium.start();
        // Who is silent is noted at once, and what is silent is not given up while it is looked at.
        service = ServiceProcess.start(
                        ServiceProcess.freshDirectory("console-pictures"),
                        Map.of(
                                "ROLLCALL_ADMIN_TOKEN",
                                TestDatabase.TOKEN,
                                "ROLLCALL_SWEEPER_BOOT_GRACE",
                                AT_ONCE,
                                "ROLLCALL_HEARTBEATS_SWEEP_EVERY",
                                AT_ONCE,
                                "ROLLCALL_SWEEPER_EVERY",
                                "1h"))
                .awaitListening();
        made("/org/import", "{\"dir\":\"research-lab\"}").path("workspaces").forEach(each -> {
            ids.add(each.path("id").textValue());
            if (each.path("name").textValue().equals("Experiments")) {
                lab = each.path("id").textValue();
            }
        });
        root = ids.get(0);
        agents();
        work();
        crew();
        silence();
    }

    private static void agents() {
        for (int i = 0; i < ids.size(); i++) {
            if (i % 7 != 5) {
                beat(
                        ids.get(i),
                        "main",
                        i % 9 == 4
                                ? "\"error_rate\":0.6,\"sample_error\":\"429 Too Many Requests\""
                                : "\"error_rate\":0",
                        TASKS.get(i % TASKS.size()));
            }
        }
        int unheard = 5;
        put("/workspaces/" + ids.get(unheard) + "/watchdog-pauses/*", "{\"minutes\":120}");
    }

    private static void work() {
        List<String> free = new ArrayList<>(ids.subList(4, ids.size()));
        for (int i = 0; i < TASKS.size(); i++) {
            String callee = callee(i);
            free.remove(callee);
            work.add(delegated(ids.get(i % 4), callee, TASKS.get(i), 1800 * (1 + 3 * i), ""));
            if (i % 4 != 0) {
                made("/workspaces/" + callee + "/delegations/claim", "{\"limit\":1}");
            }
        }
        for (int i = 0; i < PARTS.size(); i++) {
            String part = delegated(
                    callee(TALKED_OF),
                    free.get(i),
                    PARTS.get(i),
                    7200,
                    ",\"parent_delegation_id\":\"" + work.get(TALKED_OF) + "\"");
            made("/workspaces/" + free.get(i) + "/delegations/claim", "{\"limit\":1}");
            report(part, i == 1 ? "{\"status\":\"failed\",\"error_detail\":\"Seed 2 ran out of memory.\"}" : DONE);
        }
        for (int i : new int[] {1, 2, 3, 5, 6, 9}) {
            report(work.get(i), "{\"status\":\"in_progress\",\"progress\":" + i / 10.0 + "}");
        }
        for (int i : new int[] {2, 3, 7, 9, 10, 11}) {
            made("/delegations/" + work.get(i) + "/heartbeat", "{\"attempt\":1,\"progress\":" + i / 20.0 + "}");
        }
        report(
                work.get(TALKED_OF),
                "{\"status\":\"completed\",\"result\":\"The effect holds: 0.71 against 0.68, three seeds each.\"}");
        report(work.get(5), "{\"status\":\"completed\",\"result\":\"Two remarks, both small.\"}");
        report(work.get(6), "{\"status\":\"failed\",\"error_detail\":\"No price list for the new machines.\"}");
    }

    /** The agents of one workspace, what they did these weeks, and how they are set. */
    private static void crew() {
        beat(lab, "main", "\"error_rate\":0.02", "Repeat the ablation with the larger batch");
        beat(lab, "night-run", "\"error_rate\":0.1", "Seeds 4 to 9");
        beat(lab, "calibration", "\"error_rate\":0", "Waits for the new machines");
        put("/workspaces/" + lab + "/watchdog-pauses/calibration", "{\"minutes\":45}");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (int i = 0; i < 30; i++) {
            for (String agent : List.of("main", "night-run", "calibration")) {
                int tasks = Math.abs((agent.hashCode() / 7 + i * i * 13 + i * 5) % (agent.equals("main") ? 9 : 5)) + 2;
                put(
                        "/workspaces/" + lab + "/agents/" + agent + "/metrics/" + today.minusDays(i),
                        "{\"tasks_completed\":" + tasks + ",\"first_pass_rate\":0." + (60 + tasks * 3) + "}");
            }
        }
        put("/workspaces/" + lab + "/settings/budget", "{\"tokens_a_day\":2000000,\"warn_at\":0.8}");
        put(
                "/workspaces/" + lab + "/settings/runs",
                "{\"seeds\":[1,2,3],\"batch\":512,\"stop_early\":true,\"report_to\":\"Communication\"}");
    }

    /** Time goes by for two of them: the service finds the one, and shows the other. */
    private static void silence() {
        String unheard = work.get(UNHEARD_OF);
        Await.until(
                "all are heard",
                () -> get("/delegations/" + unheard).path("liveness").asText().equals("alive")
                        && get("/workspaces/" + lab + "/heartbeats")
                                        .path("items")
                                        .size()
                                == 3);
        try (Superuser sql = service.superuser()) {
            sql.execute("UPDATE heartbeats SET beat_at = now() - interval '7 min' WHERE agent_id = 'night-run'");
            sql.execute("UPDATE delegation_beats b SET beat_at = now() - interval '12 min' FROM delegations d"
                    + " WHERE d.id = b.delegation AND d.delegation_id = '" + unheard + "'");
        }
        Await.until(
                "the incident is raised",
                () -> get("/incidents?open=true").path("items").size() == 1);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void theCanvasByDayAndByNight() {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            try (Window window = window(scheme)) {
                window.open(root, "canvas").awaitLive("live");
                window.find("[role=treeitem]").nth(1).click();
                assertThat(window.find("#delegate")).isVisible();
                window.find("#fit").click();
                window.screenshot(scheme == ColorScheme.DARK ? "canvas-dark" : "canvas");
                window.assertNoFaults();
            }
        }
    }

    @Test
    void theBoardAndOneDelegation() {
        try (Window window = window(ColorScheme.LIGHT)) {
            window.open(root, "delegations").awaitLive("live");
            assertThat(window.find("section[data-status=failed] .count")).hasAttribute("data-count", "2");
            assertThat(window.find("[data-id='" + work.get(UNHEARD_OF) + "']")).containsText("silent");
            window.screenshot("board");
            window.assertNoFaults();
        }
        try (Window window = window(ColorScheme.LIGHT, 1060)) {
            window.open(root, "delegations", work.get(TALKED_OF)).awaitLive("live");
            assertThat(window.find("#result")).containsText("0.71");
            assertThat(window.find("ul.tree a")).hasCount(1 + PARTS.size());
            window.screenshot("timeline");
            window.assertNoFaults();
        }
    }

    @Test
    void theAgents() {
        try (Window window = window(ColorScheme.LIGHT)) {
            window.open(root, "agents").awaitLive("live");
            assertThat(window.find("tr[data-agent=night-run]")).containsText("silent");
            assertThat(window.find("tr[data-agent=calibration]")).containsText("paused");
            assertThat(window.find("#open")).containsText("night-run");
            window.screenshot("agents");
            window.assertAccessible();
            window.assertNoFaults();
        }
    }

    @Test
    void oneWorkspacesAgentsMetricsAndSettings() {
        try (Window window = window(ColorScheme.LIGHT, 1320)) {
            window.open(root, "agents", lab).awaitLive("live");
            window.find("#agent").selectOption("main");
            window.find("[data-key=runs]").click();
            assertThat(window.find("#setting-text")).hasValue(Pattern.compile("stop_early"));
            assertThat(window.find("#by-day h3")).containsText("main");
            window.screenshot("workspace");
            window.assertAccessible();
            window.assertNoFaults();
        }
    }

    private static Window window(ColorScheme scheme) {
        return window(scheme, 860);
    }

    private static Window window(ColorScheme scheme, int height) {
        return new Window(chromium.browser(), service.port(), scheme, 1440, height).signIn(TestDatabase.TOKEN);
    }

    private static String callee(int task) {
        return ids.get(4 + task * 5 % (ids.size() - 4));
    }

    private static String delegated(String caller, String callee, String task, int seconds, String more) {
        return made(
                        "/delegations",
                        "{\"caller_id\":\"%s\",\"callee_id\":\"%s\",\"task\":\"%s\",\"deadline_seconds\":%d%s}"
                                .formatted(caller, callee, task, seconds, more))
                .path("delegation_id")
                .textValue();
    }

    private static void beat(String workspace, String agent, String more, String task) {
        made(
                "/registry/heartbeat",
                "{\"workspace_id\":\"%s\",\"agent_id\":\"%s\",\"status\":\"running\",\"current_task\":\"%s\",%s}"
                        .formatted(workspace, agent, task, more));
    }

    private static void report(String delegation, String body) {
        made("/delegations/" + delegation + "/status", body);
    }

    private static JsonNode get(String path) {
        return service.http().get(path).json();
    }

    private static void put(String path, String body) {
        Http.Answer answer = service.http().send("PUT", path, "application/json", body);
        assertEquals(2, answer.status() / 100, path + ": " + answer.body());
    }

    private static JsonNode made(String path, String body) {
        Http.Answer answer = service.http().send("POST", path, "application/json", body);
        assertEquals(2, answer.status() / 100, path + ": " + answer.body());
        return answer.json();
    }
}
