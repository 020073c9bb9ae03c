import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { Tree } from '../canvas/tree.js';
import '../ui/picker.js';
import { randomKey } from '../api.js';
import { session } from '../session.js';
import { shared } from '../ui/styles.js';
import { atLines, lineOf } from './lines.js';
import { send } from './request.js';
import './chooser.js';
import './history.js';
import './outcome.js';

const MODES = {
    merge: 'Merge: add what is missing, leave what is there',
    update: 'Update: also write changed fields',
    reconcile: 'Reconcile: also remove what the template no longer has',
};

/** Imports: a template is chosen, previewed with a dry run, and then imported as it was seen. Below it, the history. */
export class Imports extends Component {
    static properties = {
        store: { attribute: false }, mode: { state: true }, parentId: { state: true }, result: { state: true }, problem: { state: true },
        busy: { state: true }, agreed: { state: true }, over: { state: true }, seconds: { state: true }, tree: { state: true },
    };
    static styles = [shared, css`
        :host { display: block; padding: 1rem; min-height: 100%; max-width: 100rem; margin: auto; }
        :host([over]) { outline: 3px dashed var(--accent); outline-offset: -8px; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.25fr); gap: 1.25rem; align-items: start; }
        .left, .right, .past { display: grid; grid-template-columns: minmax(0, 1fr); gap: .9rem; }
        h2 { margin: 0; }
        form { display: grid; gap: .75rem; }
        select { width: 100%; }
        .problem { border-left: 4px solid var(--bad); background: var(--taken); border-radius: 6px; padding: .6rem .9rem; }
        .problem p { margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
        .problem ul { margin: .3rem 0 0; padding-left: 1.2rem; }
        .agree { background: var(--changed); border-left: 4px solid var(--warn); border-radius: 6px; padding: .6rem .9rem; color: var(--text); display: flex; gap: .6rem; font-size: 1rem; }
        .hint { color: var(--muted); border: 1.5px dashed var(--line); border-radius: 8px; padding: 3rem 1rem; text-align: center; }
        progress { width: 100%; accent-color: var(--accent); }
        .past { margin-top: 1.5rem; }
        code { font-family: var(--mono); font-size: .85rem; }
        @media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); } }
    `];

