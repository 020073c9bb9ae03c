import { html, css } from 'lit';
import { Component } from '../ui/component.js';
import { shared } from '../ui/styles.js';
import { layout } from '../canvas/layout.js';
import { Openness, shownOf } from '../canvas/openness.js';
import { Tree } from '../canvas/tree.js';
import '../canvas/stage.js';
import { rowsOf } from './diff.js';

/** The result of an import, or of its dry run, on a canvas of its own, coloured by what happens. To look at only. */
export class DiffGraph extends Component {
    static properties = { result: { attribute: false }, workspaces: { attribute: false } };
    static styles = [shared, css`
        :host { display: block; position: relative; height: 24rem; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; background: var(--page); }
        rc-stage { position: absolute; inset: 0; }
        .tools { position: absolute; right: .5rem; top: .5rem; }
    `];

    updated(changed) {
        if (changed.has('result')) {
            this.tree = new Tree(rowsOf(this.result, this.workspaces));
            this.openness = new Openness();
            this.openness.follow(this.tree);
            this.#draw().then(() => this.#stage?.fit());
        }
    }

    get #stage() {
        return this.renderRoot.querySelector('rc-stage');
    }

    /** The cards by path, for tests: what each says happens, and where on the page it is; null while it is not drawn. */
    get drawn() {
        return [...this.tree.rows.values()].map(({ id, path, status, note }) => ({ path, status, note, at: this.#stage.positionOf(id) }));
    }

    async #draw() {
        const items = shownOf(this.tree, this.openness);
        const stage = this.#stage;
        await stage.updateComplete;
        if (!this.isConnected) {
            return;
        }
        stage.show({ items, ...layout(items, () => null), rowOf: id => this.tree.row(id), movable: false });
        this.dataset.drawn = items.length;
    }

    async #gesture({ detail: { what, id } }) {
        if (what === 'toggle') {
            this.openness.set(id, !this.openness.isOpen(this.tree, id));
            await this.#stage.keepingStill(id, () => this.#draw());
        } else if (what === 'more') {
            this.openness.showMore(id);
            await this.#stage.keepingStill(id, () => this.#draw());
        } else if (what === 'select') {
            this.#stage.select(id);
        }
    }

    render() {
        return html`<rc-stage .tree=${this.tree} .label=${'The result as a graph, coloured by what happens; the list has all of it in words.'}
                @gesture=${this.#gesture}></rc-stage>
            <div class="tools row">
                <button type="button" @click=${() => this.#stage.fit()}>Fit</button>
                <button type="button" aria-label="Zoom out" @click=${() => this.#stage.zoomBy(1 / 1.4)}>−</button>
                <button type="button" aria-label="Zoom in" @click=${() => this.#stage.zoomBy(1.4)}>+</button>
            </div>`;
    }
}
customElements.define('rc-diff-graph', DiffGraph);
