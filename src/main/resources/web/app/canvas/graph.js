import cytoscape from 'cytoscape';
import { card, farCard, moreCard, palette } from './cards.js';
import { Camera } from './camera.js';
import { FlowLines } from './flow-lines.js';
import { looks } from './looks.js';
import { look } from '../ui/status.js';

/** Cards smaller than this are too small to be picked up on purpose: a drag pans, wherever it begins. */
const GRABBED_FROM = 0.2;
/** Cards smaller than this show their names alone, in large letters; those below could not be read. */
const READ_FROM = 0.62;
/** Beyond so many nodes cards show just a name and a colour: images for all would take seconds to draw. */
const MOST_CARDS = 1_200;
// Two cards on top of each other, as while one is dragged, are no reason to write to the console.
cytoscape.warnings(false);

/**
 * The drawing: takes what is to be seen and makes Cytoscape's elements agree with it, touching only what differs. Knows
 * nothing of workspaces beyond what their cards show.
 */
export class Graph {
    #colours = palette();
    #shown = new Map();
    #boxes = new Set();
    #last = null;
    #pans = false;
    #far = false;
    #flows;
    #restyle = () => this.restyle();
    #dark = matchMedia('(prefers-color-scheme: dark)');

    /** @param {HTMLElement} container has a size; what it holds is Cytoscape's */
    constructor(container) {
        this.container = container;
        this.cy = cytoscape({
            container,
            style: looks(this.#colours),
            minZoom: 0.004,
            maxZoom: 2.5,
            boxSelectionEnabled: false,
            autounselectify: true,
            textureOnViewport: false,
            hideEdgesOnViewport: false,
            pixelRatio: 'auto',
        });
        this.#flows = new FlowLines(this.cy);
        this.camera = new Camera(this.cy, container, this.#shown);
        this.cy.on('zoom', () => {
            this.#grip();
            this.#approach();
        });
        window.addEventListener('rc-theme', this.#restyle);
        this.#dark.addEventListener('change', this.#restyle);
    }

    destroy() {
        window.removeEventListener('rc-theme', this.#restyle);
        this.#dark.removeEventListener('change', this.#restyle);
        this.#flows.stop();
        this.cy.destroy();
    }

    /**
     * @param {{items: object[], rowOf: (id: string) => object, places: Map, boxes: object[], boxed: Set, movable: boolean}} what
     *     `items` as of `shownOf`, places and boxes as of `layout`
     */
    show(what) {
        this.#last = what;
        const { items, rowOf, places, boxes, boxed } = what;
        const large = items.length > MOST_CARDS;
        const added = [];
        const edges = [];
        this.#size(large);
        this.cy.batch(() => {
            const wanted = new Set(items.map(item => item.id));
            for (const id of this.#shown.keys()) {
                if (!wanted.has(id)) {
                    this.cy.getElementById(id).remove();
                    this.#shown.delete(id);
                }
            }
            this.#surround(boxes, large, added, edges);
            for (const item of items) {
                const above = boxed.has(item.id) ? null : item.parent;
                const data = this.#dataOf(item, rowOf, large);
                const key = JSON.stringify([data.card ?? data.plain, data.tone, data.fill]);
                const before = this.#shown.get(item.id);
                const place = places.get(item.id);
                if (before === undefined) {
                    added.push({ group: 'nodes', data, position: { ...place }, grabbable: !item.more });
                } else {
                    this.#change(item.id, data, before.key !== key, place);
                }
                if (before?.above !== above) {
                    this.cy.getElementById(`tree:${item.id}`).remove();
                    if (above !== null) {
                        edges.push(treeEdge(item.id, above, large));
                    }
                }
                this.#shown.set(item.id, { key, above, place, more: item.more, open: item.open, below: item.below });
            }
            this.cy.add([...added, ...edges]);
        });
        this.#grip(true);
        this.#mark();
    }

    /** From far to near, or back. */
    #approach() {
        const far = this.cy.zoom() < READ_FROM;
        if (far !== this.#far) {
            this.#far = far;
            if (this.#last !== null && !this.large) {
                this.show(this.#last);
            }
        }
    }

    /** Whether a drag on a card moves the card or all of it. */
    #grip(anew = false) {
        const pans = !this.#last?.movable || this.cy.zoom() < GRABBED_FROM;
        if (anew || pans !== this.#pans) {
            this.#pans = pans;
            this.cy.batch(() => pans ? this.cy.nodes().panify() : this.cy.nodes().unpanify());
        }
    }

    #change(id, data, differs, place) {
        const node = this.cy.getElementById(id);
        if (differs) {
            node.removeData('card plain tone');
            node.data(data);
        }
        // Not where it was laid out last: a hand may have moved it since, and the service have refused that.
        const { x, y } = node.position();
        if (!node.grabbed() && !node.hasClass('following') && (x !== place.x || y !== place.y)) {
            node.position({ ...place });
        }
    }

    /** The boxes: each lies below the edges, and above those that it is in. */
    #surround(boxes, large, added, edges) {
        const wanted = new Set(boxes.map(box => box.id));
        for (const id of this.#boxes) {
            if (!wanted.has(id)) {
                this.cy.getElementById(id).remove();
                this.#boxes.delete(id);
            }
        }
        boxes.forEach(({ id, parent, place, width, height }, i) => {
            const data = { id, width, height, box: 1 + Math.min(i, 90) };
            if (this.#boxes.has(id)) {
                this.cy.getElementById(id).data(data).position({ ...place });
            } else {
                this.#boxes.add(id);
                added.push({ group: 'nodes', data, position: { ...place }, grabbable: false });
                edges.push(treeEdge(id, parent, large));
            }
        });
    }

    #size(large) {
        // Cytoscape reads these only when it begins; they matter only once a graph is large.
        const renderer = this.cy.renderer();
        renderer.textureOnViewport = large;
        renderer.hideEdgesOnViewport = large;
        if (this.large !== large) {
            this.large = large;
            this.#shown.forEach(each => { each.key = null; });
            this.cy.edges('[^status]').toggleClass('coarse', large);
        }
    }

