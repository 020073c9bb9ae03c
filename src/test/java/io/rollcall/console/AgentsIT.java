package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import io.rollcall.Await;
import io.rollcall.Http.Answer;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is alive, silent and paused, and what they did, as the console shows it and lets it be changed. */
@Tag("full")
class AgentsIT extends InABrowser {

    /** An agent of the first name, of the workspace with the second as its id, as the service would have noted it. */
    private static final String SILENT = """
            WITH h AS (
                INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at, silent_since)
                SELECT w.id, '%1$s', w.org_id, now() - interval '1 hour', now() FROM workspaces w WHERE w.id = '%2$s'
                ON CONFLICT (workspace_id, agent_id) DO UPDATE
                   SET beat_at = excluded.beat_at, silent_since = excluded.silent_since
                RETURNING org_id, workspace_id, agent_id, beat_at)
            INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, cool_down_until)
            SELECT org_id, workspace_id, agent_id, 'agent_silent', 'not heard', beat_at, 0, now() FROM h
            """;

    /** How many of a chart's pixels have the colour in which the first series is drawn, and nothing else of it. */
    private static final String INK = """
            chart => {
                const probe = document.createElement('span');
                probe.style.color = 'var(--busy)';
                document.body.append(probe);
                const [red, green, blue] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
                probe.remove();
                const pixels = chart.getContext('2d').getImageData(0, 0, chart.width, chart.height).data;
                let ink = 0;
                for (let i = 0; i < pixels.length; i += 4) {
                    ink += pixels[i] === red && pixels[i + 1] === green && pixels[i + 2] === blue && pixels[i + 3] === 255 ? 1 : 0;
                }
                return ink;
            }""";

    @Test
    void anAgentIsPausedForAWhileAndJudgedAgain() {
        acme.beat("Papers", ",\"agent_id\":\"reader\"");
        open(acme.root(), "agents", acme.id("Papers"));
        Locator agent = window.find("tr[data-agent=reader]");

        agent.locator("[data-pause]").click();
        window.find("#pause-form input").fill("45");
        window.find("#pause-form button.primary").click();

        assertThat(agent.locator("[data-resume]")).isVisible();
        assertThat(agent).containsText("paused, 45 min left");
        assertThat(window.find("#pauses")).containsText("reader");
        assertEquals(List.of("Papers reader"), pauses("Papers"));

        agent.locator("[data-resume]").click();

        assertThat(agent.locator("[data-pause]")).isVisible();
        assertEquals(List.of(), pauses("Papers"));
    }

    @Test
    void thePauseIsOfTheAgentThatWasPointedAtThoughItsRowMovesMeanwhile() {
        acme.beat("Platform", ",\"agent_id\":\"still\"");
        acme.beat("Research", ",\"agent_id\":\"worse\"");
        open(acme.root(), "agents");
        window.find("tr[data-agent=still] [data-pause]").click();
        Locator worse = window.find("tbody[data-workspace='" + acme.id("Research") + "']");
        assertThat(worse).containsText("online");
        window.assertAccessible();

        acme.beat("Research", ",\"agent_id\":\"worse\",\"status\":\"running\",\"error_rate\":0.9");
        // Which goes up, and all that were between take the next row.
        assertThat(worse).containsText("degraded");
        window.find("#pause-form button.primary").click();

        assertThat(window.find("tbody[data-workspace='" + acme.id("Platform") + "'] [data-resume]"))
                .isVisible();
        assertEquals(List.of("Platform still"), pauses("Platform"));
        assertEquals(List.of(), pauses("Research"));
    }

    @Test
    void aPauseOfAWholeWorkspaceIsFoundAndIsNotItsAgentsToEnd() {
        acme.beat("Backend", ",\"agent_id\":\"one\"");
        for (String workspace : List.of("Backend", "Frontend")) {
            service.http()
                    .send(
                            "PUT",
                            "/workspaces/" + acme.id(workspace) + "/watchdog-pauses/*",
                            "application/json",
                            "{\"minutes\":60}");
        }
        open(acme.root(), "agents");
        window.find("#only").selectOption("paused");

        Locator heard = window.find("tbody[data-workspace='" + acme.id("Backend") + "']");
        Locator unheard = window.find("tbody[data-workspace='" + acme.id("Frontend") + "']");
        assertThat(unheard).containsText("all paused, 1 h left");
        assertThat(unheard.locator("[data-resume]")).isVisible();
        assertThat(heard.locator("tr[data-agent=one]")).containsText("paused, 1 h left");
        assertThat(heard.locator("tr[data-agent=one] td [data-resume]")).hasCount(0);
        assertThat(heard.locator("tr[data-agent=one] td [data-pause]")).isVisible();

        heard.locator("th [data-resume]").click();

        assertThat(heard).hasCount(0);
        assertEquals(List.of(), pauses("Backend"));
        assertEquals(List.of("Frontend *"), pauses("Frontend"));
    }

