import { html } from 'lit';
import { call } from '../../api.js';
import { add, change } from '../actions.js';

const fields = row => html`
    <label>Name<input name="name" required maxlength="255" .value=${row?.name ?? ''} autofocus></label>
    <label>Role<textarea name="role" rows="4" maxlength="1000" .value=${row?.role ?? ''}></textarea></label>`;

/** A workspace always has a tier; a new one gets the service's own when none is named. */
const tier = row => html`<label>Tier<input name="tier" type="number" min="0" max="1000" step="1" ?required=${row !== null} .value=${String(row?.tier ?? '')}></label>`;

/** What was filled in; what was left empty is not sent. */
function filled(data) {
    const sent = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== ''));
    return sent.tier === undefined ? sent : { ...sent, tier: Number(sent.tier) };
}

async function read(its) {
    const { body, etag } = await call('GET', `/workspaces/${its.row.id}`);
    its.etag = etag;
    return body;
}

/** What somebody else made of it since the dialog was opened. */
const theirs = ({ name, role, tier: level }) => html`
    <div id="theirs"><p>Somebody else changed it meanwhile. It is now:</p>
        <dl><dt>Name</dt><dd>${name}</dd><dt>Role</dt><dd>${role || 'none'}</dd><dt>Tier</dt><dd>${level}</dd></dl>
        <p>Save again to write what you changed over that. The rest stays as it is now.</p></div>`;

/** Rename and describe. Sends what was changed since the dialog was opened, and only to a row that is still as it was then. */
export const editForm = {
    word: 'Save',
    heading: its => `Change ${its.row.name}`,
    async begin(its) {
        its.row = await read(its);
    },
    body: its => html`${fields(its.row)}${tier(its.row)}${its.theirs ? theirs(its.theirs) : ''}`,
    async send(its, data) {
        const said = filled({ ...data });
        // An emptied role is a change too.
        said.role = data.role;
        const patch = Object.fromEntries(Object.entries(said).filter(([field, value]) => value !== (its.row[field] ?? '')));
        if (Object.keys(patch).length === 0) {
            return;
        }
        try {
            await change(its.store, its.row.id, patch, { etag: its.etag });
        } catch (problem) {
            if (problem.status === 412) {
                its.theirs = await read(its);
                its.store.putWorkspace(its.theirs);
            }
            throw problem;
        }
    },
};

export const addForm = {
    word: 'Add',
    heading: its => `Add below ${its.row.name}`,
    body: () => html`
        ${fields(null)}
        <div class="pair">
            ${tier(null)}
            <label>Runtime<input name="runtime" maxlength="100"></label>
            <label>Model<input name="model" maxlength="100"></label>
        </div>`,
    async send(its, data) {
        const row = await add(its.store, { ...filled(data), parent_id: its.row.id }, its.once);
        return row.id;
    },
};
