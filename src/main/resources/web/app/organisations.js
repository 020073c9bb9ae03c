import { html, css, nothing } from 'lit';
import { Component } from './ui/component.js';
import { get } from './api.js';
import { Live } from './live.js';
import { address } from './route.js';
import { alarmOf, liveness } from './ui/liveness.js';
import { badge } from './ui/status.js';
import { shared } from './ui/styles.js';

/** Not more often than this is the list read, however much happens. */
const PAUSE_MS = 1_000;
const RETRY_MS = 3_000;

/** All organisations, for the platform's admin: the way into one of them, and the way to import the first. */
export class Organisations extends Component {
    static properties = { roots: { state: true }, problem: { state: true }, wanted: { state: true }, liveState: { state: true } };
    static styles = [shared, css`
        :host { display: block; padding: 1rem; max-width: 60rem; margin: auto; }
        ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
        li a { display: flex; gap: .75rem; align-items: center; text-decoration: none; color: inherit; }
        li a:hover { background: var(--hover); }
        .name { font-weight: 600; flex: 1; overflow-wrap: anywhere; }
        .alarm { background: var(--changed); border-radius: 6px; padding: .3rem .75rem; }
    `];

    wanted = '';
    problem = null;
    liveState = 'disconnected';
    #live = null;
    #timer = null;

    connectedCallback() {
        super.connectedCallback();
        this.#live = new Live(null);
        this.#live.addEventListener('gap', () => this.load());
        this.#live.addEventListener('event', e => concernsRoots(e.detail) && this.#soon(PAUSE_MS));
        this.#live.addEventListener('state', () => { this.liveState = this.#live?.state ?? this.liveState; });
        this.#live.start();
        this.load();
    }

    disconnectedCallback() {
        this.#live.stop();
        this.#live = null;
        clearTimeout(this.#timer);
        super.disconnectedCallback();
    }

    async load() {
        try {
            this.roots = await get('/workspaces?roots=true');
            this.problem = null;
        } catch (problem) {
            this.problem = problem;
            if (problem.isPassing) {
                this.#soon(RETRY_MS);
            }
        }
    }

    #soon(pause) {
        if (this.#live !== null) {
            this.#timer ??= setTimeout(() => {
                this.#timer = null;
                this.load();
            }, pause);
        }
    }

    #list() {
        const shown = this.roots.filter(root => root.name.toLowerCase().includes(this.wanted.toLowerCase()));
        return this.roots.length === 0
            ? html`<p class="empty">There is no organisation yet. <a href=${address('new', 'imports')}>Import one</a>, or run
                <code>./rollcall demo</code>.</p>`
            : html`<ul>${shown.map(root => html`
                <li><a class="card" href=${address(root.id, 'canvas')} data-id=${root.id}>
                    <span class="name">${root.name}</span>
                    <span class="muted small">${root.children_count} below it</span>
                    ${badge(root.status)}
                </a></li>`)}</ul>`;
    }

    render() {
        const lost = alarmOf(this.liveState);
        return html`
            <div class="row">
                <h1 class="grow">Organisations</h1>
                ${this.roots && this.#live ? liveness(this.liveState) : nothing}
                <label class="hidden" for="search">Search organisations</label>
                <input id="search" type="search" placeholder="Search" @input=${e => { this.wanted = e.target.value; }}>
                <a href=${address('new', 'imports')}>Import an organisation</a>
            </div>
            ${lost && this.roots && this.#live.last !== null ? html`<p class="alarm">${lost}</p>` : nothing}
            ${this.problem ? html`<p class="bad" role="alert">${this.problem.message}</p>` : nothing}
            ${this.roots ? this.#list() : this.problem ? nothing : html`<p class="empty" role="status">Loading …</p>`}`;
    }
}
customElements.define('rc-organisations', Organisations);

/** Only roots are listed, with how many are directly below each. */
function concernsRoots({ event, org_id, workspace_id, payload }) {
    return event === 'ORG_IMPORTED' || (event.startsWith('WORKSPACE_') && (workspace_id === org_id
        || (payload.parent_id === org_id && ['WORKSPACE_PROVISIONING', 'WORKSPACE_REMOVED'].includes(event))
        || payload.changes?.parent_id !== undefined));
}
