package io.rollcall.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.rollcall.Await;
import io.rollcall.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An import as a person does it: a file is dropped, looked at, mended and imported. */
@Tag("full")
class ImportIT extends InABrowser {

    private static final String FILE = """
            (template) => {
                const dropped = new DataTransfer();
                dropped.items.add(new File([template], 'acme.yaml', { type: 'application/yaml' }));
                return dropped;
            }""";

    private static final String LARGE = """
            () => {
                const dropped = new DataTransfer();
                dropped.items.add(new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'large.yaml'));
                return dropped;
            }""";

    /** The path and the action of each card that is drawn, with its colour as the canvas has it, near its upper right corner. */
    private static final String DRAWN = """
            graph => Object.fromEntries(graph.drawn.filter(each => each.at !== null).map(({ path, status, at }) => {
                const stage = graph.shadowRoot.querySelector('rc-stage');
                const canvas = stage.shadowRoot.querySelector('canvas[data-id=layer2-node]');
                const { left, top, width } = canvas.getBoundingClientRect();
                const scale = canvas.width / width;
                const { zoom } = stage.where();
                const pixel = canvas.getContext('2d').getImageData(
                    (at.x - left + 96 * zoom) * scale, (at.y - top - 28 * zoom) * scale, 1, 1).data;
                return [path, `${status} ${[...pixel].slice(0, 3).map(each => each.toString(16)).join('')}`];
            }))""";

    private static final String GROWN = """
            name: Acme
            workspaces:
              - name: Acme
                role: leads and listens
                children:
                  - name: Engineering
                    role: builds
                    children:
                      - {name: Backend}
                      - {name: Frontend}
                      - {name: Platform}
                      - {name: Quality}
                  - name: Research
                    role: finds out
                    children:
                      - {name: Papers}
                      - {name: Experiments}
            """;

    @Test
    void aDroppedTemplateIsPreviewedThenImported() {
        window = imports("new");
        int before = workspaces();
        drop(GROWN);
        window.find("#mode").selectOption("reconcile");
        window.find("#preview").click();

        assertThat(window.find("[data-total=created][data-count='1']")).isVisible();
        assertThat(window.find("[data-total=updated][data-count='1']")).isVisible();
        assertThat(window.find("[data-total=removed][data-count='1']")).isVisible();
        assertThat(window.find("li[data-action=created]")).containsText("Quality");
        assertThat(window.find("li[data-action=updated]")).containsText("leads and listens");
        assertThat(window.find("li[data-action=removed]")).containsText("Support");
        Await.until("the graph has it too", () -> drawn().containsValue("created e3f5e8"));
        assertEquals(
                Map.of(
                        "Acme", "updated fff2d6",
                        "Acme/Engineering", "skipped ffffff",
                        "Acme/Engineering/Backend", "skipped ffffff",
                        "Acme/Engineering/Frontend", "skipped ffffff",
                        "Acme/Engineering/Platform", "skipped ffffff",
                        "Acme/Engineering/Quality", "created e3f5e8",
                        "Acme/Research", "skipped ffffff",
                        "Acme/Research/Papers", "skipped ffffff",
                        "Acme/Research/Experiments", "skipped ffffff",
                        "Acme/Support", "removed fde4e4"),
                drawn());
        assertEquals(before, workspaces(), "a preview does nothing");
        window.screenshot("preview");
        window.assertAccessible();

        List<Route> held = new CopyOnWriteArrayList<>();
        window.page().route("**/org/import?*", held::add);
        window.find("#import").click();
        assertThat(window.find("#progress[data-busy=import]")).containsText("writes 3 workspaces in one transaction");
        window.page().waitForCondition(() -> !held.isEmpty());
        held.get(0).resume();

        assertThat(window.find("#done")).containsText("1 created, 1 updated");
        assertEquals(before, workspaces(), "one came and one went");
        assertThat(window.find("#history tbody tr").first()).containsText("reconcile");
        assertThat(window.find("#history tbody tr").first()).containsText("✓ done");
        assertThat(window.find("#history tbody tr").nth(1)).containsText("◌ preview");
    }

