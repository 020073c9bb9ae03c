import { html } from 'lit';
import { Component } from '../ui/component.js';
import { call } from '../api.js';
import { formStyles } from '../ui/forms.js';
import { notice } from '../ui/notices.js';
import { problemOf } from '../ui/problem.js';
import { shared } from '../ui/styles.js';
import '../ui/dialog.js';

/**
 * Asks for how long to pause. There is one in a view and not one in each row: rows become other agents' as trouble comes and
 * goes, and what is paused is what was pointed at when the dialog was opened. Tells `changed` with the workspace's id.
 */
export class PauseDialog extends Component {
    static properties = { target: { state: true }, busy: { state: true }, problem: { state: true } };
    static styles = [shared, formStyles];

    target = null;

    /** @param {{workspaceId: string, agent: string, name: string}} target `agent` is `*` for all of the workspace */
    async ask(target) {
        this.target = target;
        this.problem = null;
        await this.updateComplete;
        this.renderRoot.querySelector('form').reset();
        await this.renderRoot.querySelector('rc-dialog').show();
    }

    async #pause(e) {
        e.preventDefault();
        const { workspaceId, agent, name } = this.target;
        const minutes = Number(new FormData(e.target).get('minutes'));
        this.busy = true;
        this.problem = null;
        try {
            const { body } = await call('PUT', `/workspaces/${workspaceId}/watchdog-pauses/${encodeURIComponent(agent)}`, { json: { minutes } });
            notice(`Paused for ${body.minutes} min: ${name}.${body.note ? `\n${body.note}` : ''}`);
            this.renderRoot.querySelector('rc-dialog').close();
            this.dispatchEvent(new CustomEvent('changed', { detail: workspaceId }));
        } catch (problem) {
            this.problem = problem;
        } finally {
            this.busy = false;
        }
    }

    render() {
        return html`
            <rc-dialog heading=${`Pause ${this.target?.name ?? ''}`}>
                <form id="pause-form" @submit=${this.#pause}>
                    <p class="small muted">While it is paused, silence raises no incident and changes no status.</p>
                    <label>Minutes, 1 to 240 <input name="minutes" type="number" min="1" max="240" value="30" required></label>
                    ${problemOf(this.problem)}
                    <div class="actions"><button class="primary" ?disabled=${this.busy}>Pause</button></div>
                </form>
            </rc-dialog>`;
    }
}
customElements.define('rc-pause-dialog', PauseDialog);