    mode = 'merge';
    parentId = null;
    busy = null;
    tree = null;
    #own = false;
    #key = null;
    #follow = new Follow(this, { workspaces: () => this.#grow() });
    #drop = e => {
        e.preventDefault();
        this.toggleAttribute('over', e.type === 'dragover');
        if (e.type === 'drop' && session.mayWrite && e.dataTransfer.files.length > 0) {
            this.#chooser.take(e.dataTransfer.files[0]);
        }
    };

    connectedCallback() {
        super.connectedCallback();
        ['dragover', 'dragleave', 'drop'].forEach(type => this.addEventListener(type, this.#drop));
    }

    disconnectedCallback() {
        ['dragover', 'dragleave', 'drop'].forEach(type => this.removeEventListener(type, this.#drop));
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('store')) {
            this.result = null;
            this.problem = null;
            this.#grow();
        }
    }

    updated(changed) {
        if (changed.has('store')) {
            // Something may lie there from the last time.
            this.#chooser?.updateComplete.then(() => this.#suggestParent());
        }
    }

    #grow() {
        this.tree = this.store?.loaded ? new Tree(this.store.workspaces, this.store.organisation) : null;
        this.#suggestParent();
    }

    get #chooser() {
        return this.renderRoot.querySelector('rc-import-chooser');
    }

    /** A template of this very organisation stays at the top; another one goes below its root, until somebody says otherwise. */
    #suggestParent() {
        const root = this.tree?.row(this.store.organisation);
        if (this.#own || root === undefined) {
            return;
        }
        if (!session.isPlatform) {
            // An organisation's own token imports below its root: that is its top.
            this.parentId = root.id;
            return;
        }
        const source = this.#chooser?.source;
        const same = source?.dir ? this.#chooser.template?.name === root.template
            : source?.text ? new RegExp(`["']?name["']?\\s*:\\s*["']?${root.name.replace(/[^\w ]/g, '.')}["']?\\s*(,|$)`, 'm').test(source.text) : true;
        this.parentId = same ? null : root.id;
    }

    #changed() {
        this.#suggestParent();
        this.result = null;
        this.problem = null;
        this.agreed = false;
        this.#key = null;
    }

    async #run(dryRun) {
        const source = this.#chooser.source;
        this.busy = dryRun ? 'preview' : 'import';
        this.problem = null;
        this.seconds = 0;
        const clock = setInterval(() => { this.seconds++; }, 1000);
        // The same key while what is asked for is the same: a reply that got lost can be asked for again.
        this.#key = dryRun ? randomKey() : this.#key ?? randomKey();
        try {
            this.result = await send(source, {
                mode: this.mode, parentId: this.parentId, dryRun, key: this.#key,
                maxRemovals: this.agreed ? this.result.removed : null,
            });
            if (!dryRun && this.store && this.store.liveState !== 'live') {
                this.store.load();
            }
            this.renderRoot.querySelector('rc-import-history')?.load();
        } catch (problem) {
            if (problem.status === undefined) {
                throw problem;
            }
            this.#refused(problem, source, dryRun);
        } finally {
            this.#key = dryRun ? null : this.#key;
            clearInterval(clock);
            this.busy = null;
        }
    }

    #refused(problem, source, dryRun) {
        this.problem = problem;
        if (dryRun) {
            this.result = null;
        }
        const line = lineOf(problem.message);
        if (source.text === undefined) {
            this.faults = problem.violations.map(each => ({ ...each, line: null }));
        } else if (problem.violations.length > 0) {
            this.faults = atLines(source.text, problem.violations);
        } else {
            this.faults = line === null ? [] : [{ line, path: null, message: problem.message }];
        }
        this.#chooser.faults = this.faults;
    }

    #problem() {
        const { code, message, body, violations } = this.problem;
        if (code === 'MISSING_ENV') {
            return html`<p><strong>The service's environment lacks what the template requires.</strong></p>
                <ul>${body.missing_env.map(each => html`<li><code>${each.any_of?.join(' or ') ?? each}</code></li>`)}</ul>
                <p>Set ${body.missing_env.length === 1 ? 'it' : 'them'} where the service runs and start it again, or take
                    ${body.missing_env.length === 1 ? 'it' : 'them'} out of the template's <code>required_env</code>.</p>`;
        }
        const placeless = this.faults.filter(({ line }) => line === null);
        const count = violations.length;
        return html`<p><strong>${count > 1 ? `${count} things are wrong with the template.` : code === 'RECONCILE_LIMIT' ? 'That would remove too much.' : 'It cannot be imported so.'}</strong></p>
            ${count === 0 ? html`<p>${message}</p>` : placeless.length === 0 ? html`<p>Each is shown at its line.</p>`
                : html`<ul>${placeless.map(each => html`<li><strong>${each.path}</strong>: ${each.message}</li>`)}</ul>`}`;
    }

    /** How many of them the import that was previewed writes: what is there as it is stays untouched. */
    get #changes() {
        const { created = 0, updated = 0, removed = 0 } = this.result ?? {};
        return created + updated + removed;
    }

    #progress() {
        return html`<div id="progress" data-busy=${this.busy}><progress aria-label="Import"></progress>
            <p class="muted"><span role="status">${this.busy === 'preview' ? 'The service works out what would happen, and does nothing.'
                : `The service writes ${this.#changes.toLocaleString()} workspaces in one transaction: all of them or none, so nothing is seen until it is done.`}</span>
                ${this.seconds > 0 ? `${this.seconds} s` : ''}</p></div>`;
    }

    #right() {
        const planned = this.result?.dry_run;
        return html`
            ${this.problem ? html`<div class="problem" role="alert" id="problem" data-code=${this.problem.code ?? ''}>${this.#problem()}</div>` : nothing}
            ${planned && this.result.confirmation_required ? html`<label class="agree"><input type="checkbox" id="agree" .checked=${this.agreed}
                @change=${e => { this.agreed = e.target.checked; this.#key = null; }}> <span>This removes ${this.result.removed} workspaces, more than goes without a word. Remove them.</span></label>` : nothing}
            ${this.busy ? this.#progress() : nothing}
            <p class="hidden" role="status">${planned ? `The preview is there: ${this.result.created} to create, ${this.result.updated} to update,
                ${this.result.removed} to remove.` : ''}</p>
            ${this.result ? html`<rc-import-outcome .result=${this.result} .workspaces=${this.store?.workspaces ?? null}></rc-import-outcome>`
                : this.problem || this.busy ? nothing : html`<p class="hint">The preview says what an import would do before anything is done.</p>`}`;
    }

    #controls() {
        const planned = this.result?.dry_run === true;
        const blocked = planned && this.result.confirmation_required && !this.agreed;
        return html`
            <label>How<select id="mode" @change=${e => { this.mode = e.target.value; this.#changed(); }}>
                ${Object.entries(MODES).map(([mode, words]) => html`<option value=${mode} .selected=${mode === this.mode}>${words}</option>`)}</select></label>
            ${this.store ? html`<rc-pick-workspace label="Below" .store=${this.store} .value=${this.parentId}
                placeholder=${session.isPlatform ? 'At the top: it is this organisation’s own template' : 'This organisation'}
                @change=${e => { this.#own = true; this.parentId = e.target.value; this.#changed(); }}></rc-pick-workspace>` : nothing}
            <div class="row">
                <button id="preview" class=${planned ? '' : 'primary'} ?disabled=${this.busy !== null} @click=${() => this.#chooser.source
                    ? this.#run(true) : this.#chooser.renderRoot.querySelector('textarea')?.focus()}>Preview</button>
                <button id="import" class=${planned ? 'primary' : ''} ?disabled=${this.busy !== null || !planned || blocked}
                    @click=${() => this.#run(false)}>Import</button>
            </div>`;
    }

    render() {
        return html`
            <h1 class="hidden">Imports</h1>
            ${session.mayWrite ? html`<div class="columns">
                <section class="left" aria-labelledby="what"><h2 id="what">${this.store ? 'Import a template' : 'Import an organisation'}</h2>
                    <rc-import-chooser .place=${this.store?.organisation ?? 'new'} @chosen=${() => this.#changed()}></rc-import-chooser>${this.#controls()}</section>
                <section class="right" aria-labelledby="then"><h2 id="then">${this.result && !this.result.dry_run ? 'Done' : 'Preview'}</h2>${this.#right()}</section>
            </div>` : nothing}
            <section class="past" aria-labelledby="past"><h2 id="past">History</h2><rc-import-history .store=${this.store}></rc-import-history></section>`;
    }
}
customElements.define('rc-imports', Imports);