    @Test
    void eachMistakeStandsAtItsLineAndNothingIsImported() {
        window = imports(acme.root());
        int before = workspaces();
        drop("""
                name: Acme
                workspaces:
                  - name: Acme
                    children:
                      - name: Engineering
                        teir: 3
                      - name: Engineering
                """);
        window.find("#preview").click();

        assertThat(window.find(".fault[data-line='6']")).containsText("tier");
        assertThat(window.find(".fault[data-line='7']")).isVisible();
        assertEquals(before, workspaces());
        window.assertAccessible();

        window.find("#edit").click();
        assertThat(window.find("#text")).isFocused();
        assertEquals(
                "        teir: 3",
                window.find("#text").evaluate("area => area.value.substring(area.selectionStart, area.selectionEnd)"));
    }

    @Test
    void whatCannotBeReadSaysWhere() {
        window = imports(acme.root());
        drop("name: Acme\nworkspaces:\n  - name: [Acme\n    role: x\n");
        window.find("#preview").click();

        assertThat(window.find("#problem, .fault").first()).isVisible();
        assertThat(window.find(".fault[data-line]").first()).isVisible();
    }

    @Test
    void aMistakeInJsonStandsAtItsLineToo() {
        window = imports(acme.root());
        drop("{\n  \"name\": \"Acme\",\n  \"workspaces\": [\n    {\"name\": \"Acme\",\n     \"teir\": 3}\n  ]\n}");
        window.find("#preview").click();
        assertThat(window.find(".fault[data-line='5']")).containsText("tier");

        // YAML, though it looks like JSON at first.
        window.find("#edit").click();
        window.find("#text").fill("{name: Acme, workspaces: [{name: Acme}]}");
        window.find("#preview").click();
        assertThat(window.find("[data-total=skipped][data-count='1']")).isVisible();
    }

    @Test
    void whatWasPastedIsStillThereAfterALookAtAnotherView() {
        window = imports(acme.root());
        window.find("#text").click();
        window.page().keyboard().insertText(GROWN);
        window.open(acme.root(), "agents");
        window.find("rc-agents").waitFor();
        window.open(acme.root(), "imports");

        assertThat(window.find("#text")).hasValue(GROWN);
        window.find("#preview").click();
        assertThat(window.find("rc-diff-list [data-total]").first()).isVisible();
    }

    @Test
    void aShippedTemplateIsPreviewed() {
        window = imports("new");
        window.find("#template").selectOption("research-lab");
        assertThat(window.find(".about")).containsText("25 workspaces");
        window.find("#preview").click();

        assertThat(window.find("[data-total=created][data-count='25']")).isVisible();
        assertThat(window.find("li[data-path='Principal Investigator']")).isVisible();
    }

    @Test
    void aFileIsChosenAgainAfterItWasEditedAndOneThatIsTooLargeIsRefusedHere() {
        window = imports(acme.root());
        window.find("#file")
                .setInputFiles(
                        new FilePayload("acme.yaml", "application/yaml", "name: A".getBytes(StandardCharsets.UTF_8)));
        assertThat(window.find("#text")).hasValue("name: A");
        assertEquals("", window.find("#file").evaluate("input => input.value"), "else the same one is no change");

        JSHandle large = window.page().evaluateHandle(LARGE);
        window.find("rc-imports").dispatchEvent("drop", Map.of("dataTransfer", large));

        assertThat(window.find("rc-notices")).containsText("larger than 10 MiB");
        assertThat(window.find("#text")).hasValue("name: A");
    }

    @Test
    void theHistoryIsTheOrganisationsOwnAndGrowsAsOneLooks() {
        window = imports(acme.other()).awaitLive("live");
        assertThat(window.find("#history tbody tr")).hasCount(1);
        assertThat(window.find("#history")).containsText("Globex");

        service.http().importingYaml("name: Globex\nworkspaces: [{name: Globex, children: [{name: Sales}]}]\n");

        assertThat(window.find("#history tbody tr")).hasCount(2);
    }

    private void drop(String template) {
        JSHandle dropped = window.page().evaluateHandle(FILE, template);
        window.find("rc-imports").dispatchEvent("dragover", Map.of("dataTransfer", dropped));
        window.find("rc-imports").dispatchEvent("drop", Map.of("dataTransfer", dropped));
        assertThat(window.find("#text")).hasValue(template);
    }

    private Map<?, ?> drawn() {
        return (Map<?, ?>) window.find("rc-diff-graph").evaluate(DRAWN);
    }

    private static Window imports(String organisation) {
        return new Window(chromium.browser(), service.port(), ColorScheme.LIGHT, 1440, 1000)
                .signIn(TestDatabase.TOKEN)
                .open(organisation, "imports");
    }

    private static int workspaces() {
        return service.http().get("/workspaces?org_id=" + acme.root()).json().size();
    }
}
