import { all, get, withQuery } from './api.js';
import { Live } from './live.js';

/** The six statuses of a delegation, in the order of its life. */
export const STATUSES = ['queued', 'dispatched', 'in_progress', 'completed', 'failed', 'stuck'];

const ENDED_KEPT = 1000;
/** So many delegations in flight are read; of more, the newest. */
export const IN_FLIGHT_READ = 20_000;
const RETRY_MS = 3_000;

export function hasEnded(delegation) {
    return delegation.finished_at !== null && delegation.finished_at !== undefined;
}

/**
 * What this page knows of one organisation: its tree, and its delegations in flight with those that ended while the page
 * looked. Loaded after the live stream has begun and kept up by its events, so that nothing falls between the two. Tells, at
 * most once a frame:
 *
 * - `workspaces`, `delegations`: something in {@link workspaces}, {@link delegations} changed;
 * - `event`: each live event as it comes, with the event as `detail`;
 * - `live`: the stream's state changed;
 * - `failed`: loading failed, with the problem as `detail`.
 */
export class Store extends EventTarget {
    /** By id. A row that is removed is no longer here. */
    workspaces = new Map();
    /** By delegation_id: in flight, and ended since the page was opened. */
    delegations = new Map();
    loaded = false;
    /** Whether there were more in flight than {@link IN_FLIGHT_READ}. */
    incomplete = false;
    /** Why it will never be loaded: what the service said of the address; null while that is not so. */
    refusal = null;

    #organisation;
    #live;
    #pending = new Set();
    /** Events that came while the lists were being loaded. */
    #waiting = null;
    #again = false;
    #failing = false;
    #stopped = false;
    #roomFor = 2 * ENDED_KEPT;
    /** How often events were missed, and how many of these times have been made up for by loading. */
    #gaps = 0;
    #made = -1;
    /** Those whose row an event has brought last. Events come in the order of their commits, which their times need not do. */
    #told = new Set();
    /** A removed workspace stays so, whatever a late reply still says of it. */
    #gone = new Set();

