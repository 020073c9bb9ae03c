import { html } from 'lit';
import { Problem } from '../../api.js';
import { change } from '../actions.js';
import '../../ui/picker.js';

/** Hangs a node below another one: from a drop, which names it, or from the panel, where it is picked. */
export const moveForm = {
    word: 'Move',
    heading: its => `Move ${its.row.name}`,
    body: its => {
        const below = its.tree.below(its.row.id).length;
        const along = below === 0 ? '' : ` ${below.toLocaleString()} below it ${below === 1 ? 'goes' : 'go'} along.`;
        if (its.detail.target) {
            const target = its.tree.row(its.detail.target) ?? { id: its.detail.target, name: 'a workspace that is gone' };
            const same = its.row.parent_id === target.id;
            return html`<p>${same ? html`<strong>${its.row.name}</strong> is below <strong>${target.name}</strong> already.`
                : html`Hang <strong>${its.row.name}</strong> below <strong>${target.name}</strong> (${its.tree.pathOf(target.id)})?${along}`}</p>`;
        }
        return html`
            <rc-pick-workspace inline required name="target" label="Below" placeholder="Name of a workspace" .store=${its.store}
                .except=${new Set([its.row.id, its.row.parent_id, ...its.tree.below(its.row.id)])}></rc-pick-workspace>
            <p class="small muted">It is below ${its.tree.row(its.row.parent_id)?.name} now.${along}</p>`;
    },
    async send(its, data) {
        const target = its.detail.target ?? data.target;
        if (!target) {
            throw new Problem(422, { detail: 'Choose from the list below which workspace it goes.' });
        }
        if (target !== its.row.parent_id) {
            await change(its.store, its.row.id, { parent_id: target });
        }
        return its.row.id;
    },
};
