import { html, css } from 'lit';
import { Component } from '../ui/component.js';
import { Once, post } from '../api.js';
import { notice } from '../ui/notices.js';
import { problemOf } from '../ui/problem.js';
import { shared } from '../ui/styles.js';
import { formStyles } from '../ui/forms.js';
import { nameOf } from '../ui/names.js';
import '../ui/dialog.js';
import '../ui/picker.js';

const UNITS = { minutes: 60, hours: 3_600, days: 86_400 };

/**
 * The dialog that starts a delegation: `open({callerId, calleeId, parentId})` shows it, with what is known already filled in. Tells
 * `started`, with the new delegation as `detail`.
 */
export class StartDelegation extends Component {
    static properties = {
        store: { attribute: false }, caller: { state: true }, callee: { state: true }, busy: { state: true }, problem: { state: true },
    };
    static styles = [shared, formStyles, css`
        .length { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; align-items: end; }
        .length > * > * { width: 100%; }
    `];

    caller = null;
    callee = null;
    #parent = null;
    #once = new Once();

    async open({ callerId = null, calleeId = null, parentId = null } = {}) {
        if (callerId !== null || calleeId !== null) {
            this.caller = callerId;
            this.callee = calleeId;
        }
        this.#parent = parentId;
        this.#once = new Once();
        this.problem = null;
        await this.updateComplete;
        await this.renderRoot.querySelector('rc-dialog').show();
    }

    async #start(e) {
        e.preventDefault();
        const form = e.target;
        const fields = new FormData(form);
        const length = fields.get('length');
        if (this.caller === null || this.callee === null) {
            this.problem = { message: 'Choose who asks and who is asked from the lists.' };
            return;
        }
        this.busy = true;
        this.problem = null;
        try {
            const row = await post('/delegations', {
                caller_id: this.caller,
                callee_id: this.callee,
                task: fields.get('task'),
                ...(length === '' ? {} : { deadline_seconds: Math.round(Number(length) * UNITS[fields.get('unit')]) }),
                ...(this.#parent === null ? {} : { parent_delegation_id: this.#parent }),
            }, { once: this.#once });
            this.store.putDelegation(row);
            notice(`${nameOf(this.store, row.callee_id)} was asked.`);
            form.reset();
            this.renderRoot.querySelector('rc-dialog').close();
            this.dispatchEvent(new CustomEvent('started', { detail: row }));
        } catch (problem) {
            this.problem = problem;
        } finally {
            this.busy = false;
        }
    }

    render() {
        return html`
            <rc-dialog heading="Delegate a task">
                <form id="start-form" @submit=${this.#start}>
                    <rc-pick-workspace inline id="start-caller" label="Who asks (caller)" placeholder="Name of a workspace"
                        .store=${this.store} .value=${this.caller}
                                       @change=${e => { this.caller = e.target.value; }}></rc-pick-workspace>
                    <rc-pick-workspace inline id="start-callee" label="Who is asked (callee)" placeholder="Name of a workspace"
                        .store=${this.store} .value=${this.callee}
                                       @change=${e => { this.callee = e.target.value; }}></rc-pick-workspace>
                    <label>Task <textarea name="task" rows="5" required></textarea></label>
                    <div class="length">
                        <label>Deadline, from now <input name="length" type="number" min="1" step="any"
                            placeholder="the service's own: 6 hours"></label>
                        <label>Unit <select name="unit">${Object.keys(UNITS).map(unit => html`<option
                            .selected=${unit === 'hours'}>${unit}</option>`)}</select></label>
                    </div>
                    ${problemOf(this.problem)}
                    <div class="actions">
                        <button type="button" @click=${() => this.renderRoot.querySelector('rc-dialog').close()}>Not now</button>
                        <button class="primary" ?disabled=${this.busy}>Delegate</button>
                    </div>
                </form>
            </rc-dialog>`;
    }
}
customElements.define('rc-start-delegation', StartDelegation);
