/**
 * Workspaces as a tree, as they were when it was built: rows that come and go later do not touch it. Built anew for every
 * change; 10,000 rows take some milliseconds.
 *
 * @typedef {{id: string, parent_id: string|null, name: string, collapsed: boolean}} Row
 */
export class Tree {
    /** Depth-first, siblings in the order of the list. */
    ids = [];
    roots = [];
    #children = new Map();
    #depths = new Map();

    /**
     * @param {Map<string, Row>} rows by id
     * @param {string|null} root only what is below it, and itself; null for all that have no parent among the rows
     */
    constructor(rows, root = null) {
        this.rows = new Map(rows);
        for (const row of rows.values()) {
            if (row.id === root || (root === null && !rows.has(row.parent_id))) {
                this.roots.push(row.id);
            } else if (this.#children.has(row.parent_id)) {
                this.#children.get(row.parent_id).push(row.id);
            } else {
                this.#children.set(row.parent_id, [row.id]);
            }
        }
        this.roots.forEach(id => this.#walk(id, 0));
    }

    #walk(id, depth) {
        this.ids.push(id);
        this.#depths.set(id, depth);
        this.childrenOf(id).forEach(child => this.#walk(child, depth + 1));
    }

    has(id) {
        return this.#depths.has(id);
    }

    row(id) {
        return this.rows.get(id);
    }

    childrenOf(id) {
        return this.#children.get(id) ?? [];
    }

    depthOf(id) {
        return this.#depths.get(id);
    }

    get deepest() {
        return Math.max(0, ...new Set(this.#depths.values()));
    }

    /** From the root down to its parent. */
    ancestorsOf(id) {
        const found = [];
        let above = this.has(id) && this.depthOf(id) > 0 ? this.row(id).parent_id : null;
        while (above !== null) {
            found.unshift(above);
            above = this.depthOf(above) > 0 ? this.row(above).parent_id : null;
        }
        return found;
    }

    /** Everything below it, without itself. */
    below(id) {
        const found = [...this.childrenOf(id)];
        for (let i = 0; i < found.length; i++) {
            found.push(...this.childrenOf(found[i]));
        }
        return found;
    }

    /** The names from the root down to it. */
    pathOf(id) {
        return [...this.ancestorsOf(id), id].map(each => this.row(each)?.name ?? '…').join(' / ');
    }
}
