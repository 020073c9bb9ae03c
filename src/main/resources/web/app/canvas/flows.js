import { hasEnded } from '../store.js';

/** How long the end of a delegation is seen on the canvas. */
export const END_SHOWN_MS = 6_000;

/** Of several between the same two nodes, the one that most needs a look gives the colour. */
const WEIGHT = ['completed', 'queued', 'dispatched', 'in_progress', 'failed', 'stuck'];

/**
 * The edges for delegations: those in flight, and those whose end the page has just seen. One between two hidden nodes is
 * drawn between what stands for them, with how many there are.
 *
 * @param {Iterable<object>} delegations
 * @param {Map<string, number>} ends when this page saw it end, by delegation_id
 * @param {(id: string) => string|null} shownFor the drawn node that stands for a workspace
 * @returns {Map<string, {id: string, source: string, target: string, status: string, count: number, ended: boolean}>}
 */
export function flowsOf(delegations, ends, shownFor, now = Date.now()) {
    const flows = new Map();
    for (const each of delegations) {
        const ended = hasEnded(each);
        if (ended && !(now - (ends.get(each.delegation_id) ?? 0) < END_SHOWN_MS)) {
            continue;
        }
        const source = shownFor(each.caller_id);
        const target = shownFor(each.callee_id);
        if (source === null || target === null) {
            continue;
        }
        const id = `flow:${source}:${target}:${ended ? each.status : ''}`;
        const flow = flows.get(id);
        if (flow === undefined) {
            flows.set(id, { id, source, target, status: each.status, count: 1, ended });
        } else {
            flow.count++;
            if (WEIGHT.indexOf(each.status) > WEIGHT.indexOf(flow.status)) {
                flow.status = each.status;
            }
        }
    }
    return flows;
}

/**
 * When this page saw each end: now, those that it has not seen before. What had ended before it began to look is no news.
 *
 * @param {Map<string, object>} delegations
 * @param {Map<string, number>|null} before the same of last time; null when the page begins to look
 */
export function endsSeen(delegations, before, now) {
    const ends = new Map();
    for (const [id, each] of delegations) {
        if (hasEnded(each)) {
            ends.set(id, before === null ? 0 : before.get(id) ?? now);
        }
    }
    return ends;
}

/** When the next of the ends that are shown is to be taken away; null when none is shown. */
export function nextToFade(ends, now) {
    const until = [...ends.values()].map(seen => seen + END_SHOWN_MS).filter(each => each > now);
    return until.length === 0 ? null : until.reduce((a, b) => Math.min(a, b));
}
