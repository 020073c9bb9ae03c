package io.rollcall.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.options.ColorScheme;
import io.rollcall.TestDatabase;
import java.util.stream.Stream;

/** A window that shows an organisation on its canvas. */
abstract class OnTheCanvas extends InABrowser {

    Drawing drawing;

    /** A workspace of the test's own. */
    static String added(String name) {
        return acme.made("/workspaces", "{\"name\":\"%s\",\"parent_id\":\"%s\"}".formatted(name, acme.root()))
                .path("id")
                .textValue();
    }

    static JsonNode stored(String name) {
        return read(acme.id(name));
    }

    static JsonNode read(String id) {
        return service.http().get("/workspaces/" + id).json();
    }

    void open(String organisation, String... rest) {
        window = window(ColorScheme.LIGHT, organisation, rest);
        drawing = new Drawing(window);
        awaitPainted();
    }

    void awaitPainted() {
        window.find("rc-canvas[data-painted-at-ms]").waitFor();
    }

    static Window window(ColorScheme scheme, String organisation, String... rest) {
        return new Window(chromium.browser(), service.port(), scheme, 1440, 860)
                .signIn(TestDatabase.TOKEN)
                .open(Stream.concat(Stream.of(organisation, "canvas"), Stream.of(rest))
                        .toArray(String[]::new))
                .awaitLive("live");
    }
}
