package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Route;
import io.rollcall.Await;
import io.rollcall.console.Drawing.Point;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is done on the canvas while somebody else does something, or the service does not answer. */
@Tag("full")
class CanvasRacesIT extends OnTheCanvas {

    @Test
    void somebodyElsesChangeIsShownAndNotUndone() {
        String id = added("Shared");
        open(acme.root(), id);
        window.find("#edit").click();
        window.find("input[name=name]").fill("Ours");
        assertEquals(
                200,
                service.http()
                        .patch("/workspaces/" + id, "{\"name\":\"Theirs\",\"role\":\"watches\"}")
                        .status());

        window.find("#send").click();

        assertThat(window.find("#theirs")).containsText("Theirs");
        assertThat(window.find("#theirs")).containsText("watches");
        assertEquals("Theirs", read(id).path("name").textValue());

        window.find("#send").click();

        Await.until("ours is written over theirs", () -> "Ours"
                .equals(read(id).path("name").textValue()));
        assertEquals("watches", read(id).path("role").textValue(), "which nobody here has changed");
    }

    @Test
    void whatIsSentTwiceBecauseTheReplyWasLostIsDoneOnce() {
        String id = added("Parent");
        open(acme.root(), id);
        window.find("#add-child").click();
        window.find("input[name=name]").fill("Once");
        window.page().route("**/workspaces", route -> {
            route.fetch();
            route.abort();
        });
        window.find("#send").click();
        assertThat(window.find("rc-canvas-forms .problem")).containsText("cannot be reached");
        window.page().unroute("**/workspaces");

        window.find("#send").click();

        assertThat(window.find("rc-panel h2")).hasText("Once");
        JsonNode below = service.http().get("/workspaces?parent_id=" + id).json();
        assertEquals(1, below.size(), below::toString);
    }

    @Test
    void aDialogOutlivesTheRemovalOfWhatItIsAbout() {
        String id = added("Brief");
        acme.made("/workspaces", "{\"name\":\"Briefer\",\"parent_id\":\"" + id + "\"}");
        open(acme.root(), id);
        window.find("#remove").click();
        assertThat(window.find("rc-canvas-forms")).containsText("Briefer");

        service.http().delete("/workspaces/" + id + "?confirm=true", "Brief");

        assertThat(window.find("[role=treeitem][data-id='" + id + "']")).hasCount(0);
        assertThat(window.find("rc-canvas-forms")).containsText("Briefer");
        assertThat(window.find("rc-panel")).hasCount(0);
    }

    @Test
    void aLateReplyDoesNotUndoWhatWasToldSince() {
        String id = added("Slow");
        open(acme.root(), id);
        List<Runnable> held = new CopyOnWriteArrayList<>();
        window.page().route("**/workspaces/" + id, route -> {
            APIResponse reply = route.fetch();
            held.add(() -> route.fulfill(new Route.FulfillOptions().setResponse(reply)));
        });
        window.find("#place").click();
        window.find("input[name=x]").fill("40");
        window.find("input[name=y]").fill("900");
        window.find("#send").click();
        assertThat(window.find("rc-panel")).containsText("40, 900");
        service.http().patch("/workspaces/" + id, "{\"name\":\"Newer\"}");
        assertThat(window.find("rc-panel h2")).hasText("Newer");

        held.get(0).run();

        assertThat(window.find("dialog[open]")).hasCount(0);
        assertThat(window.find("rc-panel h2")).hasText("Newer");
        service.http().delete("/workspaces/" + id, "Newer");
    }

    @Test
    void aNodeThatSomebodyRemovesWhileItIsHeldIsLetGo() {
        String id = added("Held");
        open(acme.root());
        Point at = drawing.middleOf(id);
        window.page().mouse().move(at.x(), at.y());
        window.page().mouse().down();
        window.page().mouse().move(at.x() + 30, at.y() + 30, new Mouse.MoveOptions().setSteps(4));

        service.http().delete("/workspaces/" + id, "Held");
        Await.until("it is gone", () -> !drawing.shows(id));
        window.page().mouse().move(at.x() + 60, at.y() + 60);
        window.page().mouse().up();

        String foundlings =
                "[...document.querySelector('rc-app').store.workspaces].filter(([id, row]) => id !== row?.id)";
        assertEquals(List.of(), window.page().evaluate(foundlings), "rows that are nobody's");
        assertThat(window.find("rc-notices .bad")).hasCount(0);
    }

    @Test
    void theCanvasMayBeLeftWhileItIsBeingDrawn() {
        window = new Window(chromium.browser(), service.port()).signIn(acme.token("write"));
        List<Route> held = new CopyOnWriteArrayList<>();
        window.open(acme.root(), "imports").page().route("**/canvas/viewport", held::add);
        window.open(acme.root(), "canvas").find("rc-canvas[data-drawn]").waitFor();
        window.page().waitForCondition(() -> !held.isEmpty());
        ElementHandle left = window.find("rc-canvas").elementHandle();
        window.open(acme.root(), "imports").find("#history").waitFor();
        held.get(0).resume();
        left.evaluate("canvas => canvas.viewport.restore()");
    }
}
