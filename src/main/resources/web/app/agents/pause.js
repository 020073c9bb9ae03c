import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { call } from '../api.js';
import { formStyles } from '../ui/forms.js';
import { notice, noticeOf } from '../ui/notices.js';
import { shared } from '../ui/styles.js';
import { isRunning } from './model.js';
import './pause-dialog.js';

/**
 * The button that pauses the judging of one agent's silence, or of a whole workspace's ({@link agent} is `*`), or that ends
 * the pause that it has of its own. One that is paused by its workspace's alone has none to end. Tells `changed`; asks for the
 * {@link PauseDialog} of its view by `ask-pause`.
 */
export class Pause extends Component {
    static properties = {
        workspace: { attribute: false }, agent: { attribute: false }, pauses: { attribute: false }, busy: { state: true },
    };
    static styles = [shared, formStyles, css`
        :host { display: inline-block; text-align: left; }
        button.small { padding: .1rem .5rem; white-space: nowrap; }
    `];

    agent = '*';
    /** Those of the workspace. */
    pauses = [];

    get #name() {
        return this.agent === '*' ? `all agents of ${this.workspace.name}` : `${this.agent} of ${this.workspace.name}`;
    }

    #runs(agent) {
        return this.pauses.some(each => each.agent_id === agent && isRunning(each));
    }

    #ask() {
        const { workspace, agent } = this;
        this.dispatchEvent(new CustomEvent('ask-pause', {
            detail: { workspaceId: workspace.id, agent, name: this.#name }, bubbles: true, composed: true,
        }));
    }

    async #resume() {
        // While the service is asked, the row may become another agent's.
        const { workspace, agent } = this;
        const name = this.#name;
        const goesOn = agent !== '*' && this.#runs('*') ? `\nAll agents of ${workspace.name} are still paused.` : '';
        this.busy = true;
        try {
            await call('DELETE', `/workspaces/${workspace.id}/watchdog-pauses/${encodeURIComponent(agent)}`);
            notice(`The pause has ended: ${name}.${goesOn}`);
            this.dispatchEvent(new CustomEvent('changed', { detail: workspace.id, bubbles: true, composed: true }));
        } catch (problem) {
            noticeOf(problem);
        } finally {
            this.busy = false;
        }
    }

    render() {
        return this.workspace ? this.#runs(this.agent)
            ? html`<button class="small" data-resume ?disabled=${this.busy} aria-label=${`Resume ${this.#name}`}
                @click=${this.#resume}>Resume</button>`
            : html`<button class="small" data-pause aria-label=${`Pause ${this.#name}`}
                @click=${this.#ask}>${this.agent === '*' ? 'Pause all …' : 'Pause …'}</button>` : nothing;
    }
}
customElements.define('rc-pause', Pause);
