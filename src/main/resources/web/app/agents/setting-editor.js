import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { call, request } from '../api.js';
import { session } from '../session.js';
import { formStyles } from '../ui/forms.js';
import { notice, noticeOf } from '../ui/notices.js';
import { problemOf } from '../ui/problem.js';
import { shared } from '../ui/styles.js';
import { pretty, wrongIn } from './json-text.js';
import '../ui/dialog.js';
import './setting-conflict.js';

/**
 * What was typed and not saved when its editor was left, by address; it is there again when the document is opened again. A new
 * document's address has no name yet.
 */
const drafts = new Map();
session.addEventListener('change', () => drafts.clear());

/**
 * One document of settings as text. It is saved only over what was loaded (If-Match); when somebody was faster, both texts are
 * shown and nothing that was typed is lost. Tells `saved` with the key, and `deleted`.
 */
export class SettingEditor extends Component {
    static properties = {
        workspaceId: { attribute: false }, key: { attribute: false }, making: { attribute: false },
        name: { state: true }, fresh: { state: true }, text: { state: true }, theirs: { state: true }, problem: { state: true }, busy: { state: true },
        ready: { state: true },
    };
    static styles = [shared, formStyles, css`
        :host { display: block; }
        textarea { font-family: var(--mono); font-size: .85rem; line-height: 1.5; tab-size: 2; white-space: pre; overflow-x: auto;
            resize: vertical; }
        .wrong { color: var(--bad); font-size: .85rem; margin: .25rem 0 0; min-height: 1.3em; }
        .fine { color: var(--good); }
        .link { border: 0; background: none; padding: 0; color: inherit; text-decoration: underline; }
        .top { display: flex; gap: .5rem; align-items: baseline; margin-bottom: .5rem; }
        .top .mono { font-weight: 600; overflow-wrap: anywhere; }
    `];

    text = '';
    /** As it was loaded or saved last: what was typed beyond it is not saved. */
    #saved = '';
    #etag = null;
    #loads = 0;
    /** Of which document the text is; null for one that is not saved yet. */
    #shown = null;

    get isDirty() {
        return this.text !== this.#saved || (this.fresh === true && this.name !== '');
    }

