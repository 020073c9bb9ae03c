import { STATUSES, hasEnded } from '../store.js';
import { now } from '../ui/clock.js';
import { nameOf } from '../ui/names.js';

/** The columns whose delegations are loaded page by page; the others are in the store, all of them. */
export const ENDED = ['completed', 'failed', 'stuck'];

/** What the board shows; null and '' for anything. */
export const EVERYTHING = { text: '', caller: null, callee: null, only: '', root: null };

export function isOverdue(row) {
    return !hasEnded(row) && !ENDED.includes(row.status) && Date.parse(row.deadline) < now();
}

/** No answer of its callee's yet: also when it got stuck. */
export function awaitsReply(row) {
    return row.status !== 'completed' && row.status !== 'failed';
}

/** Whether a delegation is among those that are wanted. */
export function matcher(store, wanted) {
    const text = wanted.text.trim().toLowerCase();
    return row => (wanted.caller === null || row.caller_id === wanted.caller)
        && (wanted.callee === null || row.callee_id === wanted.callee)
        && (wanted.root === null || row.root_delegation_id === wanted.root)
        && (wanted.only !== 'overdue' || isOverdue(row))
        && (wanted.only !== 'awaiting_reply' || awaitsReply(row))
        && (wanted.only !== 'cancelling' || (row.cancel_requested_at && !hasEnded(row)))
        && (text === '' || [row.task_preview ?? '', row.delegation_id, nameOf(store, row.caller_id), nameOf(store, row.callee_id)]
            .some(each => each.toLowerCase().includes(text)));
}

/** Of two readings of one delegation the newer, with what only the older one says (events say less than lists do). */
export function newer(one, other) {
    if (one === undefined) {
        return other;
    }
    return Date.parse(other.updated_at) < Date.parse(one.updated_at) ? { ...other, ...one } : { ...one, ...other };
}

/**
 * The board's columns: what moved last stands first.
 *
 * @param {Iterable<Iterable<object>>} sources rows, which may name a delegation more than once
 * @returns {Map<string, object[]>} by status
 */
export function columns(sources, matches) {
    const rows = new Map();
    for (const source of sources) {
        for (const row of source) {
            rows.set(row.delegation_id, newer(rows.get(row.delegation_id), row));
        }
    }
    const byStatus = new Map(STATUSES.map(status => [status, []]));
    for (const row of rows.values()) {
        if (matches(row)) {
            byStatus.get(row.status)?.push(row);
        }
    }
    const moved = row => Date.parse(row.finished_at ?? row.updated_at ?? row.created_at);
    byStatus.forEach(column => column.sort((a, b) => moved(b) - moved(a)));
    return byStatus;
}
