import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { all, get, withQuery } from '../api.js';
import { address } from '../route.js';
import { nameOf } from '../ui/names.js';
import { atMostEvery, whileVisible } from '../ui/poll.js';
import { problemOf } from '../ui/problem.js';
import { formStyles } from '../ui/forms.js';
import { shared } from '../ui/styles.js';
import { ago, clock, span } from '../ui/time.js';

const REFRESH_MS = 15_000;
const SETTLE_MS = 200;
const PAGE = 50;

/** When agents fell silent: those that still are first, then the latest that ended. Live. */
export class Incidents extends Component {
    static properties = {
        store: { attribute: false }, workspaceId: { attribute: false }, open: { state: true }, ended: { state: true }, cursor: { state: true },
        problem: { state: true }, busy: { state: true },
    };
    static styles = [shared, formStyles, css`
        :host { display: block; }
        ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
        li { font-size: .88rem; padding: .55rem .75rem; border-left: 3px solid var(--line-strong); overflow-wrap: anywhere; }
        li[data-open] { border-left-color: var(--bad); }
        h2 { display: flex; gap: .5rem; align-items: baseline; }
        .sign { color: var(--bad); }
        .facts { font-size: .78rem; color: var(--muted); margin-top: .15rem; }
        .none { margin: 0; padding: 1rem; text-align: center; }
        details { margin-top: .75rem; }
        summary { cursor: pointer; font-size: .88rem; color: var(--muted); margin-bottom: .5rem; }
    `];

    workspaceId = null;
    #end = null;
    #loads = 0;
    #soon = atMostEvery(SETTLE_MS, () => this.load());
    #onEvent = e => {
        const { event, workspace_id: workspace } = e.detail;
        const of = this.workspaceId === null || workspace === this.workspaceId;
        if (of && (event === 'INCIDENT_RAISED' || event === 'WORKSPACE_ONLINE' || event === 'WORKSPACE_DEGRADED')) {
            this.#soon.ask();
        }
    };
    #follow = new Follow(this, { event: this.#onEvent });

    connectedCallback() {
        super.connectedCallback();
        this.#end = whileVisible(REFRESH_MS, () => this.load());
    }

    disconnectedCallback() {
        this.#soon.end();
        this.#end();
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('store') || changed.has('workspaceId')) {
            this.open = this.ended = null;
            this.load();
        }
    }

    #path(parameters) {
        return this.workspaceId === null
            ? withQuery('/incidents', { org_id: this.store.organisation, ...parameters })
            : withQuery(`/workspaces/${this.workspaceId}/incidents`, parameters);
    }

    async load() {
        const mine = ++this.#loads;
        try {
            const [open, ended] = await Promise.all([all(this.#path({ open: true })), get(this.#path({ open: false, limit: PAGE }))]);
            if (mine !== this.#loads) {
                return;
            }
            this.open = open;
            // What was paged in before stays: the newest are put before it.
            const known = new Set(ended.items.map(each => each.id));
            const before = (this.ended ?? []).filter(each => !known.has(each.id));
            this.ended = [...ended.items, ...before];
            this.cursor = before.length === 0 ? ended.next_cursor : this.cursor;
            this.problem = null;
        } catch (problem) {
            if (mine === this.#loads) {
                this.problem = problem;
            }
        }
    }

    async #more() {
        this.busy = true;
        try {
            const page = await get(this.#path({ open: false, limit: PAGE, cursor: this.cursor }));
            this.ended = [...this.ended, ...page.items];
            this.cursor = page.next_cursor;
        } catch (problem) {
            this.problem = problem;
        } finally {
            this.busy = false;
        }
    }

    #item(incident) {
        const { workspace_id: id, ended_at: ended } = incident;
        return html`
            <li class="card" data-incident=${incident.id} ?data-open=${ended === null}>
                <div>${ended === null ? html`<span class="sign" aria-hidden="true">○</span> ` : nothing}${this.workspaceId === null
                    ? html`<a href=${address(this.store.organisation, 'agents', id)}>${nameOf(this.store, id)}</a> · ` : nothing}<span
                    class="mono">${incident.agent_id}</span></div>
                <div class="small">${incident.message}</div>
                <div class="facts" title=${`Last beat ${clock(incident.last_heartbeat)}`}>${ended === null
                    ? html`silent, raised ${ago(incident.raised_at)}`
                    : html`${clock(incident.raised_at)}, for ${span(Date.parse(ended) - Date.parse(incident.raised_at))}`}${incident.streak > 0
                    ? html` · ${incident.streak} shortly before it` : nothing}</div>
            </li>`;
    }

    render() {
        return html`
            <h2>Incidents <span class="muted small" role="status">${this.open ? `${this.open.length}${this.open.complete ? '' : '+'} open` : ''}</span></h2>
            ${problemOf(this.problem)}
            ${this.open?.length === 0 ? html`<p class="none card muted small">None is open.</p>` : nothing}
            <ul id="open">${(this.open ?? []).map(each => this.#item(each))}</ul>
            ${this.ended?.length > 0 ? html`
                <details ?open=${this.open?.length === 0}>
                    <summary>Ended (${this.ended.length}${this.cursor ? '+' : ''})</summary>
                    <ul id="ended">${this.ended.map(each => this.#item(each))}</ul>
                    ${this.cursor ? html`<button class="quiet small" ?disabled=${this.busy}
                        @click=${this.#more}>Earlier ones</button>` : nothing}
                </details>` : nothing}`;
    }
}
customElements.define('rc-incidents', Incidents);
