import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { get } from '../api.js';
import { noticeOf } from '../ui/notices.js';
import { shared } from '../ui/styles.js';
import { draftOf, keepDraft } from './drafts.js';
import './source.js';

/** What the service takes at most (`quarkus.http.limits.max-body-size`). */
const LARGEST = 10 * 1024 * 1024;

/**
 * Where the template comes from: the service's own ones, a file, or what is typed. Tells `chosen` whenever it changes, with
 * {@link source} as the service is asked with. Faults are shown in the text until it is edited again.
 */
export class Chooser extends Component {
    static properties = {
        faults: { attribute: false }, place: { attribute: false }, templates: { state: true }, dir: { state: true }, text: { state: true }, file: { state: true },
        reading: { state: true },
    };
    static styles = [shared, css`
        :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
        textarea { min-height: 15rem; height: 34vh; font: .82rem/1.5 var(--mono); white-space: pre; overflow: auto; tab-size: 2; }
        .drop { border: 1.5px dashed var(--line-strong); border-radius: 8px; padding: .6rem .8rem; }
        input[type=file] { position: absolute; width: 1px; height: 1px; opacity: 0; }
        .file { display: inline-block; border: 1px solid var(--line-strong); border-radius: 6px; padding: .35rem .65rem; cursor: pointer; color: var(--text);
                font-size: 1rem; background: var(--raised); }
        input[type=file]:focus-visible + .file { outline: 2px solid var(--focus); outline-offset: 2px; }
        select { width: 100%; }
        .about p { margin: 0 0 .4rem; }
        code { font-family: var(--mono); font-size: .85rem; background: var(--hover); border-radius: 4px; padding: 0 .3rem; }
        .head { display: flex; justify-content: space-between; align-items: center; gap: .5rem; }
    `];

    faults = [];
    /** Of which organisation: what is left here is found here again. */
    place = 'new';
    dir = '';
    text = '';
    file = null;

    connectedCallback() {
        super.connectedCallback();
        get('/org/templates').then(templates => { this.templates = templates; }, noticeOf);
    }

    willUpdate(changed) {
        if (changed.has('place')) {
            this.faults = [];
            Object.assign(this, draftOf(this.place));
        }
    }

    /** `{dir}` or `{text}`; null while nothing is chosen. */
    get source() {
        return this.dir !== '' ? { dir: this.dir } : this.text.trim() !== '' ? { text: this.text } : null;
    }

    /** The shipped template that is chosen, as `GET /org/templates` says it. */
    get template() {
        return this.templates?.find(each => each.dir === this.dir) ?? null;
    }

    #changed() {
        this.faults = [];
        keepDraft(this.place, this);
        this.dispatchEvent(new Event('chosen'));
    }

    async take(file) {
        if (file.size > LARGEST) {
            noticeOf({ message: `${file.name} is larger than 10 MiB, the most that the service takes.` });
            return;
        }
        this.text = await file.text();
        this.file = file.name;
        this.dir = '';
        this.#changed();
    }

    /** The same file once more is a choice too: it may have been edited meanwhile. */
    #choose(e) {
        const [file] = e.target.files;
        e.target.value = '';
        if (file) {
            this.take(file);
        }
    }

    async #edit(line) {
        this.faults = [];
        await this.updateComplete;
        const area = this.renderRoot.querySelector('textarea');
        const begin = this.text.split('\n').slice(0, (line ?? 1) - 1).reduce((sum, each) => sum + each.length + 1, 0);
        const end = this.text.indexOf('\n', begin);
        area.focus();
        area.setSelectionRange(begin, end < 0 ? this.text.length : end);
        area.scrollTop = Math.max(0, (line ?? 1) - 6) * parseFloat(getComputedStyle(area).lineHeight);
    }

    #env(title, requirements) {
        return requirements.length === 0 ? nothing : html`<p class="small">${title}: ${requirements.map(each => html`
            <code>${each.any_of?.join(' or ') ?? each}</code> `)}</p>`;
    }

    #about(template) {
        return html`<div class="card about">
            <p><strong>${template.name ?? template.dir}</strong> <span class="muted">· ${template.workspaces} workspaces</span></p>
            ${template.error ? html`<p class="bad">${template.error}</p>` : html`<p>${template.description}</p>`}
            ${this.#env('Needs', template.required_env)}${this.#env('Recommended', template.recommended_env)}</div>`;
    }

    #text() {
        const placed = this.faults.some(({ line }) => line !== null);
        return html`
            <div class="head"><label for="text">${this.file ?? 'Template, YAML or JSON'}</label>
                ${placed ? html`<button type="button" id="edit" @click=${() => this.#edit(this.faults.find(({ line }) => line !== null).line)}>Edit</button>` : nothing}</div>
            ${placed ? html`<rc-source .text=${this.text} .faults=${this.faults} @edit=${e => this.#edit(e.detail)}></rc-source>` : html`
                <textarea id="text" spellcheck="false" autocomplete="off" .value=${this.text} placeholder=${'name: Acme\nworkspaces:\n  - name: Acme\n    children:\n      - name: Engineering'}
                    @input=${e => { this.text = e.target.value; this.#changed(); }}></textarea>`}`;
    }

    render() {
        const template = this.template;
        return html`
            <div class="drop row" id="drop">
                <input type="file" id="file" accept=".yaml,.yml,.json" @change=${this.#choose}>
                <label class="file" for="file">Choose a file</label>
                <span class="muted grow">or drop one anywhere here, paste its text, or take a shipped template.</span>
            </div>
            <label>Shipped template
                <select id="template" @change=${e => { this.dir = e.target.value; this.#changed(); }}>
                    <option value="" .selected=${this.dir === ''}>None: the text below</option>
                    ${(this.templates ?? []).map(each => html`<option value=${each.dir} .selected=${each.dir === this.dir} ?disabled=${each.error !== undefined}>
                        ${each.name ?? each.dir}${each.error ? ' (broken)' : `, ${each.workspaces} workspaces`}</option>`)}
                </select></label>
            ${template !== null ? this.#about(template) : this.#text()}`;
    }
}
customElements.define('rc-import-chooser', Chooser);
