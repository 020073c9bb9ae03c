import { html, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { session } from '../session.js';
import { address } from '../route.js';
import { noticeOf } from '../ui/notices.js';
import { shared } from '../ui/styles.js';
import { arrangement } from './arrangement.js';
import { Tree } from './tree.js';
import { Openness, shownOf } from './openness.js';
import { layout } from './layout.js';
import { endsSeen, flowsOf, nextToFade } from './flows.js';
import { changeAtOnce } from './actions.js';
import { Viewport } from './viewport.js';
import '../delegations/start.js';
import './legend.js';
import './stage.js';
import './outline.js';
import './search.js';
import './panel.js';
import './forms/forms.js';

/** Redrawing more than this many nodes takes long enough that a burst of events has to wait for the next turn. */
const MANY = 1_500;
const PAUSE_MS = 600;

/**
 * An organisation on a canvas, with an outline of it for keyboards and screen readers and a panel for the selected workspace.
 * `data-drawn`, `data-total`, `data-painted-at-ms`, {@link positionOf} and {@link flows} let tests find their way.
 */
export class Canvas extends Component {
    static properties = {
        store: { attribute: false }, workspaceId: { attribute: false },
        tree: { state: true }, selected: { state: true }, outlineShown: { state: true },
    };
    static styles = [shared, arrangement];

    selected = null;
    outlineShown = !matchMedia('(max-width: 800px)').matches;
    #openness = new Openness();
    /** When this page saw delegations end; null before it has looked for the first time. */
    #ends = null;
    #fading = null;
    #shown = new Set();
    #timer = null;
    tree = null;
    #follow = new Follow(this, { workspaces: () => this.#soon(), delegations: () => this.#flow() });

    disconnectedCallback() {
        clearTimeout(this.#timer);
        clearTimeout(this.#fading);
        this.viewport?.stop();
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('store')) {
            this.#openness = new Openness();
            this.#ends = null;
            this.tree = null;
            this.selected = null;
            this.viewport?.stop();
            this.viewport = new Viewport(this.store?.organisation, () => this.stage);
        }
        if (this.tree === null && this.store?.loaded) {
            this.#rebuild();
        }
        if (changed.has('workspaceId') && this.workspaceId && this.tree?.has(this.workspaceId)) {
            this.#show(this.workspaceId);
        }
    }

    get stage() {
        return this.renderRoot.querySelector('rc-stage');
    }

    /** Where a workspace's card is: the page's coordinates of its middle, or null while it is not drawn. */
    positionOf(id) {
        return this.stage.positionOf(id);
    }

    /** What is drawn for delegations, by the names of both ends: `Acme → Research: queued 1`. */
    get flows() {
        return this.stage.flows.map(({ source, target, status, count }) =>
            `${this.tree.row(source)?.name} → ${this.tree.row(target)?.name}: ${status} ${count}`);
    }

    #soon() {
        if (this.#timer === null) {
            this.#timer = setTimeout(() => {
                this.#timer = null;
                this.#rebuild();
            }, this.tree !== null && this.#shown.size > MANY ? PAUSE_MS : 0);
        }
    }

    #rebuild() {
        const first = this.tree === null;
        this.tree = new Tree(this.store.workspaces, this.store.organisation);
        this.#openness.follow(this.tree);
        if (this.selected !== null && !this.tree.has(this.selected)) {
            this.#select(null);
        }
        if (first && this.workspaceId && this.tree.has(this.workspaceId)) {
            this.selected = this.workspaceId;
            this.#openness.reveal(this.tree, this.selected);
        }
        this.#draw(first);
    }

    async #draw(first = false) {
        const tree = this.tree;
        const items = shownOf(tree, this.#openness);
        this.#shown = new Set(items.map(item => item.id));
        const laidOut = layout(items, id => {
            const row = tree.row(id);
            return row !== undefined && row.x !== null && row.y !== null ? row : null;
        });
        this.dataset.drawn = items.length;
        this.dataset.total = tree.ids.length;
        this.requestUpdate();
        await this.updateComplete;
        if (!this.isConnected) {
            return;
        }
        this.stage.show({ items, ...laidOut, rowOf: id => tree.row(id), movable: session.mayWrite });
        this.stage.select(this.selected);
        this.#flow();
        if (first && tree.ids.length > 0) {
            await this.viewport.restore();
            if (this.selected !== null) {
                this.stage.centre(this.selected);
            }
            requestAnimationFrame(() => requestAnimationFrame(() => {
                // Since the page was asked for, when it was asked for with this address.
                this.dataset.paintedAtMs ??= Math.round(performance.now());
            }));
        }
    }

    /** Delegations as edges; an end that happens while one looks is seen for a while. */
    #flow() {
        if (this.tree === null) {
            return;
        }
        const now = Date.now();
        const { delegations } = this.store;
        this.#ends = endsSeen(delegations, this.#ends, now);
        clearTimeout(this.#fading);
        const next = nextToFade(this.#ends, now);
        if (next !== null) {
            this.#fading = setTimeout(() => this.#flow(), next - now + 50);
        }
        this.stage?.showFlows(flowsOf(delegations.values(), this.#ends, id => this.#standsFor(id), now));
    }

    #standsFor(id) {
        if (!this.tree.has(id)) {
            return null;
        }
        if (this.#shown.has(id)) {
            return id;
        }
        return this.tree.ancestorsOf(id).reverse().find(above => this.#shown.has(above)) ?? null;
    }

    #select(id) {
        this.selected = id;
        this.stage?.select(id);
        // Not a place to go back to, but one to send around.
        history.replaceState(null, '', id === null ? address(this.store.organisation, 'canvas') : address(this.store.organisation, 'canvas', id));
    }

    /** Selects a workspace and brings it into view, whatever has to be opened for it. */
    async #show(id) {
        this.#openness.reveal(this.tree, id);
        this.selected = id;
        await this.#draw();
        if (this.isConnected) {
            this.#select(id);
            this.stage.centre(id);
        }
    }

    async #toggle(id) {
        const open = !this.#openness.isOpen(this.tree, id);
        this.#openness.set(id, open);
        await this.stage.keepingStill(id, () => this.#draw());
        const row = this.store?.workspaces.get(id);
        if (session.mayWrite && row && row.collapsed !== !open) {
            changeAtOnce(this.store, id, { collapsed: !open }).catch(noticeOf);
        }
    }

    async #all(what) {
        this.#openness.setAll(what);
        await this.#draw();
        this.stage?.fit();
    }

    async #gesture({ detail }) {
        const { what, id } = detail;
        if (what === 'select') {
            this.#select(id);
        } else if (what === 'show') {
            this.#show(id);
        } else if (what === 'toggle') {
            this.#toggle(id);
        } else if (what === 'more') {
            this.#openness.showMore(id);
            await this.stage.keepingStill(id, () => this.#draw());
        } else if (what === 'place') {
            changeAtOnce(this.store, id, { x: detail.x, y: detail.y }).catch(noticeOf);
        } else if (what === 'delegate') {
            this.renderRoot.querySelector('rc-start-delegation')?.open({ callerId: id, calleeId: detail.callee ?? null });
        } else if (what === 'panel') {
            this.renderRoot.querySelector('rc-panel')?.focusFirst();
        } else if (session.mayWrite) {
            this.renderRoot.querySelector('rc-canvas-forms').open(what, detail);
        }
    }

    render() {
        const tree = this.tree;
        return html`
            <h1 class="hidden">Canvas</h1>
            <div class="tools row" role="toolbar" aria-label="Canvas">
                <button id="outline-toggle" aria-pressed=${this.outlineShown ? 'true' : 'false'}
                        @click=${() => { this.outlineShown = !this.outlineShown; }}>Outline</button>
                <rc-search .tree=${tree} @gesture=${this.#gesture}></rc-search>
                <span class="grow"></span>
                <button id="expand-all" @click=${() => this.#all('open')}>Expand all</button>
                <button id="collapse-all" @click=${() => this.#all('closed')}>Collapse all</button>
                <button id="fit" @click=${() => this.stage.fit()}>Fit</button>
                <button id="zoom-out" aria-label="Zoom out" @click=${() => this.stage.zoomBy(1 / 1.4)}>−</button>
                <button id="zoom-in" aria-label="Zoom in" @click=${() => this.stage.zoomBy(1.4)}>+</button>
            </div>
            ${this.outlineShown ? html`<rc-outline .tree=${tree} .openness=${this.#openness} .selected=${this.selected}
                .drawn=${this.dataset.drawn} @gesture=${this.#gesture}></rc-outline>` : nothing}
            <div class="middle">
                <rc-stage @gesture=${this.#gesture} @moved=${() => this.viewport.keep()} .tree=${tree}></rc-stage>
                ${tree === null ? html`<p class="empty" role="status">Loading …</p>` : nothing}
                ${tree !== null && tree.ids.length === 0 ? html`<p class="empty">There is nothing here any more.</p>` : nothing}
                <rc-legend .tree=${tree}></rc-legend>
            </div>
            ${this.selected !== null && tree?.has(this.selected) ? html`
                <rc-panel .tree=${tree} .store=${this.store} .workspaceId=${this.selected} @gesture=${this.#gesture}></rc-panel>` : nothing}
            ${session.mayWrite ? html`
                <rc-canvas-forms .tree=${tree} .store=${this.store} @gesture=${this.#gesture}></rc-canvas-forms>
                <rc-start-delegation .store=${this.store}></rc-start-delegation>` : nothing}`;
    }
}
customElements.define('rc-canvas', Canvas);
