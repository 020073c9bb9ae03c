package io.rollcall.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One window of the console, with a session of its own. It notes what no page of ours may do: an error in the console, a
 * breach of the page's policy, a request to another host.
 */
final class Window implements AutoCloseable {

    private static final Set<String> SERIOUS = Set.of("serious", "critical");

    private final String origin;
    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    Window(Browser browser, int port) {
        this(browser, port, ColorScheme.LIGHT, 1280, 800);
    }

    Window(Browser browser, int port, ColorScheme scheme, int width, int height) {
        origin = "http://localhost:" + port;
        context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(scheme)
                // What moves is where it goes to when a picture is made or a place is asked for.
                .setReducedMotion(ReducedMotion.REDUCE)
                .setViewportSize(width, height)
                .setLocale("en-GB")
                .setTimezoneId("UTC"));
        page = context.newPage();
        page.setDefaultTimeout(20_000);
        page.onPageError(error -> faults.add("error: " + error));
        page.onConsoleMessage(message -> {
            // A refusal that the page shows is written to the console by the browser itself.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                faults.add("console: " + message.text());
            }
        });
        page.onRequest(request -> {
            URI url = URI.create(request.url());
            if (!request.url().startsWith(origin)
                    && !"data".equals(url.getScheme())
                    && !"blob".equals(url.getScheme())) {
                faults.add("a request to " + request.url());
            }
        });
    }

    Page page() {
        return page;
    }

    int width() {
        return page.viewportSize().width;
    }

    /** As a laptop that is carried out of reach of its network, and back. */
    void networkIs(boolean there) {
        context.setOffline(!there);
    }

    Window signIn(String token) {
        page.navigate(origin + "/");
        page.getByLabel("Token").fill(token);
        page.getByText("Sign in").last().click();
        page.getByText("Sign out").waitFor();
        return this;
    }

    /** To a place of the console: {@code open(org, "delegations")}. */
    Window open(String... parts) {
        page.navigate(origin + "/#/" + String.join("/", parts));
        return this;
    }

    /** Waits until the page says that its live stream is in this state. */
    Window awaitLive(String state) {
        page.locator("#live[data-state=" + state + "]").waitFor();
        return this;
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    void assertAccessible() {
        List<String> found = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> SERIOUS.contains(rule.getImpact()))
                        .map(Window::described)
                        .toList();
        assertEquals(List.of(), found);
    }

    private static String described(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream()
                        .map(node -> node.getHtml() + " " + node.getTarget())
                        .toList();
    }

    void assertNoFaults() {
        assertEquals(List.of(), faults);
    }

    void screenshot(String name) {
        Path directory =
                Boolean.getBoolean("update.screenshots") ? Path.of("docs", "images") : Path.of("target", "screenshots");
        page.screenshot(new Page.ScreenshotOptions().setPath(directory.resolve(name + ".png")));
    }

    @Override
    public void close() {
        context.close();
    }
}