    @Test
    void whoFallsSilentIsSeenWithItsIncidentAndNobodyElsesIs() {
        acme.beat("Experiments", ",\"agent_id\":\"quiet\"");
        open(acme.root(), "agents");
        assertThat(window.find("tr[data-agent=quiet]")).containsText("alive");

        try (Superuser sql = service.superuser()) {
            for (String[] silent : new String[][] {{acme.other(), "stranger"}, {acme.id("Experiments"), "quiet"}}) {
                sql.execute(SILENT.formatted(silent[1], silent[0]));
            }
        }

        assertThat(window.find("#open")).containsText("quiet");
        assertThat(window.find("#open")).containsText("not heard");
        assertThat(window.find("tr[data-agent=quiet]")).containsText("silent");
        assertThat(window.find("tr[data-agent=quiet]")).containsText("1 h ago");
        assertThat(window.find("tr[data-agent=stranger]")).hasCount(0);
        assertThat(window.find("#open")).not().containsText("stranger");
    }

    @Test
    void aRefusalIsNotAskedAgainAtOnce() {
        int[] asked = {0};
        open(acme.root(), "delegations");
        window.page().route("**/heartbeats/stale*", route -> {
            asked[0]++;
            route.abort();
        });
        window.open(acme.root(), "agents");

        assertThat(window.find("rc-agents-overview .problem")).isVisible();
        window.assertAccessible();
        assertTrue(asked[0] <= 2, asked[0] + " requests");

        window.page().unroute("**/heartbeats/stale*");
        window.find("#refresh").click();
        assertThat(window.find("rc-agents-overview .problem")).hasCount(0);
    }

    @Test
    void whatAgentsDidIsDrawnAndSaidInNumbersEachAgentsUnderItsName() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        did("ann", today, 17);
        did("ann", today.minusDays(9), 5);
        did("bob", today, 3);
        open(acme.root(), "agents", acme.id("Support"));

        Locator team = window.find("#team canvas");
        Locator byDay = window.find("#by-day canvas");
        Await.until("bars are drawn", () -> ink(team) > 2_000);
        Await.until("a line is drawn", () -> ink(byDay) > 100);
        window.find("#team summary").click();
        assertThat(window.find("#team table")).containsText("22");
        window.find("#by-day summary").click();
        assertThat(window.find("#by-day table")).containsText(today + "17");

        window.find("#metric").selectOption("bounce_count");
        Await.until("there are no bars", () -> ink(team) < 300);
        window.find("#metric").selectOption("tasks_completed");
        window.page().route("**/agents/bob/metrics*", route -> route.abort());
        window.find("#agent").selectOption("bob");

        assertThat(window.find("rc-metrics .problem")).isVisible();
        assertThat(window.find("#by-day h3")).containsText("bob");
        assertThat(window.find("#by-day table")).not().containsText("17");
    }

    private void open(String... place) {
        window = new Window(chromium.browser(), service.port(), ColorScheme.LIGHT, 1440, 1000)
                .signIn(TestDatabase.TOKEN)
                .open(place)
                .awaitLive("live");
    }

    private static void did(String agent, LocalDate day, int tasks) {
        Answer answer = service.http()
                .send(
                        "PUT",
                        "/workspaces/" + acme.id("Support") + "/agents/" + agent + "/metrics/" + day,
                        "application/json",
                        "{\"tasks_completed\":" + tasks + ",\"bounce_count\":0}");
        assertEquals(200, answer.status(), answer.body());
    }

    private static int ink(Locator chart) {
        return ((Number) chart.evaluate(INK)).intValue();
    }

    /** Those of one workspace, as the service lists them for the organisation. */
    private static List<String> pauses(String workspace) {
        List<String> found = new ArrayList<>();
        service.http()
                .get("/watchdog-pauses?org_id=" + acme.root())
                .json()
                .path("items")
                .forEach(pause -> {
                    if (pause.path("workspace_id").textValue().equals(acme.id(workspace))) {
                        found.add(workspace + " " + pause.path("agent_id").textValue());
                    }
                });
        return found;
    }
}
