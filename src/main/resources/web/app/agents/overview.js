import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { all, get, withQuery } from '../api.js';
import { address } from '../route.js';
import { session } from '../session.js';
import { placeOf } from '../ui/names.js';
import { atMostEvery, whileVisible } from '../ui/poll.js';
import { problemOf } from '../ui/problem.js';
import { badge, look } from '../ui/status.js';
import { clock, left } from '../ui/time.js';
import { formStyles } from '../ui/forms.js';
import { shared } from '../ui/styles.js';
import { HEADS, agentCells, rowStyles } from './rows.js';
import { byWorkspace, inParallel, isRunning, ranked } from './model.js';
import './incidents.js';
import './pause.js';

const REFRESH_MS = 15_000;
/** What events tell is asked for soon, and no oftener: a refresh is a request for each workspace that is shown. */
const SETTLE_MS = 1_000;
/** So many workspaces are shown, and asked for their agents; more when wanted. */
const PAGE = 40;
const AT_ONCE = 6;
const ONLY = { '': 'All', trouble: 'In trouble', silent: 'Silent', paused: 'Paused', waiting: 'Waiting for an agent', online: 'Online' };

/**
 * Who is alive in an organisation, who is not, trouble first. Beats are no events, so they are asked for every 15 s while the
 * page is looked at: the silent ones and the pauses of all workspaces, and all agents of the workspaces that are shown.
 */
export class AgentsOverview extends Component {
    static properties = {
        store: { attribute: false }, text: { state: true }, only: { state: true }, shown: { state: true }, summary: { state: true },
        refreshed: { state: true }, problem: { state: true }, busy: { state: true },
    };
    static styles = [shared, formStyles, rowStyles, css`
        :host { --task: 11rem; position: relative; display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 1rem 1.25rem;
            padding: .9rem 1rem 2rem; align-items: start; }
        .head { grid-column: 1 / -1; display: flex; gap: .6rem 1rem; align-items: end; flex-wrap: wrap; }
        .head h1 { align-self: center; flex: 1; }
        .tiles { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem; }
        .tile { display: grid; padding: .55rem .8rem; }
        .tile b { font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; font-weight: 650; }
        .tile span { font-size: .82rem; color: var(--muted); }
        [data-look=good] b { color: var(--good); } [data-look=bad] b { color: var(--bad); } [data-look=warn] b { color: var(--warn); }
        .list { padding: 0; overflow: hidden; }
        tbody tr:hover { background: var(--hover); }
        tbody:last-child tr:last-child > * { border-bottom: 0; }
        th[scope=rowgroup] { font-size: .9rem; color: var(--text); font-weight: 550; min-width: 11rem; }
        .place { display: block; font-size: .76rem; color: var(--muted); font-weight: 400; max-width: 15rem; overflow: hidden;
            text-overflow: ellipsis;
                 white-space: nowrap; }
        .status { margin-top: .25rem; display: block; }
        @media (max-width: 1000px) { :host { grid-template-columns: minmax(0, 1fr); padding: .6rem; } }
    `];

