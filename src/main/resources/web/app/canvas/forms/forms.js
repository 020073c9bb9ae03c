import { html, css, nothing } from 'lit';
import { Once } from '../../api.js';
import { Component } from '../../ui/component.js';
import { shared } from '../../ui/styles.js';
import { formStyles } from '../../ui/forms.js';
import { problemOf } from '../../ui/problem.js';
import { noticeOf } from '../../ui/notices.js';
import '../../ui/dialog.js';
import { addForm, editForm } from './describe.js';
import { moveForm } from './move.js';
import { placeForm } from './place.js';
import { removeForm } from './remove.js';

/**
 * A form is `heading(its)`, `body(its)`, `send(its, data)` and the word on its button, where `its` is what was opened: `row`,
 * `store`, `tree`, `detail`, `once` for its request, and `problem` of the last try. It may `begin(its)` with a request, and
 * opens when that was answered.
 */
const FORMS = { edit: editForm, add: addForm, move: moveForm, placing: placeForm, remove: removeForm };

/** The canvas' dialogs, one at a time. What was typed stays when the service refuses it. */
export class Forms extends Component {
    static properties = { store: { attribute: false }, tree: { attribute: false }, its: { state: true }, busy: { state: true } };
    static styles = [shared, formStyles, css`
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
        .end { justify-content: flex-end; }
        .check input { width: auto; }
        .check { display: flex; gap: .5rem; align-items: baseline; color: var(--text); }
        p { margin: 0; }
        ul { margin: 0; padding-left: 1.2rem; }
        #theirs { background: var(--changed); border-left: 4px solid var(--warn); border-radius: 6px; padding: .5rem .75rem; display: grid; gap: .4rem; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .15rem .9rem; margin: 0; }
        dt { color: var(--muted); }
        dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
    `];

    its = null;

    async open(what, detail) {
        const row = this.tree.row(detail.id);
        if (row === undefined) {
            return;
        }
        const its = { form: FORMS[what], detail, store: this.store, tree: this.tree, row, once: new Once(), problem: null };
        try {
            await its.form.begin?.(its);
        } catch (problem) {
            noticeOf(problem);
            return;
        }
        this.its = its;
        await this.updateComplete;
        this.#dialog.show();
    }

    get #dialog() {
        return this.renderRoot.querySelector('rc-dialog');
    }

    async #send(e) {
        e.preventDefault();
        const its = this.its;
        const data = Object.fromEntries(new FormData(e.target));
        e.target.querySelectorAll('rc-pick-workspace').forEach(picker => { data[picker.getAttribute('name')] = picker.value; });
        this.busy = true;
        its.problem = null;
        try {
            const show = await its.form.send(its, data);
            this.#dialog.close();
            if (show) {
                this.dispatchEvent(new CustomEvent('gesture', { detail: { what: 'show', id: show } }));
            }
        } catch (problem) {
            if (problem.status === undefined) {
                throw problem;
            }
            its.problem = problem;
        } finally {
            this.busy = false;
        }
    }

    render() {
        const its = this.its;
        return html`<rc-dialog .heading=${its?.form.heading(its) ?? ''} @close=${() => { this.its = null; }}>${its === null ? nothing : html`
            <form @submit=${this.#send}>
                ${its.form.body(its)}
                ${problemOf(its.problem)}
                <div class="row end">
                    <button type="button" @click=${() => this.#dialog.close()}>Cancel</button>
                    <button id="send" class=${its.form.danger ? 'danger' : 'primary'} ?disabled=${this.busy}>${its.form.word}</button>
                </div>
            </form>`}</rc-dialog>`;
    }
}
customElements.define('rc-canvas-forms', Forms);
