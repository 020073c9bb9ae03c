package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.rollcall.Await;
import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens is seen as it happens, in every window, and nothing of it is missed while the service is away. */
@Tag("full")
class LiveIT extends InABrowser {

    private static final String REMEMBER = """
            () => {
                window.seen = [];
                document.querySelector('rc-app').store.addEventListener('event', e => window.seen.push(Number(e.detail.id)));
            }""";

    /** What the page says of its stream, each time that it says something else. */
    private static final String REMEMBER_STATES = """
            () => {
                const page = document.querySelector('rc-app').shadowRoot;
                window.states = [];
                new MutationObserver(() => {
                    const said = page.querySelector('#live').dataset.state + ': ' + (page.querySelector('#lost')?.textContent ?? '');
                    if (window.states.at(-1) !== said) {
                        window.states.push(said);
                    }
                }).observe(page, { subtree: true, childList: true, attributes: true, characterData: true });
            }""";

    private Window first;
    private Window second;

    @AfterEach
    void close() {
        first.assertNoFaults();
        second.assertNoFaults();
        first.close();
        second.close();
    }

    @Test
    void aDelegationsLifeIsSeenInTwoWindows() {
        first = board(ColorScheme.LIGHT);
        second = board(ColorScheme.DARK);
        acme.delegate("Acme", "Research", "Read what was published on tree layouts this year");
        acme.delegate("Engineering", "Frontend", "Draw the board");
        String id = acme.delegate("Acme", "Engineering", "Plan the next release, with what each team needs for it");

        seen(id, "queued");
        acme.claim("Engineering");
        seen(id, "dispatched");
        acme.report(id, "{\"status\":\"in_progress\",\"progress\":0.4}");
        seen(id, "in_progress");
        second.open(acme.root(), "delegations", id);
        acme.report(id, "{\"status\":\"completed\",\"result\":\"Three teams, two weeks.\"}");

        assertThat(first.find("section[data-status=completed] [data-id='" + id + "']"))
                .isVisible();
        assertThat(second.find("#result")).containsText("Three teams, two weeks.");
        assertEquals(
                List.of("queued", "dispatched", "in_progress", "completed"),
                second.find("li[data-to]").evaluateAll("all => all.map(each => each.dataset.to)"));
        first.open(acme.root(), "delegations", id);
        assertThat(first.find("#result")).isVisible();
        first.assertAccessible();
    }

    @Test
    void theServiceRestartsUnderThePageAndNoEventIsMissed() {
        first = board(ColorScheme.LIGHT);
        second = board(ColorScheme.LIGHT);
        first.page().evaluate(REMEMBER);
        second.page().evaluate(REMEMBER);
        first.page().evaluate(REMEMBER_STATES);
        long before = lastEvent();
        String early = acme.delegate("Acme", "Support", "Answer the first one");
        int port = service.port();

        service.kill();
        first.awaitLive("disconnected");
        assertThat(first.find(".alarm")).containsText("may be out of date");
        service = ServiceProcess.start(
                        directory, Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN), "-Dquarkus.http.port=" + port)
                .awaitListening();
        acme = new Acme(service.http(), acme.root(), acme.other(), acme.workspaces());
        acme.claim("Support");
        String late = acme.delegate("Acme", "Support", "Answer the second one");
        acme.report(early, "{\"status\":\"completed\"}");
        first.awaitLive("live");
        second.awaitLive("live");

        for (Window window : List.of(first, second)) {
            assertThat(window.find("section[data-status=completed] [data-id='" + early + "']"))
                    .isVisible();
            assertThat(window.find("section[data-status=queued] [data-id='" + late + "']"))
                    .isVisible();
            List<Long> all = events(before);
            assertTrue(all.size() >= 4, all::toString);
            Await.until("every event was told once and in order: " + all, () -> all.equals(told(window)));
        }
        assertEquals(
                List.of(
                        "disconnected: What you see may be out of date. Connecting again by itself.",
                        "behind: The connection is back; what happened meanwhile is being told.",
                        "live: "),
                first.page().evaluate("window.states"));
    }

    @Test
    void whatTheStreamCannotTellAnyMoreIsReadAgain() {
        first = board(ColorScheme.LIGHT);
        second = board(ColorScheme.LIGHT);
        second.networkIs(false);
        second.awaitLive("disconnected");
        // As a stream's end that is older than the kept events would be, or younger than a restored database.
        second.page().route("**/events", route -> {
            var headers = new HashMap<>(route.request().headers());
            headers.replace("last-event-id", "9007199254740991");
            route.resume(new Route.ResumeOptions().setHeaders(headers));
        });
        String id = acme.delegate("Acme", "Papers", "Look it up");
        assertThat(first.find("section[data-status=queued] [data-id='" + id + "']"))
                .isVisible();
        second.page().evaluate(REMEMBER);
        second.page().evaluate(REMEMBER_STATES);
        List<Route> held = new CopyOnWriteArrayList<>();
        second.page().route("**/workspaces?*", held::add);
        second.networkIs(true);
        second.page().waitForCondition(() -> !held.isEmpty());
        acme.claim("Papers");
        Await.until("the stream is there", () -> !told(second).isEmpty());
        second.awaitLive("behind");
        held.get(0).resume();
        second.awaitLive("live");

        assertThat(second.find("section[data-status=dispatched] [data-id='" + id + "']"))
                .isVisible();
        assertEquals(1, told(second).size(), "that it was asked was never told");
        assertEquals(
                List.of("behind: The connection is back; what happened meanwhile is being told.", "live: "),
                second.page().evaluate("window.states"));
    }

    @Test
    void aTokenThatEndsUnderThePageIsSaid() {
        JsonNode token =
                acme.made("/org/tokens", "{\"org_id\":\"" + acme.root() + "\",\"name\":\"brief\",\"scope\":\"read\"}");
        first = board(ColorScheme.LIGHT);
        second = new Window(chromium.browser(), service.port())
                .signIn(token.path("token").textValue())
                .awaitLive("live");

        service.http().send("DELETE", "/org/tokens/" + token.path("id").textValue(), "application/json", "");

        second.awaitLive("refused");
        assertThat(second.find("#lost")).containsText("Sign in again.");
    }

    private static List<Long> told(Window window) {
        List<?> seen = (List<?>) window.page().evaluate("window.seen");
        return seen.stream().map(each -> ((Number) each).longValue()).toList();
    }

    private static long lastEvent() {
        try (var sql = service.superuser()) {
            return sql.number("SELECT last FROM event_sequence");
        }
    }

    private static List<Long> events(long after) {
        try (var sql = service.superuser()) {
            return sql
                    .texts("SELECT seq::text FROM events WHERE seq > " + after + " AND org_id = '" + acme.root()
                            + "' ORDER BY seq")
                    .stream()
                    .map(Long::valueOf)
                    .toList();
        }
    }

    private static Window board(ColorScheme scheme) {
        return new Window(chromium.browser(), service.port(), scheme, 1440, 860)
                .signIn(TestDatabase.TOKEN)
                .open(acme.root(), "delegations")
                .awaitLive("live");
    }

    private void seen(String id, String status) {
        for (Window window : List.of(first, second)) {
            assertThat(window.find("section[data-status=" + status + "] [data-id='" + id + "']"))
                    .isVisible();
        }
    }
}
