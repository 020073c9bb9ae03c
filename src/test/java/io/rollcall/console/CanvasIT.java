package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.rollcall.Await;
import io.rollcall.console.Drawing.Frames;
import io.rollcall.console.Drawing.Point;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tree on the canvas, with mouse and keyboard. */
@Tag("full")
class CanvasIT extends OnTheCanvas {

    /** The service refuses every change, and at once: sooner than the page draws what was asked for. */
    private static final String REFUSE_CHANGES = """
            () => {
                const ask = window.fetch;
                window.fetch = (path, how) => how?.method === 'PATCH'
                    ? Promise.resolve(new Response('{"detail":"It may not be moved."}', { status: 409 })) : ask(path, how);
            }""";

    @Test
    void aNodeDraggedOntoAnotherBecomesItsChildOnceConfirmed() {
        open(acme.root());

        drawing.drag(acme.id("Platform"), acme.id("Research"));
        window.page()
                .getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Move").setExact(true))
                .click();

        Await.until("Platform is below Research", () -> acme.id("Research")
                .equals(stored("Platform").path("parent_id").textValue()));
        assertThat(window.find("[role=treeitem][data-id='" + acme.id("Platform") + "']"))
                .isVisible();
    }

    @Test
    void aNodeDraggedIntoTheOpenStaysWhereItWasPut() {
        open(acme.root());
        String support = acme.id("Support");
        Point to = new Point(drawing.middleOf(support).x(), 770);

        drawing.drag(drawing.middleOf(support), to);

        Await.until("it is stored", () -> stored("Support").path("x").isNumber());
        Point stored = new Point(
                stored("Support").path("x").doubleValue(),
                stored("Support").path("y").doubleValue());
        assertTrue(drawing.middleOf(support).from(to) < 8, drawing.middleOf(support) + " is not " + to);
        assertTrue(drawing.placeOf(support).from(stored) < 1, drawing.placeOf(support) + " is not " + stored);
        window.page().reload();
        awaitPainted();
        assertTrue(drawing.placeOf(support).from(stored) < 1, "after a reload: " + drawing.placeOf(support));
    }

    @Test
    void aNodeThatMayNotBeMovedGoesBackToWhereItWas() {
        open(acme.root());
        String papers = acme.id("Papers");
        Point before = drawing.placeOf(papers);
        window.page().evaluate(REFUSE_CHANGES);

        drawing.drag(drawing.middleOf(papers), drawing.middleOf(papers).plus(40, 150));

        assertThat(window.find("rc-notices .bad")).containsText("It may not be moved.");
        Await.until("it is back", () -> drawing.placeOf(papers).from(before) < 1);
    }

    @Test
    void aLineDrawnFromNodeToNodeAsksTheOneToWorkForTheOther() {
        open(acme.root());

        window.page().keyboard().down("Shift");
        drawing.drag(acme.id("Support"), acme.id("Frontend"));
        window.page().keyboard().up("Shift");
        window.find("#start-form textarea").fill("Mend the page");
        window.find("#start-form button.primary").click();

        Await.until("it is in the ledger", () -> service.http()
                .get("/delegations?caller_id=" + acme.id("Support") + "&callee_id=" + acme.id("Frontend"))
                .json()
                .path("items")
                .path(0)
                .path("task_preview")
                .asText()
                .equals("Mend the page"));
        Await.until("it is drawn", () -> drawing.flows().contains("Support → Frontend: queued 1"));
    }

