import { html, css, nothing } from 'lit';
import { Component } from './ui/component.js';
import { session } from './session.js';
import { IN_FLIGHT_READ, Store } from './store.js';
import { address, current, go } from './route.js';
import { alarmOf, liveness } from './ui/liveness.js';
import { noticeOf } from './ui/notices.js';
import { shared } from './ui/styles.js';
import './sign-in.js';
import './organisations.js';
import './canvas/view.js';
import './delegations/view.js';
import './agents/view.js';
import './imports/view.js';

const VIEWS = { canvas: 'Canvas', delegations: 'Delegations', agents: 'Agents', imports: 'Imports' };

const RETRY_MS = 3_000;

/** The page: who is signed in, which organisation, which view of it, and whether what it shows is up to date. */
export class App extends Component {
    static properties = { ready: { state: true }, route: { state: true }, trouble: { state: true } };
    static styles = [shared, css`
        :host { display: flex; flex-direction: column; height: 100%; }
        header { display: flex; gap: .75rem; align-items: center; padding: .4rem .75rem; background: var(--raised);
                 border-bottom: 1px solid var(--line); flex-wrap: wrap; }
        header img { width: 26px; height: 26px; display: block; }
        nav { display: flex; gap: .15rem; flex-wrap: wrap; }
        nav a { padding: .35rem .7rem; border-radius: 6px; text-decoration: none; color: inherit; }
        nav a:hover { background: var(--hover); }
        nav a[aria-current=page] { background: var(--hover); font-weight: 600; box-shadow: inset 0 -2px 0 var(--accent); }
        .org { font-weight: 600; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        main { flex: 1; min-height: 0; overflow: auto; }
        .skip { position: absolute; left: -999px; }
        .skip:focus { left: .5rem; top: .5rem; background: var(--raised); padding: .5rem; z-index: 30; }
        .alarm { background: var(--changed); padding: .3rem .75rem; border-bottom: 1px solid var(--line); font-size: .9rem; }
        @media (max-width: 600px) { header { gap: .4rem; } nav { order: 9; width: 100%; } .org { max-width: 9rem; } }
    `];

