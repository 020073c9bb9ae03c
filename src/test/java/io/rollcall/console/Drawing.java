package io.rollcall.console;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.options.BoundingBox;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a window's canvas shows, and the hand on it. */
record Drawing(Window window) {

    /** How long each frame took, until {@code stopCounting} is called. */
    private static final String FRAMES = """
            () => new Promise(resolve => {
                const gaps = [];
                let last = performance.now();
                window.stopCounting = () => resolve(gaps);
                const frame = now => { gaps.push(now - last); last = now; requestAnimationFrame(frame); };
                requestAnimationFrame(frame);
            })""";

    /** A point, of the page or of the canvas. */
    record Point(double x, double y) {

        Point plus(double dx, double dy) {
            return new Point(x + dx, y + dy);
        }

        double from(Point other) {
            return Math.hypot(x - other.x, y - other.y);
        }
    }

    /** How long frames took while something moved, in milliseconds. */
    record Frames(int count, double median, double longest) {

        @Override
        public String toString() {
            return "%d frames, median %.0f ms, longest %.0f ms".formatted(count, median, longest);
        }
    }

    Locator canvas() {
        return window.find("rc-canvas");
    }

    int drawn() {
        return Integer.parseInt(canvas().getAttribute("data-drawn"));
    }

    boolean shows(String id) {
        return canvas().evaluate("(canvas, id) => canvas.positionOf(id)", id) != null;
    }

    /** The middle of a card on the page. */
    Point middleOf(String id) {
        return point(canvas().evaluate("(canvas, id) => canvas.positionOf(id)", id));
    }

    /** A card's upper left corner where the canvas itself has it, whatever part of it is looked at: what is stored. */
    Point placeOf(String id) {
        Point corner = point(canvas().evaluate("""
                (canvas, id) => {
                    const { left, top } = canvas.stage.getBoundingClientRect();
                    const { x, y, zoom } = canvas.stage.where();
                    const middle = canvas.positionOf(id);
                    return { x: (middle.x - left - x) / zoom, y: (middle.y - top - y) / zoom };
                }""", id));
        return corner.plus(-106, -36);
    }

    double zoom() {
        return ((Number) canvas().evaluate("canvas => canvas.stage.where().zoom")).doubleValue();
    }

    Point pan() {
        return point(canvas().evaluate("canvas => canvas.stage.where()"));
    }

    /** The middle of what is looked at. */
    Point centre() {
        BoundingBox stage = stage();
        return new Point(stage.x + stage.width / 2, stage.y + stage.height / 2);
    }

    /** Whether the middle of a card can be seen. */
    boolean isInView(String id) {
        BoundingBox stage = stage();
        Point at = middleOf(id);
        return at.x > stage.x && at.x < stage.x + stage.width && at.y > stage.y && at.y < stage.y + stage.height;
    }

    private BoundingBox stage() {
        return window.find("rc-canvas rc-stage").boundingBox();
    }

    /** The lines that are drawn for delegations: {@code Acme → Research: queued 1}. */
    List<String> flows() {
        List<?> flows = (List<?>) canvas().evaluate("canvas => canvas.flows");
        return flows.stream().map(String::valueOf).sorted().toList();
    }

    /** How far the dashes of the lines have come. */
    double march() {
        return Double.parseDouble(
                (String)
                        canvas().evaluate(
                                        "canvas => canvas.stage.graph.cy.edges('.flow').first().style('line-dash-offset').replace('px', '')"));
    }

    void drag(Point from, Point to) {
        Mouse mouse = window.page().mouse();
        mouse.move(from.x, from.y);
        mouse.down();
        mouse.move(from.x + 5, from.y + 5);
        mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, new Mouse.MoveOptions().setSteps(5));
        mouse.move(to.x, to.y, new Mouse.MoveOptions().setSteps(5));
        mouse.up();
    }

    void drag(String id, String onto) {
        drag(middleOf(id), middleOf(onto));
    }

    /** Drags the ground around for a while. */
    Frames panned() {
        window.page().evaluateHandle("() => { window.counted = (" + FRAMES + ")(); }");
        Mouse mouse = window.page().mouse();
        mouse.move(320, 140);
        mouse.down();
        for (int i = 0; i < 60; i++) {
            mouse.move(320 + i * 8, 140 + i * 4);
        }
        mouse.up();
        List<?> gaps = (List<?>) window.page().evaluate("() => { window.stopCounting(); return window.counted; }");
        double[] sorted =
                gaps.stream().mapToDouble(gap -> ((Number) gap).doubleValue()).toArray();
        Arrays.sort(sorted);
        return new Frames(sorted.length, sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    private static Point point(Object position) {
        Map<?, ?> map = (Map<?, ?>) position;
        return new Point(((Number) map.get("x")).doubleValue(), ((Number) map.get("y")).doubleValue());
    }
}
