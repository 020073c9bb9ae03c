import { html } from 'lit';
import { Component } from '../ui/component.js';
import { call } from '../api.js';
import { formStyles } from '../ui/forms.js';
import { notice } from '../ui/notices.js';
import { problemOf } from '../ui/problem.js';
import { shared } from '../ui/styles.js';
import '../ui/dialog.js';

/** Asks whether, and why, to cancel a delegation with all below it. Tells `cancelled`. */
export class CancelDelegation extends Component {
    static properties = { row: { attribute: false }, below: { type: Number }, busy: { state: true }, problem: { state: true } };
    static styles = [shared, formStyles];

    open() {
        this.problem = null;
        return this.renderRoot.querySelector('rc-dialog').show();
    }

    async #cancel(e) {
        e.preventDefault();
        const reason = new FormData(e.target).get('reason').trim();
        this.busy = true;
        this.problem = null;
        try {
            const path = `/delegations/${encodeURIComponent(this.row.delegation_id)}/cancel`;
            const { body } = await call('POST', path, { json: reason === '' ? {} : { reason } });
            notice(body.failed + body.cancel_requested === 0
                ? 'Nothing was in flight any more.'
                : `Cancelled: ${body.failed} ended at once, ${body.cancel_requested} asked to stop.`);
            this.renderRoot.querySelector('rc-dialog').close();
            this.dispatchEvent(new Event('cancelled'));
        } catch (problem) {
            this.problem = problem;
        } finally {
            this.busy = false;
        }
    }

    render() {
        return html`
            <rc-dialog heading="Cancel this delegation">
                <form id="cancel-form" @submit=${this.#cancel}>
                    <p class="small muted">${this.below > 0 ? `With it go the ${this.below} below it. ` : ''}What is queued fails at once; what runs is asked
                        to stop, and fails after a short grace.</p>
                    <label>Reason, for the one who works on it <textarea name="reason" rows="3" maxlength="500"></textarea></label>
                    ${problemOf(this.problem)}
                    <div class="actions">
                        <button type="button" @click=${() => this.renderRoot.querySelector('rc-dialog').close()}>Let it run</button>
                        <button class="danger" ?disabled=${this.busy}>Cancel ${this.below > 0 ? 'all' : 'it'}</button>
                    </div>
                </form>
            </rc-dialog>`;
    }
}
customElements.define('rc-cancel-delegation', CancelDelegation);
