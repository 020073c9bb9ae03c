import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { all } from '../api.js';
import { address } from '../route.js';
import { session } from '../session.js';
import { formStyles } from '../ui/forms.js';
import { nameOf, placeOf } from '../ui/names.js';
import { atMostEvery, whileVisible } from '../ui/poll.js';
import { problemOf } from '../ui/problem.js';
import { badge } from '../ui/status.js';
import { shared } from '../ui/styles.js';
import { clock, left } from '../ui/time.js';
import { isRunning } from './model.js';
import { HEADS, agentCells, rowStyles } from './rows.js';
import './incidents.js';
import './metrics.js';
import './pause.js';
import './pause-dialog.js';
import './settings.js';

const REFRESH_MS = 15_000;
const SETTLE_MS = 200;

/** One workspace: its agents, pauses and incidents, what they did, and its settings. */
export class AgentsOf extends Component {
    static properties = {
        store: { attribute: false }, workspaceId: { attribute: false }, agents: { state: true }, pauses: { state: true },
        refreshed: { state: true }, problem: { state: true },
    };
    static styles = [shared, formStyles, rowStyles, css`
        :host { position: relative; display: grid; gap: 1.25rem; padding: .9rem 1rem 2rem; max-width: 84rem; margin: auto;
            --task: 22rem; }
        header .place { font-size: .85rem; color: var(--muted); }
        .two { display: grid; grid-template-columns: minmax(0, 1fr) 22rem; gap: 1.25rem; align-items: start; }
        .list { padding: 0; overflow: hidden; }
        tr:last-child > td { border-bottom: 0; }
        h2 { display: flex; gap: .6rem; align-items: center; }
        h2 .small, rc-pause { font-weight: 400; }
        ul { list-style: none; margin: .5rem 0 0; padding: 0; font-size: .88rem; display: grid; gap: .35rem; }
        @media (max-width: 1000px) { .two { grid-template-columns: minmax(0, 1fr); } :host { padding: .6rem; } }
    `];

    #end = null;
    #loads = 0;
    #soon = atMostEvery(SETTLE_MS, () => this.#load());
    #redraw = () => this.requestUpdate();
    #onEvent = e => {
        if (e.detail.workspace_id === this.workspaceId && /^(WORKSPACE_|INCIDENT_)/.test(e.detail.event)) {
            this.#soon.ask();
        }
    };
    #follow = new Follow(this, { workspaces: this.#redraw, event: this.#onEvent });

    connectedCallback() {
        super.connectedCallback();
        this.#end = whileVisible(REFRESH_MS, () => this.#load());
    }

    disconnectedCallback() {
        this.#end();
        this.#soon.end();
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('workspaceId') || changed.has('store')) {
            this.agents = this.pauses = this.problem = this.refreshed = null;
            this.#load();
        }
    }

    async #load() {
        const mine = ++this.#loads;
        try {
            const path = `/workspaces/${this.workspaceId}`;
            const [agents, pauses] = await Promise.all([all(`${path}/heartbeats`, 2000), all(`${path}/watchdog-pauses`, 2000)]);
            if (mine === this.#loads) {
                this.agents = agents;
                this.pauses = pauses;
                this.refreshed = new Date();
                this.problem = null;
            }
        } catch (problem) {
            if (mine === this.#loads) {
                this.problem = problem;
            }
        }
    }

    #agentTable(workspace) {
        const write = session.mayWrite && workspace;
        const pauses = (this.pauses ?? []).filter(isRunning);
        return html`
            <section @changed=${() => this.#load()} @ask-pause=${e => this.renderRoot.querySelector('rc-pause-dialog').ask(e.detail)}>
                <h2>Agents <span class="small muted"
                    id="refreshed">${this.refreshed ? `as of ${this.refreshed.toLocaleTimeString()}` : ''}</span>
                    <span class="grow"></span>
                    ${write ? html`<rc-pause id="pause-all" .workspace=${workspace} .pauses=${pauses}></rc-pause>` : nothing}</h2>
                <div class="card list"><div class="scroll" tabindex="0" role="region" aria-label="Agents">
                    <table>
                        <thead><tr>${HEADS}${write ? html`<th scope="col"><span class="hidden">Pause</span></th>` : nothing}</tr></thead>
                        <tbody>${(this.agents ?? []).map(agent => html`<tr data-agent=${agent.agent_id}>${agentCells(agent)}${write
                            ? html`
                            <td><rc-pause .workspace=${workspace} .agent=${agent.agent_id}
                                .pauses=${pauses}></rc-pause></td>` : nothing}</tr>`)}</tbody>
                    </table>
                    ${this.agents?.length === 0 ? html`<p class="empty">No agent of it was heard yet.</p>` : nothing}
                </div></div>
                ${pauses.length > 0 ? html`
                    <ul id="pauses" aria-label="Pauses">${pauses.map(pause => html`<li>
                        <span aria-hidden="true">‖</span> ${pause.agent_id === '*' ? 'All agents' : html`<span
                            class="mono">${pause.agent_id}</span>`}
                        paused by ${pause.paused_by}, ${left(pause.until_at)} left
                        <span class="muted">(until ${clock(pause.until_at)})</span>
                        ${write ? html`<rc-pause .workspace=${workspace} .agent=${pause.agent_id}
                            .pauses=${pauses}></rc-pause>` : nothing}
                    </li>`)}</ul>` : nothing}
            </section>`;
    }

    render() {
        const workspace = this.store.workspaces.get(this.workspaceId);
        return html`
            <header>
                <div class="place"><a href=${address(this.store.organisation, 'agents')}>Agents</a> / ${placeOf(this.store, this.workspaceId)}</div>
                <div class="row"><h1>${workspace ? workspace.name : this.store.loaded ? nameOf(this.store, this.workspaceId) : '…'}</h1>
                    ${workspace ? badge(workspace.status) : nothing}<span class="muted small">${workspace?.role ?? ''}</span></div>
            </header>
            ${problemOf(this.problem)}
            <div class="two">${this.#agentTable(workspace)}
                <rc-incidents .store=${this.store} .workspaceId=${this.workspaceId}></rc-incidents></div>
            <rc-metrics .workspaceId=${this.workspaceId} .agents=${(this.agents ?? []).map(each => each.agent_id)}></rc-metrics>
            <rc-settings .workspaceId=${this.workspaceId}></rc-settings>
            <rc-pause-dialog @changed=${() => this.#load()}></rc-pause-dialog>`;
    }
}
customElements.define('rc-agents-of', AgentsOf);
