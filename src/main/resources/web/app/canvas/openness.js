/** With how many nodes a canvas begins at most: larger trees begin with their lower levels closed. */
const FIRST = 300;
/** How many children of one node are shown before somebody asks for more. */
export const PAGE = 100;

/**
 * Which nodes of a tree show what is below them. What a person said here goes first, then `Expand all` or `Collapse all`,
 * then what is stored in the row, and a big tree is closed below the level down to which it can be read.
 */
export class Openness {
    #said = new Map();
    #limits = new Map();
    /** `open`, `closed` or null. */
    #everything = null;
    #levels = Infinity;
    #sizedFor = 0;
    #stored = new Map();

    /** Takes notice of a tree: its size at first, and what others stored since. */
    follow(tree) {
        if (tree.ids.length > this.#sizedFor * 2) {
            this.#sizedFor = tree.ids.length;
            this.#levels = levelsThatFit(tree, FIRST);
        }
        for (const id of tree.ids) {
            const collapsed = tree.row(id).collapsed;
            const before = this.#stored.get(id);
            if (before !== undefined && before !== collapsed) {
                this.#said.set(id, !collapsed);
            }
            this.#stored.set(id, collapsed);
        }
    }

    isOpen(tree, id) {
        const said = this.#said.get(id);
        if (said !== undefined) {
            return said;
        }
        if (this.#everything !== null) {
            return this.#everything === 'open' || tree.depthOf(id) === 0;
        }
        return !tree.row(id).collapsed && tree.depthOf(id) < this.#levels;
    }

    set(id, open) {
        this.#said.set(id, open);
    }

    /** @param {'open'|'closed'} what of every node, here only: stored is but what is said node by node */
    setAll(what) {
        this.#said.clear();
        this.#everything = what;
    }

    limitOf(id) {
        return this.#limits.get(id) ?? PAGE;
    }

    showMore(id, count = PAGE) {
        this.#limits.set(id, this.limitOf(id) + count);
    }

    /** Opens all above the node, and so many of its siblings that it is shown itself. */
    reveal(tree, id) {
        let child = id;
        for (const above of tree.ancestorsOf(id).reverse()) {
            if (!this.isOpen(tree, above)) {
                this.#said.set(above, true);
            }
            const place = tree.childrenOf(above).indexOf(child);
            if (place >= this.limitOf(above)) {
                this.#limits.set(above, Math.ceil((place + 1) / PAGE) * PAGE);
            }
            child = above;
        }
    }
}

/** Down to which depth the nodes can be open so that no more than `most` are shown; at least the roots are. */
export function levelsThatFit(tree, most) {
    let level = tree.roots;
    let shown = level.length;
    for (let depth = 0; level.length > 0; depth++) {
        const next = level.flatMap(id => tree.row(id).collapsed ? [] : tree.childrenOf(id).slice(0, PAGE));
        shown += next.length;
        if (shown > most) {
            return Math.max(1, depth);
        }
        level = next;
    }
    return Infinity;
}

/**
 * What is drawn, depth-first: nodes, and in place of the children beyond the limit a node that says how many.
 *
 * @returns {{id: string, parent: string|null, open: boolean, below: number, more?: number}[]} `below` counts children
 */
export function shownOf(tree, openness) {
    const items = [];
    const walk = (id, parent) => {
        const children = tree.childrenOf(id);
        const open = children.length > 0 && openness.isOpen(tree, id);
        items.push({ id, parent, open, below: children.length });
        if (open) {
            const limit = openness.limitOf(id);
            children.slice(0, limit).forEach(child => walk(child, id));
            if (children.length > limit) {
                items.push({ id: `more:${id}`, parent: id, open: false, below: 0, more: children.length - limit });
            }
        }
    };
    tree.roots.forEach(id => walk(id, null));
    return items;
}
