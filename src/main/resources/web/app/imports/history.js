import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { get, withQuery } from '../api.js';
import { address } from '../route.js';
import { noticeOf } from '../ui/notices.js';
import { clock } from '../ui/time.js';
import { shared } from '../ui/styles.js';
import '../ui/dialog.js';

/** The imports so far, newest first, a page at a time; one of them in a dialog. */
export class History extends Component {
    static properties = { store: { attribute: false }, runs: { state: true }, more: { state: true }, shown: { state: true } };
    static styles = [shared, css`
        :host { display: block; }
        .box { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
        td button { padding: 0; color: var(--accent-text); text-decoration: underline; text-align: left; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: 0; }
        dt { color: var(--muted); }
        dd { margin: 0; overflow-wrap: anywhere; }
    `];

    shown = null;
    #follow = new Follow(this, { event: e => e.detail.event === 'ORG_IMPORTED' && this.load() });

    willUpdate(changed) {
        if (changed.has('store') || !this.hasUpdated) {
            this.runs = undefined;
            this.load();
        }
    }

    /** From the beginning. */
    async load() {
        await this.#page(null);
    }

    async #page(cursor) {
        const store = this.store;
        try {
            const page = await get(withQuery('/org/imports', { org_id: store?.organisation, limit: 20, cursor }));
            if (store !== this.store) {
                return;
            }
            this.runs = cursor === null ? page.items : [...this.runs, ...page.items];
            this.more = page.next_cursor;
        } catch (problem) {
            noticeOf(problem);
        }
    }

    async #open(id) {
        try {
            this.shown = await get(`/org/imports/${id}`);
            await this.updateComplete;
            this.renderRoot.querySelector('rc-dialog').show();
        } catch (problem) {
            noticeOf(problem);
        }
    }

    #detail(run) {
        const facts = [
            ['When', clock(run.created_at)], ['Whose', run.actor], ['Template', run.dir ? `${run.template} (shipped as ${run.dir})` : run.template],
            ['Mode', run.mode], ['What it was', run.outcome === 'planned' ? 'A preview; nothing was done' : 'Done'],
            ['Created', run.created], ['As they were', run.skipped], ['Updated', run.updated], ['Removed', run.removed],
            ['Took', `${run.duration_ms} ms`], ['Attached below', run.parent_id ? this.store?.workspaces.get(run.parent_id)?.name ?? run.parent_id : 'the top level'],
        ];
        return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}<dt>Id</dt><dd class="mono">${run.import_id}</dd></dl>
            ${run.org_id && run.outcome === 'completed' ? html`<p><a href=${address(run.org_id, 'canvas')}>See it on the canvas</a></p>` : nothing}`;
    }

    render() {
        if (this.runs === undefined) {
            return html`<p class="muted" role="status">Loading …</p>`;
        }
        if (this.runs.length === 0) {
            return html`<p class="muted">Nothing has been imported yet.</p>`;
        }
        return html`
            <div class="box" tabindex="0" role="region" aria-label="History of imports"><table id="history">
                <thead><tr><th>When</th><th>Template</th><th>Mode</th><th>Outcome</th><th class="number">Created</th><th class="number">Updated</th>
                    <th class="number">Removed</th><th class="number">As it was</th><th>Whose</th></tr></thead>
                <tbody>${this.runs.map(run => html`<tr data-import=${run.import_id}>
                    <td><button class="quiet" @click=${() => this.#open(run.import_id)}>${clock(run.created_at)}</button></td>
                    <td>${run.template}</td><td>${run.mode}</td>
                    <td><span class="badge" data-look=${run.outcome === 'planned' ? 'idle' : 'good'}>${run.outcome === 'planned' ? '◌ preview' : '✓ done'}</span></td>
                    <td class="number">${run.created}</td><td class="number">${run.updated}</td><td class="number">${run.removed}</td>
                    <td class="number">${run.skipped}</td><td>${run.actor}</td></tr>`)}</tbody></table></div>
            ${this.more ? html`<p><button id="more-history" @click=${() => this.#page(this.more)}>Older ones</button></p>` : nothing}
            <rc-dialog heading="An import" @close=${() => { this.shown = null; }}>${this.shown ? this.#detail(this.shown) : nothing}</rc-dialog>`;
    }
}
customElements.define('rc-import-history', History);
