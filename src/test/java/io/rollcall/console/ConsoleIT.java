package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.rollcall.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's frame in a real browser: who may come in, what they see, and what the page may do. */
@Tag("full")
class ConsoleIT extends InABrowser {

    /** By view, what writes there: seen by who may, and by nobody else. */
    private static final Map<String, List<String>> WRITES = Map.of(
            "canvas", List.of("#delegate", "#edit", "#add-child", "#move", "#place", "#remove"),
            "delegations", List.of("#start", "#cancel"),
            "agents", List.of("[data-pause]", "#pause-all", "#new-setting"),
            "imports", List.of("#preview", "#import", "#text"));

    /** Elements that are wider than the page, which nobody can scroll to: what scrolls by itself is no fault. */
    private static final String TOO_WIDE = """
            app => {
                const main = app.shadowRoot.querySelector('main');
                return [app, main, ...main.children, app.shadowRoot.querySelector('header')]
                    .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
                    .map(each => `${each.localName} ${each.scrollWidth} > ${each.clientWidth}`);
            }""";

    @Test
    void aWrongTokenIsToldAndARightOneOpensTheListOfOrganisations() {
        window = new Window(chromium.browser(), service.port());
        Page page = window.page();
        page.navigate("http://localhost:" + service.port() + "/");
        page.getByLabel("Token").fill("rc_wrong");
        page.getByText("Sign in").last().click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("does not know this token");

        page.getByLabel("Token").fill(TestDatabase.TOKEN);
        page.getByText("Sign in").last().click();

        assertThat(page.getByText("Acme")).isVisible();
    }

    @Test
    void theTokenStaysInTheTabAndIsForgottenAtSignOut() {
        window = new Window(chromium.browser(), service.port()).signIn(TestDatabase.TOKEN);
        Page page = window.page();
        page.reload();
        page.getByText("Sign out").waitFor();
        assertFalse(page.url().contains(TestDatabase.TOKEN));
        assertEquals(
                false,
                page.evaluate(
                        "(document.cookie + JSON.stringify(localStorage)).includes('" + TestDatabase.TOKEN + "')"));

        page.getByText("Sign out").click();
        page.reload();

        assertThat(page.getByLabel("Token")).isVisible();
        assertEquals(0, page.evaluate("sessionStorage.length"));
    }