    @Test
    void workIsDrawnBetweenTheNodesAndMovesAsItsStatusDoes() {
        acme.delegate("Acme", "Research", "Look around");
        String plan = acme.delegate("Acme", "Engineering", "Plan the release");
        acme.delegate("Engineering", "Backend", "Write it");
        acme.claim("Backend");
        open(acme.root());
        window.page().emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.NO_PREFERENCE));
        Await.until("all three are drawn", () -> drawing.flows()
                .containsAll(List.of(
                        "Acme → Engineering: queued 1",
                        "Acme → Research: queued 1",
                        "Engineering → Backend: dispatched 1")));

        acme.claim("Engineering");
        Await.until("it was claimed", () -> drawing.flows().contains("Acme → Engineering: dispatched 1"));
        acme.report(plan, "{\"status\":\"in_progress\",\"progress\":0.4}");
        Await.until("it goes on", () -> drawing.flows().contains("Acme → Engineering: in_progress 1"));
        double march = drawing.march();
        Await.until("its dashes move", () -> drawing.march() != march);
        acme.report(plan, "{\"status\":\"completed\"}");
        Await.until("its end is seen", () -> drawing.flows().contains("Acme → Engineering: completed 1"));

        window.open(acme.root(), "imports");
        window.find("#history").waitFor();
        window.open(acme.root(), "canvas");
        awaitPainted();
        assertTrue(drawing.flows().contains("Acme → Research: queued 1"), drawing.flows()::toString);
        assertFalse(drawing.flows().contains("Acme → Engineering: completed 1"), "an old end is no news");
    }

    @Test
    void everythingIsReachableByKeyboardAndSaidToScreenReaders() {
        for (String alive : new String[] {"Acme", "Engineering", "Frontend", "Papers"}) {
            acme.beat(alive, "");
        }
        acme.beat("Backend", ",\"error_rate\":0.7");
        open(acme.root());
        window.find("[role=treeitem][data-id='" + acme.id("Engineering") + "']").click();
        assertThat(window.find("#delegate")).isVisible();
        window.assertAccessible();
        for (String form : new String[] {"delegate", "move", "remove"}) {
            window.find("#" + form).click();
            assertThat(window.find("dialog[open]")).isVisible();
            window.assertAccessible();
            window.page().keyboard().press("Escape");
            assertThat(window.find("dialog[open]")).hasCount(0);
        }
        window.close();

        window = window(ColorScheme.DARK, acme.root());
        window.find("[role=tree]").focus();
        window.page().keyboard().type("eng");
        window.page().keyboard().press("Enter");
        assertThat(window.find("#delegate")).isVisible();
        window.assertAccessible();
    }

    @Test
    void aSearchedWorkspaceIsShownAndSelected() {
        open(acme.root());
        window.find("#search").fill("experi");
        assertThat(window.find("#found [role=option]")).hasCount(1);
        assertThat(window.find("#found [role=option]")).containsText("Acme / Research / Experiments");

        window.page().keyboard().press("Enter");

        assertThat(window.find("rc-panel h2")).hasText("Experiments");
        Await.until(
                "it is in the middle, large enough to be read",
                () -> drawing.zoom() >= 0.7
                        && drawing.middleOf(acme.id("Experiments")).from(drawing.centre()) < 2);
        window.find("#search").fill("nobody");
        assertThat(window.find("#found")).containsText("Nothing found");
    }

    @Test
    void whatIsClosedStaysClosed() {
        open(acme.root());
        String engineering = acme.id("Engineering");
        int drawn = drawing.drawn();
        window.find("[role=treeitem][data-id='" + engineering + "']").click();
        window.find("[role=tree]").focus();
        window.page().keyboard().press("ArrowLeft");

        Await.until(
                "it is stored", () -> stored("Engineering").path("collapsed").booleanValue());
        assertEquals(drawn - stored("Engineering").path("children_count").intValue(), drawing.drawn());
        window.page().reload();
        awaitPainted();
        assertFalse(drawing.shows(acme.id("Backend")), "closed after a reload");

        window.find("[role=tree]").focus();
        window.page().keyboard().press("ArrowRight");
        Await.until(
                "it is open again",
                () -> !stored("Engineering").path("collapsed").booleanValue());
        Await.until("what is below it is drawn", () -> drawing.shows(acme.id("Backend")));
    }

    @Test
    void theViewIsZoomedAndPannedAndFitted() {
        open(acme.root());
        double zoom = drawing.zoom();
        window.find("#zoom-in").click();
        assertEquals(zoom * 1.4, drawing.zoom(), 0.001);
        Point pan = drawing.pan();
        drawing.drag(new Point(320, 140), new Point(420, 200));
        assertTrue(drawing.pan().from(pan.plus(100, 60)) < 8, pan + " to " + drawing.pan());

        window.find("#fit").click();

        acme.workspaces().forEach((name, id) -> assertTrue(drawing.isInView(id), name));
    }

    @Test
    void tenThousandNodesAreDrawnALevelAtATimeAndStayUsable() {
        open(Big.imported(service.http()));
        assertEquals("10021", drawing.canvas().getAttribute("data-total"));
        assertEquals(21, drawing.drawn(), "the divisions, and nothing below them");

        double firstPaint = Double.MAX_VALUE;
        for (int round = 0; round < 3 && firstPaint >= 2_000; round++) {
            window.page().reload();
            awaitPainted();
            firstPaint =
                    Math.min(firstPaint, Double.parseDouble(drawing.canvas().getAttribute("data-painted-at-ms")));
        }
        Frames few = drawing.panned();
        window.find("#expand-all").click();
        Await.until("more is drawn", () -> drawing.drawn() > 5000);
        Frames all = drawing.panned();

        System.out.printf(
                "console: 21 of 10,021 nodes drawn, %.0f ms from navigation to the first paint; panning: %s; all drawn: %s%n",
                firstPaint, few, all);
        assertTrue(firstPaint < 2_000, firstPaint + " ms from navigation to the first paint");
        assertTrue(few.median() < 50, few::toString);
        assertTrue(all.median() < 50, all::toString);
    }
}