    #dataOf(item, rowOf, large) {
        if (item.more) {
            return { id: item.id, more: item.more, card: moreCard(item.more, this.#colours) };
        }
        const row = rowOf(item.id);
        const fill = row.fill ? { fill: this.#colours(row.fill) } : {};
        if (large) {
            const { colour, sign } = look(row.status);
            const name = `${row.sign ?? sign} ${row.name}`;
            return { id: item.id, ...fill, plain: item.below > 0 ? `${name} (${item.below})` : name, tone: this.#colours(row.colour ?? colour) };
        }
        return { id: item.id, ...fill, card: (this.#far ? farCard : card)(row, item, this.#colours) };
    }

    /** The edges of delegations, by id; those that are not in it any more fade away. */
    showFlows(flows) {
        this.#flows.show(flows, this.#colours, this.large);
    }

    /** The lines that are drawn for delegations. */
    get flows() {
        return this.cy.edges('.flow').not('.leaving').map(edge => edge.data());
    }

    select(id) {
        this.selected = id;
        this.#mark();
    }

    /** Shows a node as the one on which something would be dropped; null for none. */
    aimAt(id) {
        this.cy.nodes('.target').removeClass('target');
        if (id !== null) {
            this.cy.getElementById(id).addClass('target');
        }
    }

    #mark() {
        this.cy.nodes('.selected').removeClass('selected');
        if (this.selected) {
            this.cy.getElementById(this.selected).addClass('selected');
        }
    }

    restyle() {
        this.#colours = palette();
        this.cy.style(looks(this.#colours));
        this.#shown.forEach(each => { each.key = null; });
        if (this.#last !== null) {
            this.show(this.#last);
            this.#flows.again(this.#colours);
        }
    }

    /** Lets the node stay where it is on the screen while what surrounds it is laid out anew. */
    async keepingStill(id, change) {
        const before = this.#shown.get(id)?.place;
        await change();
        const after = this.#shown.get(id)?.place;
        if (before && after && !this.cy.destroyed()) {
            this.cy.panBy({ x: (before.x - after.x) * this.cy.zoom(), y: (before.y - after.y) * this.cy.zoom() });
        }
    }

    shows(id) {
        return this.#shown.has(id);
    }
}

function treeEdge(id, parent, large) {
    return {
        group: 'edges', classes: large ? 'coarse' : '',
        data: { id: `tree:${id}`, source: parent, target: id },
    };
}