    get #newPath() {
        return `/workspaces/${this.workspaceId}/settings/`;
    }

    get #path() {
        return `/workspaces/${this.workspaceId}/settings/${encodeURIComponent(this.name)}`;
    }

    disconnectedCallback() {
        if (this.isDirty) {
            drafts.set(this.fresh ? this.#newPath : this.#path, { name: this.name, text: this.text, saved: this.#saved, etag: this.#etag });
        }
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('making') && this.making) {
            this.name = '';
            this.fresh = true;
            this.#shown = null;
            this.#show('{\n  \n}', null);
            const draft = this.#draft(this.#newPath);
            if (draft) {
                this.name = draft.name;
                this.text = draft.text;
            }
        } else if (!this.making && this.key !== null && this.key !== this.#shown && (changed.has('key') || changed.has('making'))) {
            this.name = this.#shown = this.key;
            this.fresh = false;
            this.#load();
        }
    }

    #draft(path) {
        const draft = drafts.get(path);
        drafts.delete(path);
        return draft;
    }

    #show(text, etag) {
        this.#loads++;
        this.ready = true;
        this.text = this.#saved = text;
        this.#etag = etag;
        this.theirs = null;
        this.problem = null;
    }

    async #read() {
        const response = await request('GET', this.#path);
        return { text: pretty(await response.text()), etag: response.headers.get('ETag') };
    }

    async #load() {
        const mine = ++this.#loads;
        this.text = this.#saved = '';
        // Not that of the document before: what could not be loaded cannot be saved over either.
        this.#etag = null;
        this.ready = false;
        this.theirs = this.problem = null;
        const draft = this.#draft(this.#path);
        if (draft) {
            // With the ETag of then: when somebody changed it since, saving says so.
            this.#show(draft.saved, draft.etag);
            this.text = draft.text;
            return;
        }
        try {
            const { text, etag } = await this.#read();
            if (mine === this.#loads) {
                this.#show(text, etag);
            }
        } catch (problem) {
            if (mine === this.#loads) {
                this.problem = problem;
            }
        }
    }

    async #save(e) {
        e.preventDefault();
        this.busy = true;
        this.problem = null;
        try {
            const made = this.fresh;
            const text = this.text;
            const headers = this.#etag === null ? { 'If-None-Match': '*' } : { 'If-Match': this.#etag };
            const response = await request('PUT', this.#path, { body: text, type: 'application/json', headers });
            // What was typed while it was being saved stays, and is not saved yet.
            this.#saved = text;
            this.#etag = response.headers.get('ETag');
            this.#shown = this.name;
            this.fresh = false;
            notice(made ? `Made: ${this.name}` : `Saved: ${this.name}`);
            this.dispatchEvent(new CustomEvent('saved', { detail: this.name }));
        } catch (problem) {
            if (problem.status === 412) {
                await this.#meet();
            } else {
                this.problem = problem;
            }
        } finally {
            this.busy = false;
        }
    }

    /** Somebody else was faster: theirs beside ours, and the choice. */
    async #meet() {
        try {
            this.theirs = await this.#read();
        } catch (problem) {
            if (problem.status !== 404) {
                this.problem = problem;
                return;
            }
            this.theirs = { text: null, etag: null };
        }
    }

    /** Goes on with this text over what is there now; the next save is meant for that. */
    #resolve(text) {
        const { text: theirs, etag } = this.theirs;
        this.theirs = null;
        if (text === null) {
            this.#saved = this.text;
            this.dispatchEvent(new Event('deleted'));
            return;
        }
        this.#etag = etag;
        this.#saved = theirs ?? '';
        this.fresh = false;
        this.text = text;
    }

    #toMistake(wrong) {
        const area = this.renderRoot.querySelector('textarea');
        area.focus();
        area.setSelectionRange(wrong.at, wrong.at + 1);
    }

    async #delete() {
        this.busy = true;
        try {
            await call('DELETE', this.#path, { headers: { 'If-Match': this.#etag } });
            this.#saved = this.text;
            this.renderRoot.querySelector('#delete-dialog').close();
            notice(`Deleted: ${this.name}`);
            this.dispatchEvent(new Event('deleted'));
        } catch (problem) {
            this.renderRoot.querySelector('#delete-dialog').close();
            if (problem.status === 412) {
                await this.#meet();
            }
            noticeOf(problem);
        } finally {
            this.busy = false;
        }
    }

    render() {
        const wrong = this.ready ? wrongIn(this.text) : null;
        const write = session.mayWrite && this.ready;
        if (this.theirs) {
            return html`<rc-setting-conflict .mine=${this.text} .theirs=${this.theirs.text}
                @resolve=${e => this.#resolve(e.detail)}></rc-setting-conflict>`;
        }
        return html`
            <form class="card" id="setting-form" @submit=${this.#save}>
                ${this.fresh
                    ? html`<label>Name of the document <input name="key" required maxlength="200" pattern="\\S+" .value=${this.name}
                        @input=${e => { this.name = e.target.value.trim(); }}></label>`
                    : html`<div class="top"><span class="mono">${this.name}</span><span
                        class="muted small">${this.isDirty ? 'not saved' : ''}</span></div>`}
                <label>JSON
                    <textarea id="setting-text" rows=${Math.min(28, Math.max(8, this.text.split('\n').length + 1))}
                        spellcheck="false" ?readonly=${!write}
                              aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="wrong" .value=${this.text}
                              @input=${e => { this.text = e.target.value; }}></textarea></label>
                <p class="wrong" id="wrong" role="status">${wrong
                    ? html`<button class="link" type="button"
                        @click=${() => this.#toMistake(wrong)}>Line ${wrong.line}, column ${wrong.column}</button>: ${wrong.message}`
                    : this.isDirty ? html`<span class="fine">✓ JSON</span>` : nothing}</p>
                ${problemOf(this.problem)}
                ${this.ready || !this.problem ? nothing : html`<div class="actions"><button type="button" id="again"
                    @click=${() => this.#load()}>Try again</button></div>`}
                ${write ? html`
                    <div class="actions">
                        ${this.fresh ? nothing : html`<button type="button" class="danger" id="delete" ?disabled=${this.busy}
                            @click=${() => this.renderRoot.querySelector('#delete-dialog').show()}>Delete …</button><span
                                class="grow"></span>`}
                        <button type="button" id="tidy" ?disabled=${wrong !== null}
                            @click=${() => { this.text = pretty(this.text); }}>Tidy</button>
                        <button type="button" id="revert" ?disabled=${!this.isDirty}
                            @click=${() => { this.text = this.#saved; }}>Undo all</button>
                        <button class="primary" id="save"
                            ?disabled=${this.busy || wrong !== null || (!this.isDirty && !this.fresh)}>Save</button>
                    </div>` : nothing}
            </form>
            <rc-dialog id="delete-dialog" heading="Delete this document">
                <p>${this.name} will be gone, for everybody who reads it.</p>
                <div class="actions"><button class="danger" ?disabled=${this.busy} @click=${this.#delete}>Delete</button></div>
            </rc-dialog>`;
    }
}
customElements.define('rc-setting-editor', SettingEditor);
