import { flowData } from './looks.js';
import { STILL } from './camera.js';
import { placeLabels } from './flow-labels.js';

/** Draws the edges of delegations: their dashes move, and an end fades away. */
export class FlowLines {
    #cy;
    #drawn = new Map();
    #large = false;
    #offset = 0;
    #march = 0;
    #scale = null;
    #letters = null;

    constructor(cy) {
        this.#cy = cy;
        cy.on('zoom', () => this.#thicken());
    }

    /** From far away the lines are drawn thicker, since work on its way is what one looks for there, and their words larger. */
    #thicken() {
        const scale = Math.min(6, Math.max(1, 0.55 / this.#cy.zoom()));
        const letters = Math.min(30, Math.max(12, 11 / this.#cy.zoom()));
        if (this.#drawn.size > 0 && (scale !== this.#scale || letters !== this.#letters)) {
            this.#scale = scale;
            this.#letters = letters;
            // Below the cards, so that names can be read; among thousands of cards that would be out of sight.
            this.#cy.edges('.flow').style({
                width: 3 * scale, 'font-size': letters, 'arrow-scale': 1 + 0.2 * scale, 'z-index': this.#large ? 300 : 150,
            });
            if (!this.#large) {
                placeLabels(this.#cy, letters);
            }
        }
    }

    stop() {
        cancelAnimationFrame(this.#march);
    }

    /** The same in other colours. */
    again(colours) {
        this.show(new Map(this.#drawn), colours, this.#large);
    }

    /** The edges of delegations, by id; those that are not in it any more fade away. */
    show(flows, colours, large) {
        this.#large = large;
        this.#cy.batch(() => {
            for (const id of this.#drawn.keys()) {
                if (!flows.has(id)) {
                    const edge = this.#cy.getElementById(id);
                    this.#drawn.delete(id);
                    if (id.endsWith(':') || STILL.matches) {
                        edge.remove();
                    } else {
                        edge.addClass('leaving');
                        setTimeout(() => !this.#drawn.has(id) && edge.remove(), 1500);
                    }
                }
            }
            for (const flow of flows.values()) {
                const data = flowData(flow, colours);
                const edge = this.#cy.getElementById(flow.id);
                if (edge.empty()) {
                    this.#cy.add({
                        group: 'edges', classes: flow.ended ? 'flow ended' : 'flow',
                        data: { id: flow.id, source: flow.source, target: flow.target, ...data },
                    });
                } else {
                    edge.removeClass('leaving');
                    edge.data(data);
                }
                this.#drawn.set(flow.id, flow);
            }
        });
        this.#scale = null;
        this.#thicken();
        this.#step();
    }

    /** Dashes move from the caller to the callee, some twelve times a second, unless the person wants no motion. */
    #step() {
        cancelAnimationFrame(this.#march);
        let drawn = 0;
        const frame = now => {
            const moving = this.#cy.edges('.flow').not('.ended');
            if (moving.empty() || STILL.matches || this.#large) {
                return;
            }
            if (now - drawn > 80) {
                drawn = now;
                this.#offset = (this.#offset + 2) % 45;
                moving.style('line-dash-offset', -this.#offset);
            }
            this.#march = requestAnimationFrame(frame);
        };
        this.#march = requestAnimationFrame(frame);
    }
}
