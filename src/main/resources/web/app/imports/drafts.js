import { session } from '../session.js';

/**
 * What was chosen to be imported, by organisation, so that a look at another view does not lose a pasted template. Kept by
 * this page's memory alone, and for as long as its token.
 */
const drafts = new Map();
session.addEventListener('change', () => drafts.clear());

/** @returns {{dir: string, text: string, file: string|null}} as it was left; empty when it never was */
export function draftOf(place) {
    return drafts.get(place) ?? { dir: '', text: '', file: null };
}

export function keepDraft(place, { dir, text, file }) {
    drafts.set(place, { dir, text, file });
}
