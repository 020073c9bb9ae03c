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
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator does to work and settings from the console, and what the service then says. */
@Tag("full")
class OperateIT extends InABrowser {

    private static final String AN_HOUR_AHEAD =
            "{ const real = Date.now; Date.now = () => real.call(Date) + 3_600_000; }";

    @Test
    void aCancelledDelegationTakesItsSubtreeAlongAndCanBeAskedAgain() {
        String top = acme.delegate("Acme", "Research", "Find out");
        String below = acme.made(
                        "/delegations",
                        "{\"caller_id\":\"%s\",\"callee_id\":\"%s\",\"task\":\"Read\",\"parent_delegation_id\":\"%s\"}"
                                .formatted(acme.id("Research"), acme.id("Papers"), top))
                .path("delegation_id")
                .textValue();
        open("delegations", top);
        assertThat(window.find("rc-delegation")).containsText("Its tree · 2");

        window.find("#cancel").click();
        window.find("#cancel-form textarea").fill("not needed any more");
        window.find("#cancel-form button.danger").click();

        assertThat(window.find("#error")).containsText("not needed any more");
        for (String cancelled : new String[] {top, below}) {
            assertEquals("failed cancelled", told(cancelled, "status") + " " + told(cancelled, "outcome"));
        }

        window.find("#retry").click();

        assertThat(window.find("rc-delegation")).containsText("no. 1, of " + top);
        assertThat(window.find("rc-delegation #close")).isFocused();
        String retry = window.page().url().replaceFirst(".*/", "");
        assertEquals("queued " + top, told(retry, "status") + " " + told(retry, "retry_of"));
    }

    @Test
    void whatIsAskedForAgainAfterALostReplyIsMadeOnce() {
        open("delegations");
        boolean[] lost = {false};
        window.page().route("**/delegations", route -> {
            if (route.request().method().equals("POST") && !lost[0]) {
                lost[0] = true;
                route.fetch();
                route.abort();
            } else {
                route.resume();
            }
        });
        window.find("#start").click();
        window.find("#start-caller input").fill("Acm");
        window.find("#start-caller input").press("Enter");
        window.find("#start-callee input").fill("Supp");
        window.find("#start-callee input").press("Enter");
        window.find("#start-form textarea").fill("Only once");
        window.assertAccessible();

        window.find("#start-form button.primary").click();
        assertThat(window.find("#start-form .problem")).containsText("cannot be reached");
        window.find("#start-form button.primary").click();

        assertThat(window.find("rc-delegation .said")).hasText("Only once");
        assertEquals(
                List.of("Only once"),
                service
                        .http()
                        .get("/delegations?callee_id=" + acme.id("Support"))
                        .json()
                        .findValuesAsText("task_preview")
                        .stream()
                        .filter("Only once"::equals)
                        .toList());
    }

    @Test
    void whoMayOnlyReadIsOfferedNoCancelAndNoRetry() {
        String running = acme.delegate("Acme", "Engineering", "Look on");
        String ended = acme.delegate("Acme", "Engineering", "Look back");
        service.http().send("POST", "/delegations/" + ended + "/cancel", "application/json", "{}");
        open(acme.token("read"), new String[] {"delegations", running});

        assertThat(window.find("#only-tree")).isVisible();
        assertThat(window.find("rc-delegation header .badge")).containsText("queued");
        assertThat(window.find("#cancel, #retry, #start")).hasCount(0);

        window.open(acme.root(), "delegations", ended);
        assertThat(window.find("rc-delegation header .badge")).containsText("failed");
        assertThat(window.find("#cancel, #retry, #start")).hasCount(0);
    }

