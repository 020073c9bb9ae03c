import { html, css } from 'lit';
import { Component } from '../ui/component.js';
import { shared } from '../ui/styles.js';
import { Gestures } from './gestures.js';
import { Graph } from './graph.js';
import { CARD } from './layout.js';

/** Where the graph is drawn, and the handle beside the card under the pointer. Tells `gesture` and `moved`. */
export class Stage extends Component {
    static properties = { tree: { attribute: false }, label: { attribute: false } };
    static styles = [shared, css`
        :host { display: block; background: radial-gradient(var(--line) 1px, transparent 1px) 0 0 / 24px 24px; overflow: hidden; }
        #frame, #graph { position: absolute; inset: 0; }
        #graph, #graph canvas { outline: none; }
        #handle { position: absolute; left: 0; top: 0; padding: 0; width: 26px; height: 26px; border-radius: 50%;
                  background: var(--accent); color: var(--on-accent); border: 2px solid var(--page); line-height: 1; font-size: 12px; }
    `];

    label = 'The organisation as a graph. The outline beside it has all of it for keyboards and screen readers.';
    #resized = new ResizeObserver(() => this.graph?.cy.resize());

    firstUpdated() {
        const container = this.renderRoot.querySelector('#graph');
        this.graph = new Graph(container);
        this.gestures = new Gestures(this.graph, {
            select: id => this.#tell('select', { id }),
            toggle: id => this.#tell('toggle', { id }),
            more: id => this.#tell('more', { id }),
            place: (id, x, y) => this.#tell('place', { id, x, y }),
            drop: (id, target) => this.#tell('move', { id, target }),
            delegate: (caller, callee) => this.#tell('delegate', { id: caller, callee }),
            hover: id => this.#hover(id),
            followersOf: id => this.#followersOf(id),
        });
        this.graph.cy.on('viewport', () => this.dispatchEvent(new Event('moved')));
        this.#resized.observe(this);
    }

    disconnectedCallback() {
        this.#resized.disconnect();
        this.gestures?.destroy();
        this.graph?.destroy();
        this.graph = null;
        super.disconnectedCallback();
    }

    #tell(what, detail) {
        this.dispatchEvent(new CustomEvent('gesture', { detail: { what, ...detail } }));
    }

    /** What is below a node and has no place of its own moves along with it. */
    #followersOf(id) {
        const found = [];
        const walk = each => this.tree.childrenOf(each).forEach(child => {
            const row = this.tree.row(child);
            if (this.graph.shows(child) && (row.x === null || row.y === null) && found.length < 500) {
                found.push(child);
                walk(child);
            }
        });
        walk(id);
        return found;
    }

    // There is no graph any more when somebody went on to another view while one of these was on its way.
    show(what) {
        this.gestures.mayWrite = what.movable;
        this.graph?.show(what);
    }

    showFlows(flows) {
        this.graph?.showFlows(flows);
    }

    select(id) {
        this.graph?.select(id);
    }

    centre(id) {
        this.graph?.camera.centre(id);
    }

    fit() {
        this.graph?.camera.fit();
    }

    zoomBy(factor) {
        this.graph?.camera.zoomBy(factor);
    }

    async keepingStill(id, change) {
        await this.graph?.keepingStill(id, change);
    }

    positionOf(id) {
        return this.graph?.camera.positionOf(id) ?? null;
    }

    get flows() {
        return this.graph?.flows ?? [];
    }

    /** Looks where it was left; false when nothing could be seen from there. */
    look({ x, y, zoom }) {
        this.graph.cy.viewport({ zoom, pan: { x, y } });
        const { x1, y1, x2, y2 } = this.graph.cy.extent();
        return this.graph.cy.nodes().some(node => {
            const place = node.position();
            return place.x > x1 && place.x < x2 && place.y > y1 && place.y < y2;
        });
    }

    where() {
        return !this.graph ? null : { ...this.graph.cy.pan(), zoom: this.graph.cy.zoom() };
    }

    #hover(id) {
        const handle = this.renderRoot.querySelector('#handle');
        const place = id === null || !this.gestures.mayWrite || id.startsWith('more:') ? null : this.graph.camera.positionOf(id);
        handle.hidden = place === null || this.graph.cy.zoom() < 0.3;
        this.graph.container.title = id === null ? '' : this.tree?.row(id)?.name ?? '';
        if (place !== null) {
            this.hovered = id;
            const { left, top } = this.getBoundingClientRect();
            const right = place.x - left + CARD.width / 2 * this.graph.cy.zoom();
            handle.style.transform = `translate(${right - 13}px, ${place.y - top - 13}px)`;
        }
    }

    render() {
        return html`
            <div id="frame"><div id="graph" role="img" aria-label=${this.label}></div></div>
            <button id="handle" hidden tabindex="-1" aria-hidden="true" title="Drag to another workspace to delegate to it"
                @mousedown=${e => { e.preventDefault(); this.gestures.delegateFrom(this.hovered, e); }}>➤</button>`;
    }
}
customElements.define('rc-stage', Stage);