    @Test
    void anOrganisationsTokenOpensItsOwnTreeAndNoOther() {
        window = new Window(chromium.browser(), service.port()).signIn(acme.token("read"));

        window.page().waitForURL("**/#/" + acme.root() + "/canvas");
        window.open(acme.other(), "canvas");
        window.page().waitForURL("**/#/" + acme.root() + "/canvas");
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "read"})
    void onlyWhoMayWriteSeesControlsThatWrite(String scope) {
        acme.beat("Engineering", "");
        String open = acme.delegate("Acme", "Engineering", "Plan");
        String ended = acme.delegate("Acme", "Research", "Read");
        acme.claim("Research");
        acme.report(ended, "{\"status\":\"completed\",\"result\":\"Read.\"}");
        boolean writes = scope.equals("write");
        window = new Window(chromium.browser(), service.port()).signIn(acme.token(scope));
        List<String> sent = new CopyOnWriteArrayList<>();
        window.page().onRequest(request -> {
            if (!request.method().equals("GET")) {
                sent.add(request.method() + " " + request.url());
            }
        });

        WRITES.forEach((view, controls) -> {
            Map<String, String> places = Map.of("delegations", open, "agents", acme.id("Engineering"));
            window.open(Stream.of(acme.root(), view, places.get(view))
                            .filter(Objects::nonNull)
                            .toArray(String[]::new))
                    .awaitLive("live");
            assertThat(window.find("#read-only")).hasCount(writes ? 0 : 1);
            switch (view) {
                case "canvas" -> {
                    window.find("[role=treeitem]").nth(1).click();
                    assertThat(window.find("rc-panel h2")).isVisible();
                }
                case "delegations" -> assertThat(window.find("rc-delegation")).containsText("What happened");
                case "agents" -> window.find("tr[data-agent]").first().waitFor();
                default -> window.find("#history").waitFor();
            }
            for (String control : controls) {
                if (writes) {
                    assertThat(window.find(control).first()).isVisible();
                } else {
                    assertThat(window.find(control)).hasCount(0);
                }
            }
        });
        window.open(acme.root(), "delegations", ended);
        assertThat(window.find("#result")).containsText("Read.");
        assertThat(window.find("#retry")).hasCount(writes ? 1 : 0);
        if (!writes) {
            window.open(acme.root(), "canvas");
            window.find("rc-canvas[data-painted-at-ms]").waitFor();
            var drawing = new Drawing(window);
            Drawing.Point before = drawing.placeOf(acme.id("Support"));
            drawing.drag(acme.id("Support"), acme.id("Research"));
            window.page().keyboard().down("Shift");
            drawing.drag(acme.id("Support"), acme.id("Frontend"));
            window.page().keyboard().up("Shift");
            assertThat(window.find("dialog[open]")).hasCount(0);
            assertTrue(drawing.placeOf(acme.id("Support")).from(before) < 1, "what was dragged is the view");
            assertEquals(List.of(), sent);
        }
    }

    @Test
    void anAgentsTokenIsToldThatItCannotLookAround() {
        String token = acme.made("/workspaces/" + acme.id("Papers") + "/tokens", "{\"name\":\"agent\"}")
                .path("token")
                .textValue();
        window = new Window(chromium.browser(), service.port());
        window.page().navigate("http://localhost:" + service.port() + "/");
        window.page().getByLabel("Token").fill(token);
        window.page().getByText("Sign in").last().click();

        assertThat(window.page().getByRole(AriaRole.ALERT)).containsText("for the agent of one workspace");
        assertEquals(0, window.page().evaluate("sessionStorage.length"));
    }

    @Test
    void aServiceThatIsBusyDoesNotAskForTheTokenAgain() {
        window = new Window(chromium.browser(), service.port()).signIn(TestDatabase.TOKEN);
        window.page()
                .route(
                        "**/org/token",
                        route -> route.fulfill(new Route.FulfillOptions()
                                .setStatus(503)
                                .setContentType("application/problem+json")
                                .setBody("{\"status\":503,\"detail\":\"The database is away.\"}")));
        window.page().reload();

        assertThat(window.find("#trouble")).containsText("The database is away.");
        assertThat(window.find("#trouble")).containsText("You are still signed in.");
        assertThat(window.page().getByLabel("Token")).hasCount(0);

        window.page().unroute("**/org/token");
        assertThat(window.page().getByText("Sign out")).isVisible();
    }

    @Test
    void theListOfOrganisationsGrowsAsOneLooks() {
        window = new Window(chromium.browser(), service.port())
                .signIn(TestDatabase.TOKEN)
                .awaitLive("live");
        assertThat(window.page().getByText("Initech")).hasCount(0);

        String id =
                acme.made("/workspaces", "{\"name\":\"Initech\"}").path("id").textValue();

        assertThat(window.find("rc-organisations [data-id='" + id + "']")).containsText("0 below it");
        acme.made("/workspaces", "{\"name\":\"Sales\",\"parent_id\":\"" + id + "\"}");
        assertThat(window.find("rc-organisations [data-id='" + id + "']")).containsText("1 below it");
    }

    @Test
    void anAddressThatLeadsNowhereSaysSo() {
        window = new Window(chromium.browser(), service.port()).signIn(TestDatabase.TOKEN);
        window.page().navigate("http://localhost:" + service.port() + "/#/%/canvas");
        assertThat(window.find("#refusal")).containsText("cannot be shown");

        window.open("00000000-0000-7000-8000-000000000000", "canvas");
        assertThat(window.find("rc-canvas")).containsText("There is nothing here");
    }

    @Test
    void aFileThatMissesItsPlaceDoesNotTakeThePlaceOfThePage() {
        window = new Window(chromium.browser(), service.port()).signIn(TestDatabase.TOKEN);
        assertEquals(true, window.page().evaluate("""
                        () => {
                            const dropped = new DataTransfer();
                            dropped.items.add(new File(['x'], 'x.yaml'));
                            const drop = new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true });
                            document.body.dispatchEvent(drop);
                            return drop.defaultPrevented;
                        }"""));
    }

    @Test
    void everyViewIsUsableWithAScreenReaderInBothThemesAndOnAPhone() {
        acme.beat("Engineering", "");
        window =
                new Window(chromium.browser(), service.port(), ColorScheme.LIGHT, 1280, 800).signIn(TestDatabase.TOKEN);
        checkEveryView();
        window.assertNoFaults();
        window.close();
        window = new Window(chromium.browser(), service.port(), ColorScheme.DARK, 360, 740).signIn(TestDatabase.TOKEN);
        checkEveryView();
    }

    private void checkEveryView() {
        window.assertAccessible();
        for (String view : new String[] {"canvas", "delegations", "agents", "imports"}) {
            window.open(acme.root(), view).awaitLive("live");
            window.find(
                            switch (view) {
                                case "canvas" -> "rc-canvas[data-painted-at-ms]";
                                case "delegations" -> "section[data-status=stuck]";
                                case "agents" -> "tr[data-agent]";
                                default -> "#history";
                            })
                    .first()
                    .waitFor();
            window.assertAccessible();
            assertEquals(List.of(), window.find("rc-app").evaluate(TOO_WIDE), view + " at " + window.width());
        }
    }
}