    @Test
    void theBoardShowsWhatIsAskedForAndWhoIsAliveByTheServicesClock() {
        acme.delegate("Acme", "Research", "ledger one");
        String stopped = acme.delegate("Acme", "Platform", "ledger two");
        String alive = acme.delegate("Engineering", "Platform", "ledger three");
        acme.claim("Platform");
        service.http().send("POST", "/delegations/" + stopped + "/cancel", "application/json", "{}");
        acme.made("/delegations/" + alive + "/heartbeat", "{\"attempt\":1}");
        Await.until("it is heard", () -> told(alive, "liveness").equals("alive"));
        window = new Window(chromium.browser(), service.port(), ColorScheme.LIGHT, 1440, 1000);
        // Its clock is wrong: what it says must not be.
        window.page().addInitScript(AN_HOUR_AHEAD);
        window.signIn(TestDatabase.TOKEN).open(acme.root(), "delegations").awaitLive("live");
        window.find("rc-delegation-filters #text").fill("ledger");

        assertThat(window.find("rc-board a.item")).hasCount(3);
        assertThat(window.find("[data-status=queued] a.item")).containsText("ledger one");
        Locator card = window.find("[data-id='" + alive + "']");
        assertThat(card).containsText("alive");
        assertThat(card).containsText(Pattern.compile("(6 h|5 h 5\\d min) left"));
        assertThat(card).containsText(Pattern.compile("\\d+ (s|min) ago"));

        window.find("rc-delegation-filters #only").selectOption("cancelling");
        assertThat(window.find("rc-board a.item")).hasCount(1);
        assertThat(window.find("rc-board a.item")).containsText("ledger two");
        window.find("rc-delegation-filters #only").selectOption("");
        window.find("#caller input").fill("Engin");
        window.find("#caller input").press("Enter");
        assertThat(window.find("rc-board a.item")).hasCount(1);
        assertThat(card).isVisible();
        window.find("#clear").click();
        assertThat(window.find("rc-board a.item").first()).isVisible();
        assertThat(window.find("#clear")).hasCount(0);

        card.focus();
        acme.report(alive, "{\"status\":\"in_progress\"}");
        assertThat(window.find("section[data-status=in_progress] [data-id='" + alive + "']"))
                .isFocused();

        try (Superuser sql = service.superuser()) {
            sql.execute("UPDATE delegation_beats b SET beat_at = now() - interval '11 min' FROM delegations d"
                    + " WHERE d.id = b.delegation AND d.delegation_id = '" + alive + "'");
        }
        window.page().reload();
        assertThat(card).containsText("silent");
    }

    @Test
    void whatSomebodyElseSavedMeanwhileIsShownBesideOnesOwnAndNotOverwritten() {
        put("{\"model\":\"small\",\"limit\":12345678901234567890}");
        open("agents", acme.id("Experiments"));
        window.find("[data-key=runner]").click();
        assertThat(window.find("#setting-text"))
                .hasValue("{\n  \"limit\": 12345678901234567890,\n  \"model\": \"small\"\n}");

        window.find("#setting-text").fill("{\"model\":\"large\",\"limit\":12345678901234567890}");
        put("{\"model\":\"tiny\"}");
        window.find("#save").click();

        assertThat(window.find("#conflict #mine")).containsText("large");
        assertThat(window.find("#conflict #theirs")).containsText("tiny");
        assertEquals("tiny", setting().json().path("model").textValue());
        window.assertAccessible();

        window.find("#keep-mine").click();
        window.find("#save").click();

        Await.until("mine is saved", () -> setting().body().contains("large"));
        assertTrue(setting().body().contains("12345678901234567890"), setting().body());
    }

    @Test
    void whatWasTypedIsThereAgainAndWhatCouldNotBeLoadedIsNotSavedOver() {
        put("{\"model\":\"small\"}");
        open("agents", acme.id("Experiments"));
        window.find("#new-setting").click();
        window.find("#setting-form input[name=key]").fill("plan");
        window.find("#setting-text").fill("{\"typed\": true}");
        window.open(acme.root(), "agents");
        window.find("#only").waitFor();
        window.open(acme.root(), "agents", acme.id("Experiments"));
        window.find("#new-setting").click();

        assertThat(window.find("#setting-text")).hasValue("{\"typed\": true}");
        assertThat(window.find("#setting-form input[name=key]")).hasValue("plan");
        window.find("#save").click();
        assertThat(window.find("[data-key=plan]")).isVisible();

        window.page().route("**/settings/runner", route -> route.abort());
        window.find("[data-key=runner]").click();

        assertThat(window.find("#setting-form .problem")).isVisible();
        assertThat(window.find("#save, #delete")).hasCount(0);
        window.page().unroute("**/settings/runner");
        window.find("#again").click();
        assertThat(window.find("#setting-text")).hasValue("{\n  \"model\": \"small\"\n}");
    }

    private void open(String... parts) {
        open(TestDatabase.TOKEN, parts);
    }

    private void open(String token, String[] parts) {
        String[] place = Stream.concat(Stream.of(acme.root()), Stream.of(parts)).toArray(String[]::new);
        window = new Window(chromium.browser(), service.port(), ColorScheme.LIGHT, 1440, 1000)
                .signIn(token)
                .open(place)
                .awaitLive("live");
    }

    private static String told(String delegation, String field) {
        return service.http()
                .get("/delegations/" + delegation)
                .json()
                .path(field)
                .asText();
    }

    private static Answer setting() {
        return service.http().get("/workspaces/" + acme.id("Experiments") + "/settings/runner");
    }

    private static void put(String document) {
        Answer answer = service.http()
                .send(
                        "PUT",
                        "/workspaces/" + acme.id("Experiments") + "/settings/runner",
                        "application/json",
                        document);
        assertEquals(2, answer.status() / 100, answer.body());
    }
}
