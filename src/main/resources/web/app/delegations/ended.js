import { get, withQuery } from '../api.js';
import { ENDED } from './model.js';

const PAGE = 50;

/** Delegations that ended before this page looked: the newest of each status, and more when asked for. */
export class Ended extends EventTarget {
    /** By status: `rows` by id, the `cursor` of the next page (null: there is none), whether it is `busy`. */
    #lists = new Map();
    #generation = 0;
    #organisation;

    constructor(organisation) {
        super();
        this.#organisation = organisation;
    }

    /** Begins anew, for these callers, callees and trees. Told by `change`; `failed` with the problem. */
    load({ caller, callee, root }) {
        const generation = ++this.#generation;
        this.filter = { caller_id: caller, callee_id: callee, root_id: root };
        return Promise.all(ENDED.map(status => this.#page(status, { rows: new Map(), cursor: null }, generation)));
    }

    /** The next page of one status. */
    more(status) {
        const list = this.#lists.get(status);
        return list === undefined || list.busy ? Promise.resolve() : this.#page(status, list, this.#generation);
    }

    rows(status) {
        return this.#lists.get(status)?.rows.values() ?? [];
    }

    hasMore(status) {
        return (this.#lists.get(status)?.cursor ?? null) !== null;
    }

    isBusy(status) {
        return this.#lists.get(status)?.busy ?? false;
    }

    async #page(status, list, generation) {
        list.busy = true;
        this.dispatchEvent(new Event('change'));
        try {
            const path = withQuery('/delegations', {
                org_id: this.#organisation, status, limit: PAGE, cursor: list.cursor, ...this.filter,
            });
            const page = await get(path);
            if (generation === this.#generation) {
                page.items.forEach(row => list.rows.set(row.delegation_id, row));
                list.cursor = page.next_cursor ?? null;
                this.#lists.set(status, list);
            }
        } catch (problem) {
            this.dispatchEvent(new CustomEvent('failed', { detail: problem }));
        } finally {
            list.busy = false;
            this.dispatchEvent(new Event('change'));
        }
    }
}
