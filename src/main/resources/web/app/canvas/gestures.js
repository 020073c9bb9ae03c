import { CARD } from './layout.js';

/** A drag that ends nearer than this to where it began was a click. */
const CLICK_PX = 4;

/**
 * What hands do on the canvas, told to `heard`: `select(id)`, `toggle(id)`, `more(parent)`, `place(id, x, y)` with the upper
 * left corner, `drop(id, target)`, `delegate(caller, callee)`, `hover(id)`. What they mean is decided there; all of it can
 * be done with the keyboard as well, from the outline and the panel.
 */
export class Gestures {
    #graph;
    #heard;
    #followers = [];
    #start = null;
    #aim = null;
    #cancelGhost = null;

    constructor(graph, heard) {
        this.#graph = graph;
        this.#heard = heard;
        const cy = graph.cy;
        cy.on('tap', e => this.#tap(e));
        cy.on('grab', 'node', e => this.#grab(e.target));
        cy.on('drag', 'node', e => this.#drag(e));
        cy.on('free', 'node', e => this.#free(e.target));
        cy.on('mouseover', 'node', e => heard.hover(e.target.id()));
        cy.on('viewport', () => heard.hover(null));
        // Before Cytoscape hears of it: with Shift, a drag draws a delegation.
        graph.container.parentElement.addEventListener('mousedown', e => {
            const hit = e.shiftKey && e.button === 0 ? graph.camera.at(e.clientX, e.clientY) : null;
            if (hit !== null && !hit.more && this.mayWrite) {
                e.stopPropagation();
                e.preventDefault();
                this.delegateFrom(hit.id, e);
            }
        }, { capture: true });
    }

    #tap(e) {
        const original = e.originalEvent;
        if (e.target === e.cy) {
            this.#heard.select(null);
            return;
        }
        const point = original.changedTouches?.[0] ?? original;
        const hit = this.#graph.camera.at(point.clientX, point.clientY);
        if (hit === null) {
            return;
        }
        if (hit.more) {
            this.#heard.more(hit.id.slice('more:'.length));
        } else if (hit.chip) {
            this.#heard.toggle(hit.id);
        } else {
            this.#heard.select(hit.id);
        }
    }

    #grab(node) {
        this.#start = { ...node.position() };
        this.#followers = this.#heard.followersOf(node.id())
            .map(id => this.#graph.cy.getElementById(id))
            .map(each => ({ each: each.addClass('following'), from: { ...each.position() } }));
        node.addClass('dragged');
        this.#heard.hover(null);
    }

    #drag(e) {
        const node = e.target;
        const dx = node.position('x') - this.#start.x;
        const dy = node.position('y') - this.#start.y;
        this.#graph.cy.batch(() => this.#followers.forEach(({ each, from }) => each.position({ x: from.x + dx, y: from.y + dy })));
        const original = e.originalEvent;
        const point = original.touches?.[0] ?? original;
        const except = new Set([node.id(), ...this.#followers.map(({ each }) => each.id())]);
        const hit = this.#graph.camera.at(point.clientX, point.clientY, except);
        this.#aimAt(hit !== null && !hit.more ? hit.id : null);
    }

    #free(node) {
        if (this.#start === null) {
            return;
        }
        const start = this.#start;
        const aim = this.#aim;
        const { x, y } = node.position();
        this.#start = null;
        this.#aimAt(null);
        node.removeClass('dragged');
        this.#followers.forEach(({ each }) => each.removeClass('following'));
        if (node.removed()) {
            // By somebody else, while it was held.
            return;
        }
        const moved = Math.hypot(x - start.x, y - start.y) * this.#graph.cy.zoom() >= CLICK_PX;
        if (aim !== null || !moved) {
            node.position(start);
            this.#followers.forEach(({ each, from }) => each.position(from));
        }
        if (aim !== null) {
            this.#heard.drop(node.id(), aim);
        } else if (moved) {
            this.#heard.place(node.id(), Math.round(x - CARD.width / 2), Math.round(y - CARD.height / 2));
        }
    }

    #aimAt(id) {
        if (this.#aim !== id) {
            this.#aim = id;
            this.#graph.aimAt(id);
        }
    }

    /** Draws a line from the node to the pointer until it is let go on another node; Escape ends it. */
    delegateFrom(caller, begin) {
        this.#cancelGhost?.();
        const cy = this.#graph.cy;
        cy.add([
            { group: 'nodes', data: { id: 'pointer' }, position: this.#graph.camera.toModel(begin.clientX, begin.clientY), grabbable: false },
            { group: 'edges', data: { id: 'ghost', source: caller, target: 'pointer' }, classes: 'ghost' },
        ]);
        const move = e => {
            cy.getElementById('pointer').position(this.#graph.camera.toModel(e.clientX, e.clientY));
            const hit = this.#graph.camera.at(e.clientX, e.clientY);
            this.#aimAt(hit !== null && !hit.more && hit.id !== caller ? hit.id : null);
        };
        const end = () => {
            window.removeEventListener('pointermove', move);
            window.removeEventListener('pointerup', drop);
            window.removeEventListener('keydown', key);
            cy.getElementById('pointer').remove();
            this.#aimAt(null);
            this.#cancelGhost = null;
        };
        const drop = () => {
            const callee = this.#aim;
            end();
            if (callee !== null) {
                this.#heard.delegate(caller, callee);
            }
        };
        const key = e => e.key === 'Escape' && end();
        // Cytoscape keeps mouse events to itself.
        window.addEventListener('pointermove', move);
        window.addEventListener('pointerup', drop);
        window.addEventListener('keydown', key);
        this.#cancelGhost = end;
    }

    destroy() {
        this.#cancelGhost?.();
    }
}
