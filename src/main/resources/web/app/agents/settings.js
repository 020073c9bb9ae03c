import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { all } from '../api.js';
import { session } from '../session.js';
import { formStyles } from '../ui/forms.js';
import { problemOf } from '../ui/problem.js';
import { shared } from '../ui/styles.js';
import { ago } from '../ui/time.js';
import './setting-editor.js';

/** The settings of a workspace: its documents, and the one that is open. */
export class Settings extends Component {
    static properties = {
        workspaceId: { attribute: false }, items: { state: true }, chosen: { state: true }, making: { state: true }, problem: { state: true },
    };
    static styles = [shared, formStyles, css`
        :host { position: relative; display: block; }
        .two { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 1rem; align-items: start; }
        ul { list-style: none; margin: 0; padding: .25rem; }
        li button { width: 100%; text-align: left; border-color: transparent; background: transparent; }
        li button[aria-current=true] { background: var(--hover); box-shadow: inset 2px 0 0 var(--accent); }
        li .small { display: block; color: var(--muted); font-size: .76rem; }
        li .mono { overflow-wrap: anywhere; }
        .head { display: flex; align-items: center; margin-bottom: .5rem; }
        .head h2 { flex: 1; margin: 0; }
        @media (max-width: 700px) { .two { grid-template-columns: minmax(0, 1fr); } }
    `];

    chosen = null;
    making = false;

    willUpdate(changed) {
        if (changed.has('workspaceId')) {
            this.items = this.chosen = this.problem = null;
            this.making = false;
            this.#load();
        }
    }

    get #editor() {
        return this.renderRoot.querySelector('rc-setting-editor');
    }

    async #load() {
        try {
            this.items = await all(`/workspaces/${this.workspaceId}/settings`, 2000);
            this.problem = null;
        } catch (problem) {
            this.problem = problem;
        }
    }

    /** Leaves the open document only when nothing that was typed would be lost, or when that is meant. */
    #choose(key) {
        if (this.#editor?.isDirty && !confirm('What was typed is not saved. Leave it?')) {
            return;
        }
        this.making = key === null;
        this.chosen = key;
    }

    #saved(key) {
        this.making = false;
        this.chosen = key;
        this.#load();
    }

    render() {
        const open = this.making || this.chosen !== null;
        return html`
            <div class="head"><h2>Settings</h2>
                ${session.mayWrite ? html`<button id="new-setting"
                    @click=${() => this.#choose(null)}>New document</button>` : nothing}</div>
            ${problemOf(this.problem)}
            <div class="two">
                <div class="card">${this.items?.length === 0 ? html`<p class="muted small">No documents yet.</p>` : html`
                    <ul aria-label="Documents">${(this.items ?? []).map(item => html`
                        <li><button data-key=${item.key} aria-current=${item.key === this.chosen ? 'true' : nothing}
                            @click=${() => this.#choose(item.key)}>
                            <span class="mono">${item.key}</span><span
                                class="small">version ${item.version} · ${item.bytes} bytes · ${ago(item.updated_at)}</span>
                        </button></li>`)}</ul>`}</div>
                ${open ? html`<rc-setting-editor .workspaceId=${this.workspaceId} .key=${this.chosen} .making=${this.making}
                        @saved=${e => this.#saved(e.detail)} @deleted=${() => this.#saved(null)}></rc-setting-editor>`
                    : html`<p class="empty card">Choose a document.</p>`}
            </div>`;
    }
}
customElements.define('rc-settings', Settings);