    text = '';
    only = '';
    shown = PAGE;
    /** By workspace. */
    #agents = new Map();
    #silent = new Map();
    #pauses = new Map();
    #pauseLoads = 0;
    /** Whether all that are silent were loaded. */
    #complete = true;
    #end = null;
    #typing = null;
    #soon = atMostEvery(SETTLE_MS, () => this.#refresh());
    #redraw = () => this.requestUpdate();
    #onEvent = e => {
        if (e.detail.event.startsWith('WORKSPACE_') || e.detail.event === 'INCIDENT_RAISED') {
            this.#soon.ask();
        }
    };
    #follow = new Follow(this, { workspaces: this.#redraw, event: this.#onEvent });

    connectedCallback() {
        super.connectedCallback();
        this.#end = whileVisible(REFRESH_MS, () => this.#refresh());
        if (this.hasUpdated) {
            this.#refresh();
        }
    }

    disconnectedCallback() {
        this.#end();
        this.#soon.end();
        clearTimeout(this.#typing);
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('store')) {
            this.#agents.clear();
            this.#silent.clear();
            this.#pauses.clear();
            this.#pauseLoads++;
            this.refreshed = this.problem = null;
        }
        this.rows = this.#ranked();
    }

    updated(changed) {
        if (changed.has('store') || (this.store.loaded && !this.refreshed && !this.busy && !this.problem)) {
            this.#refresh();
        } else if (changed.has('shown') || changed.has('text') || changed.has('only')) {
            clearTimeout(this.#typing);
            this.#typing = setTimeout(() => this.#load(row => !this.#agents.has(row.workspace.id)), 250);
        }
    }

    get #dialog() {
        return this.renderRoot.querySelector('rc-pause-dialog');
    }

    /** All agents of those that were asked for, and the silent ones of the others. */
    #known() {
        return new Map([...this.#silent, ...this.#agents]);
    }

    #ranked() {
        return ranked(this.store.workspaces.values(), this.#known(), this.#pauses, this);
    }

    async #refresh() {
        if (this.busy) {
            this.#soon.ask();
            return;
        }
        if (!this.store.loaded) {
            return;
        }
        this.busy = true;
        try {
            const store = this.store;
            const own = { org_id: store.organisation };
            const [summary, stale] = await Promise.all([
                get('/heartbeats/summary'), all(withQuery('/heartbeats/stale', own)), this.#loadPauses(),
            ]);
            if (store !== this.store) {
                return;
            }
            this.summary = summary;
            this.#silent = byWorkspace(stale);
            this.#complete = stale.complete;
            const asked = await this.#load(() => true);
            // What is not asked for any more would hide who fell silent since.
            [...this.#agents.keys()].filter(id => !asked.has(id)).forEach(id => this.#agents.delete(id));
            this.refreshed = new Date();
            this.problem = null;
        } catch (problem) {
            this.problem = problem;
        } finally {
            this.busy = false;
        }
    }

    async #loadPauses() {
        const mine = ++this.#pauseLoads;
        const pauses = await all(withQuery('/watchdog-pauses', { org_id: this.store.organisation }));
        if (mine === this.#pauseLoads) {
            this.#pauses = byWorkspace(pauses);
        }
    }

    async #changed(id) {
        await this.#loadPauses().catch(() => null);
        await this.#load(row => row.workspace.id === id);
    }

    /** @returns {Promise<Set<string>>} of which workspaces the agents were asked for */
    async #load(which) {
        const wanted = this.#ranked().slice(0, this.shown).filter(which);
        await inParallel(wanted, AT_ONCE, async ({ workspace }) => {
            const agents = await all(`/workspaces/${workspace.id}/heartbeats`, 500).catch(() => null);
            if (agents !== null) {
                this.#agents.set(workspace.id, agents);
            }
        });
        this.requestUpdate();
        return new Set(wanted.map(({ workspace }) => workspace.id));
    }

    #tiles() {
        const count = new Map();
        for (const row of this.store.workspaces.values()) {
            count.set(row.status, (count.get(row.status) ?? 0) + 1);
        }
        const total = lists => [...lists.values()].reduce((sum, each) => sum + each.length, 0);
        const silent = total(this.#silent);
        const pauses = [...this.#pauses.values()].flat().filter(isRunning).length;
        // The summary is of all organisations for the platform's admin; what it says of agents is shown for one's own alone.
        const alive = session.isPlatform ? null : this.summary?.agents.alive;
        const tile = (status, number, word) => html`
            <div class="tile card" data-tile=${status} data-look=${number > 0 ? look(status).colour.slice(2) : nothing}>
                <b>${number}${status === 'silent' && !this.#complete ? '+' : ''}</b><span><span aria-hidden="true">${look(status).sign}</span> ${word}</span></div>`;
        const waiting = (count.get('awaiting_agent') ?? 0) + (count.get('provisioning') ?? 0);
        return html`<div class="tiles">
            ${alive === null || alive === undefined ? nothing : tile('alive', alive, 'agents alive')}
            ${tile('silent', silent, 'agents silent')}
            ${tile('online', count.get('online') ?? 0, 'workspaces online')}
            ${tile('degraded', count.get('degraded') ?? 0, 'degraded')}
            ${tile('offline', (count.get('offline') ?? 0) + (count.get('failed') ?? 0), 'offline or failed')}
            ${tile('awaiting_agent', waiting, 'never heard')}
            ${tile('paused', pauses, pauses === 1 ? 'pause' : 'pauses')}
            ${count.has('paused') ? tile('paused', count.get('paused'), 'workspaces paused') : nothing}
        </div>`;
    }

    #workspace({ workspace, agents }) {
        const lines = Math.max(1, agents.length);
        const pauses = this.#pauses.get(workspace.id) ?? [];
        const whole = pauses.find(each => each.agent_id === '*' && isRunning(each));
        const first = html`<th scope="rowgroup" rowspan=${lines}>
            <a href=${address(this.store.organisation, 'agents', workspace.id)}>${workspace.name}</a>
            <span class="place">${placeOf(this.store, workspace.id)}</span><span class="status">${badge(workspace.status)}</span>
            ${whole ? html`<span class="status"><span class="badge" title=${`The silence of its agents is not judged until ${clock(whole.until_at)}`}><span
                aria-hidden="true">${look('paused').sign}</span> all paused, ${left(whole.until_at)} left</span></span>` : nothing}
            ${whole && agents.length > 0 && session.mayWrite
                ? html`<rc-pause class="status" .workspace=${workspace} .pauses=${pauses}></rc-pause>` : nothing}</th>`;
        const pause = agent => session.mayWrite ? html`<td><rc-pause .workspace=${workspace} .agent=${agent}
            .pauses=${pauses}></rc-pause></td>` : nothing;
        return html`<tbody data-workspace=${workspace.id}>${agents.length === 0
            ? html`<tr>${first}<td colspan="5"
                class="muted small">${this.#agents.has(workspace.id) ? 'No agent of it was heard yet.' : '…'}</td>${pause('*')}</tr>`
            : agents.map((agent, i) => html`<tr
                data-agent=${agent.agent_id}>${i === 0 ? first : nothing}${agentCells(agent)}${pause(agent.agent_id)}</tr>`)}</tbody>`;
    }

    /** Silent ones and pauses are known of all workspaces, other agents only of those that were asked for them. */
    #coverage() {
        const all = this.store.workspaces.size;
        return this.text.trim() === '' || this.#agents.size >= all ? nothing : html`<p class="small muted" id="coverage">
            Searched: the names of all ${all} workspaces, and the agents and tasks of ${this.#agents.size} of them.</p>`;
    }

    render() {
        if (!this.store.loaded) {
            return html`<p class="empty" role="status">Loading …</p>`;
        }
        const rest = this.rows.length - this.shown;
        return html`
            <div class="head">
                <h1>Agents</h1>
                <label>Search <input id="search" type="search" placeholder="Workspace, agent or task" .value=${this.text}
                    @input=${e => { this.text = e.target.value; }}></label>
                <label>Only <select id="only" @change=${e => { this.only = e.target.value; }}>
                    ${Object.entries(ONLY).map(([value, word]) => html`<option value=${value}>${word}</option>`)}</select></label>
                <span class="small muted" id="refreshed">${this.refreshed
                    ? html`As of ${this.refreshed.toLocaleTimeString()}, every 15 s` : 'Asking …'}</span>
                <button id="refresh" ?disabled=${this.busy} @click=${() => this.#refresh()}>Refresh</button>
            </div>
            ${this.#tiles()}
            ${problemOf(this.problem)}
            <div @changed=${e => this.#changed(e.detail)} @ask-pause=${e => this.#dialog.ask(e.detail)}>
                <div class="card list"><div class="scroll" tabindex="0" role="region" aria-label="Agents by workspace">
                    <table>
                        <thead><tr><th scope="col">Workspace</th>${HEADS}${session.mayWrite ? html`<th scope="col"><span
                            class="hidden">Pause</span></th>` : nothing}</tr></thead>
                        ${this.rows.slice(0, this.shown).map(row => this.#workspace(row))}
                    </table>
                    ${this.rows.length === 0 ? html`<p class="empty">None is so.</p>` : nothing}
                </div></div>
                ${this.#coverage()}
                ${rest > 0 ? html`<p><button id="more"
                    @click=${() => { this.shown += PAGE; }}>${rest} more workspaces</button></p>` : nothing}
            </div>
            <rc-incidents .store=${this.store}></rc-incidents>
            <rc-pause-dialog @changed=${e => this.#changed(e.detail)}></rc-pause-dialog>`;
    }
}
customElements.define('rc-agents-overview', AgentsOverview);