    store = null;
    route = current();
    /** Why it is not known yet who is signed in here. */
    trouble = null;
    #retry = null;
    #onRoute = () => {
        this.route = current();
        this.#follow();
    };
    #redraw = () => this.requestUpdate();
    /** A file that misses its place must not take the place of the page. */
    #noDrop = e => e.dataTransfer.types.includes('Files') && e.preventDefault();
    #onSession = () => {
        clearTimeout(this.#retry);
        this.trouble = null;
        this.#leave();
        this.#follow();
        this.requestUpdate();
    };

    connectedCallback() {
        super.connectedCallback();
        window.addEventListener('hashchange', this.#onRoute);
        session.addEventListener('change', this.#onSession);
        this.#theme(localStorage.getItem('rollcall-theme'));
        window.addEventListener('dragover', this.#noDrop);
        window.addEventListener('drop', this.#noDrop);
        this.#resume();
    }

    /** A service that is starting, or has too much to do, is no reason to ask for the token again. */
    async #resume() {
        try {
            await session.resume();
            this.ready = true;
        } catch (problem) {
            this.ready = true;
            if (problem.isPassing) {
                this.trouble = problem;
                this.#retry = setTimeout(() => this.#resume(), RETRY_MS);
            } else {
                session.signOut();
                await this.updateComplete;
                noticeOf(problem);
            }
        }
    }

    disconnectedCallback() {
        window.removeEventListener('hashchange', this.#onRoute);
        session.removeEventListener('change', this.#onSession);
        window.removeEventListener('dragover', this.#noDrop);
        window.removeEventListener('drop', this.#noDrop);
        clearTimeout(this.#retry);
        this.#leave();
        super.disconnectedCallback();
    }

    /** One store for the organisation that the address names; an organisation's token knows but its own. */
    #follow() {
        if (session.who === null) {
            return;
        }
        const own = session.who.org_id;
        if (own !== null && this.route.organisation !== own) {
            go(own, 'canvas');
            return;
        }
        const wanted = this.route.organisation === 'new' ? null : this.route.organisation;
        if (this.store?.organisation !== wanted) {
            this.#leave();
            if (wanted !== null) {
                this.store = new Store(wanted);
                this.store.addEventListener('live', this.#redraw);
                this.store.addEventListener('workspaces', this.#redraw);
                this.store.addEventListener('failed', e => noticeOf(e.detail));
                this.store.start();
            }
        }
    }

    #leave() {
        this.store?.stop();
        this.store = null;
    }

    #theme(theme) {
        if (theme === null) {
            delete document.documentElement.dataset.theme;
        } else {
            document.documentElement.dataset.theme = theme;
            localStorage.setItem('rollcall-theme', theme);
        }
        window.dispatchEvent(new Event('rc-theme'));
    }

    #otherTheme() {
        const dark = document.documentElement.dataset.theme
            ? document.documentElement.dataset.theme === 'dark'
            : matchMedia('(prefers-color-scheme: dark)').matches;
        this.#theme(dark ? 'light' : 'dark');
    }

    #view() {
        const { organisation, view, rest } = this.route;
        if (organisation === null) {
            return html`<rc-organisations></rc-organisations>`;
        }
        if (this.store?.refusal) {
            return html`<p class="empty" role="alert" id="refusal">This organisation cannot be shown: ${this.store.refusal.message}</p>`;
        }
        switch (view) {
            case 'delegations':
                return html`<rc-delegations .store=${this.store} .delegationId=${rest[0] ?? null}></rc-delegations>`;
            case 'agents':
                return html`<rc-agents .store=${this.store} .workspaceId=${rest[0] ?? null}></rc-agents>`;
            case 'imports':
                return html`<rc-imports .store=${this.store}></rc-imports>`;
            default:
                return html`<rc-canvas .store=${this.store} .workspaceId=${rest[0] ?? null}></rc-canvas>`;
        }
    }

    #alarms() {
        const lost = alarmOf(this.store.liveState);
        return html`
            ${lost ? html`<div class="alarm" id="lost">${lost}</div>` : nothing}
            ${this.store.incomplete ? html`<div class="alarm" id="incomplete">More than ${IN_FLIGHT_READ.toLocaleString()} delegations are
                in flight. The newest ones are shown.</div>` : nothing}`;
    }

    #waiting() {
        return html`<div class="empty" id="trouble"><p role="alert">${this.trouble.message}</p>
            <p>You are still signed in. Trying again by itself.</p>
            <button @click=${() => session.signOut()}>Use another token</button></div>`;
    }

    render() {
        if (!this.ready) {
            return nothing;
        }
        if (session.who === null) {
            return html`${this.trouble ? this.#waiting() : html`<rc-sign-in></rc-sign-in>`}<rc-notices></rc-notices>`;
        }
        const { organisation, view } = this.route;
        const root = this.store?.workspaces.get(organisation);
        const shown = view ?? 'canvas';
        return html`
            <a class="skip" href="#main" @click=${e => { e.preventDefault(); this.renderRoot.querySelector('main').focus(); }}>
                Skip to content</a>
            <header>
                ${session.isPlatform
                    ? html`<a href="#/" aria-label="All organisations"><img src="/static/icon.svg" alt=""></a>`
                    : html`<img src="/static/icon.svg" alt="">`}
                ${root ? html`<span class="org" title=${root.name}>${root.name}</span>` : nothing}
                ${this.store ? html`
                    <nav aria-label="Views">${Object.entries(VIEWS).map(([name, title]) => html`
                        <a href=${address(organisation, name)} aria-current=${name === shown ? 'page' : nothing}>${title}</a>`)}
                    </nav>` : nothing}
                <span class="grow"></span>
                ${this.store ? liveness(this.store.liveState) : nothing}
                ${session.mayWrite ? nothing : html`<span class="badge" id="read-only">read only</span>`}
                <button class="quiet" aria-label="Light or dark" title="Light or dark" @click=${this.#otherTheme}>◐</button>
                <button class="quiet" @click=${() => session.signOut()}>Sign out</button>
            </header>
            ${this.store ? this.#alarms() : nothing}
            <main id="main" tabindex="-1">${this.#view()}</main>
            <rc-notices></rc-notices>`;
    }
}
customElements.define('rc-app', App);