    constructor(organisation) {
        super();
        this.#organisation = organisation;
        this.#live = new Live(organisation);
        this.#live.addEventListener('gap', () => {
            this.#gaps++;
            this.load();
        });
        this.#live.addEventListener('event', e => this.#hear(e.detail));
        this.#live.addEventListener('state', () => this.dispatchEvent(new Event('live')));
    }

    get organisation() {
        return this.#organisation;
    }

    /** As of the stream, but not live before what it could not tell has been loaded. */
    get liveState() {
        const { state } = this.#live;
        return state === 'live' && this.#made < this.#gaps ? this.loaded ? 'behind' : 'connecting' : state;
    }

    start() {
        this.#live.start();
    }

    stop() {
        this.#stopped = true;
        this.#live.stop();
    }

    /** Reads everything anew, once more if that was asked for meanwhile. Events that come in between are applied afterwards. */
    async load() {
        if (this.#waiting !== null) {
            this.#again = true;
            return;
        }
        this.#waiting = [];
        this.#again = false;
        const gaps = this.#gaps;
        try {
            const [workspaces, delegations] = await Promise.all([
                get(withQuery('/workspaces', { org_id: this.#organisation })),
                all(withQuery('/delegations', { org_id: this.#organisation, status: 'in_flight' }), IN_FLIGHT_READ),
            ]);
            this.workspaces = new Map(workspaces.map(row => [row.id, row]));
            this.#told.clear();
            const ended = [...this.delegations.values()].filter(hasEnded);
            this.delegations = new Map([...ended, ...delegations].map(row => [row.delegation_id, row]));
            this.incomplete = !delegations.complete;
            this.loaded = true;
            this.refusal = null;
            this.#failing = false;
            this.#made = gaps;
        } catch (problem) {
            this.#again = problem.isPassing === true;
            this.refusal = this.#again || this.loaded ? null : problem;
            if (!this.#failing && this.refusal === null) {
                this.#failing = true;
                this.dispatchEvent(new CustomEvent('failed', { detail: problem }));
            }
        }
        const waiting = this.#waiting;
        this.#waiting = null;
        waiting.forEach(event => this.#apply(event));
        this.#tell('workspaces');
        this.#tell('delegations');
        this.dispatchEvent(new Event('live'));
        if (this.#again) {
            setTimeout(() => !this.#stopped && this.load(), this.#failing ? RETRY_MS : 0);
        }
    }

    /** A row that a reply to one of this page's own requests has brought; a late one does not undo what was told since. */
    putWorkspace(row) {
        const known = this.workspaces.get(row.id);
        if (!this.#gone.has(row.id) && (known === undefined || !isOlder(row, known))) {
            this.#told.delete(row.id);
            this.workspaces.set(row.id, row);
            this.#tell('workspaces');
        }
    }

    /** What is asked for, as if it were done already. Answers how to take back what nobody has changed since. */
    assume(id, fields) {
        const before = this.workspaces.get(id);
        if (before === undefined) {
            return () => {};
        }
        this.workspaces.set(id, { ...before, ...fields });
        this.#tell('workspaces');
        return () => {
            const now = this.workspaces.get(id);
            const mine = Object.keys(fields).filter(field => now?.[field] === fields[field]);
            if (mine.length > 0) {
                this.workspaces.set(id, { ...now, ...Object.fromEntries(mine.map(field => [field, before[field]])) });
                this.#tell('workspaces');
            }
        };
    }

    /** What a reply to one of this page's own requests says is gone, with all below it. */
    dropWorkspace(id) {
        this.#removeWithChildren(id);
    }

    putDelegation(row) {
        this.#mergeDelegation(row);
    }

    #hear(event) {
        if (this.#waiting !== null) {
            this.#waiting.push(event);
        } else {
            this.#apply(event);
        }
        this.dispatchEvent(new CustomEvent('event', { detail: event }));
    }

    #apply(event) {
        if (event.event.startsWith('DELEGATION_')) {
            this.#mergeDelegation({ org_id: event.org_id, ...event.payload, delegation_id: event.delegation_id });
        } else if (event.event === 'ORG_IMPORTED') {
            this.load();
        } else if (event.event === 'WORKSPACE_REMOVED') {
            this.#removeWithChildren(event.workspace_id);
        } else if (event.event.startsWith('WORKSPACE_')) {
            this.#mergeWorkspace(event.workspace_id, event.payload);
        }
    }

    /** An event has what changed, so that thousands who come online are not read one by one; what is new is read. */
    #mergeWorkspace(id, { changes, status, updated_at }) {
        const known = this.workspaces.get(id);
        if (known === undefined) {
            get(`/workspaces/${id}`).then(row => this.putWorkspace(row)).catch(() => null);
        } else if (this.#told.has(id) || !isOlder({ updated_at }, known)) {
            this.#told.add(id);
            this.workspaces.set(id, { ...known, ...changes, status, updated_at });
            this.#tell('workspaces');
        }
    }

    /** The newer of the two wins: an event may be older than the list that was loaded after it had happened. */
    #mergeDelegation(row) {
        const known = this.delegations.get(row.delegation_id);
        if (known !== undefined && isOlder(row, known)) {
            return;
        }
        this.delegations.set(row.delegation_id, { ...known, ...row });
        if (this.delegations.size > this.#roomFor) {
            this.#forgetEnded();
        }
        this.#tell('delegations');
    }

    /** A page that is open for days keeps what is in flight, and of what ended the newest. */
    #forgetEnded() {
        const ended = [...this.delegations.values()].filter(hasEnded);
        ended.slice(0, -ENDED_KEPT).forEach(row => this.delegations.delete(row.delegation_id));
        this.#roomFor = this.delegations.size + ENDED_KEPT;
    }

    #removeWithChildren(id) {
        const below = new Map();
        for (const row of this.workspaces.values()) {
            below.get(row.parent_id)?.push(row.id) ?? below.set(row.parent_id, [row.id]);
        }
        const gone = [id];
        for (let i = 0; i < gone.length; i++) {
            gone.push(...(below.get(gone[i]) ?? []));
        }
        gone.forEach(each => {
            this.workspaces.delete(each);
            this.#gone.add(each);
        });
        this.#tell('workspaces');
    }

    #tell(what) {
        if (this.#pending.size === 0) {
            // A hidden page draws no frames, and its store has to go on all the same.
            setTimeout(() => {
                const told = [...this.#pending];
                this.#pending.clear();
                told.forEach(each => this.dispatchEvent(new Event(each)));
            }, 16);
        }
        this.#pending.add(what);
    }
}

function isOlder(row, known) {
    return microseconds(row.updated_at) < microseconds(known.updated_at);
}

/** As exact as the service tells it: two changes may fall into one millisecond. */
function microseconds(time) {
    const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
    return Math.floor(Date.parse(time) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
