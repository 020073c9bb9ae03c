import { html } from 'lit';
import { notice } from '../../ui/notices.js';
import { remove } from '../actions.js';

const MOST = 8;

/** Removes a node and what is below it. Its name has to be typed, and what goes along is said first. */
export const removeForm = {
    word: 'Remove',
    danger: true,
    heading: its => `Remove ${its.row.name}`,
    body: its => {
        const below = its.tree.below(its.row.id);
        const rest = below.length - MOST;
        return html`
            ${below.length === 0 ? html`<p>There is nothing below it.</p>` : html`
                <p><strong>${below.length.toLocaleString()}</strong> below it ${below.length === 1 ? 'is' : 'are'} removed too:</p>
                <ul>${below.slice(0, MOST).map(id => html`<li>${its.tree.pathOf(id)}</li>`)}
                    ${rest > 0 ? html`<li class="muted">and ${rest.toLocaleString()} more</li>` : ''}</ul>
                <label class="check"><input type="checkbox" name="confirm" required> Remove them all</label>`}
            <label>Type its name to be sure<input name="name" required autocomplete="off" placeholder=${its.row.name}
                @input=${e => e.target.setCustomValidity(e.target.value === its.row.name ? '' : `Type “${its.row.name}”.`)}></label>`;
    },
    async send(its, data) {
        const removed = await remove(its.store, its.row, data.confirm !== undefined);
        notice(removed.cascade_deleted === 0 ? `${its.row.name} was removed.`
            : `${its.row.name} was removed, with ${removed.cascade_deleted} below it.`);
    },
};
