import { CHIP } from './cards.js';
import { CARD } from './layout.js';

/** Whoever wants no motion gets none. */
export const STILL = matchMedia('(prefers-reduced-motion: reduce)');

/** Above so many nodes the view jumps rather than glides. */
const MOST_FLOWN_OVER = 1_200;

/** What part of the drawing is seen, and what of it is where on the page. */
export class Camera {
    #cy;
    #container;
    #shown;

    /** @param {Map<string, {place: {x: number, y: number}}>} shown what is drawn, kept up by the graph */
    constructor(cy, container, shown) {
        this.#cy = cy;
        this.#container = container;
        this.#shown = shown;
    }

    /** Shows all of it. Reckons with the places alone: asking Cytoscape for the bounds of 10,000 cards takes a second. */
    fit() {
        this.#cy.resize();
        let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
        for (const { place } of this.#shown.values()) {
            left = Math.min(left, place.x - CARD.width / 2);
            right = Math.max(right, place.x + CARD.width / 2);
            top = Math.min(top, place.y - CARD.height / 2);
            bottom = Math.max(bottom, place.y + CARD.height / 2);
        }
        const { width, height } = this.#container.getBoundingClientRect();
        const zoom = Math.min(1, (width - 72) / (right - left), (height - 84) / (bottom - top));
        if (right > left && zoom > 0) {
            const pan = { x: width / 2 - (left + right) / 2 * zoom, y: (height - 24) / 2 - (top + bottom) / 2 * zoom };
            this.#cy.viewport({ zoom, pan });
        }
    }

    zoomBy(factor) {
        const { width, height } = this.#container.getBoundingClientRect();
        this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: { x: width / 2, y: height / 2 } });
    }

    /** Brings a node to the middle, large enough to be read. */
    centre(id) {
        const node = this.#cy.getElementById(id);
        if (node.nonempty()) {
            // The panel may have opened just now.
            this.#cy.resize();
            const zoom = Math.max(this.#cy.zoom(), 0.7);
            const move = { center: { eles: node }, zoom };
            if (STILL.matches || this.#shown.size > MOST_FLOWN_OVER) {
                this.#cy.zoom(zoom);
                this.#cy.center(node);
            } else {
                this.#cy.stop().animate(move, { duration: 200 });
            }
        }
    }

    /** The middle of a node's card in the page's coordinates, or null when it is not drawn. */
    positionOf(id) {
        const place = this.#shown.get(id)?.place;
        if (!place) {
            return null;
        }
        const { left, top } = this.#container.getBoundingClientRect();
        const { x, y } = this.#cy.getElementById(id).renderedPosition();
        return { x: left + x, y: top + y };
    }

    /** What is drawn at a point of the page: a node, and whether its chip was hit. */
    at(pageX, pageY, except = new Set()) {
        const { left, top } = this.#container.getBoundingClientRect();
        const pan = this.#cy.pan();
        const x = (pageX - left - pan.x) / this.#cy.zoom();
        const y = (pageY - top - pan.y) / this.#cy.zoom();
        for (const [id, { place, more, below }] of this.#shown) {
            const dx = x - place.x;
            const dy = y - place.y;
            if (Math.abs(dx) <= CARD.width / 2 && Math.abs(dy) <= CARD.height / 2 && !except.has(id)) {
                const chip = below > 0 && dx > CARD.width / 2 - CHIP.width && dy > CARD.height / 2 - CHIP.height;
                return { id, more: more !== undefined, chip };
            }
        }
        return null;
    }

    /** Model coordinates of a point of the page. */
    toModel(pageX, pageY) {
        const { left, top } = this.#container.getBoundingClientRect();
        const pan = this.#cy.pan();
        return { x: (pageX - left - pan.x) / this.#cy.zoom(), y: (pageY - top - pan.y) / this.#cy.zoom() };
    }
}
