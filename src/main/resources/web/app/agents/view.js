import { html } from 'lit';
import { Component } from '../ui/component.js';
import { readClock } from '../ui/clock.js';
import { shared } from '../ui/styles.js';
import './overview.js';
import './workspace.js';

/** The agents of an organisation, or of the one workspace that the address names. */
export class Agents extends Component {
    static properties = { store: { attribute: false }, workspaceId: { attribute: false } };
    static styles = shared;

    connectedCallback() {
        super.connectedCallback();
        readClock().then(() => this.requestUpdate());
    }

    render() {
        return this.workspaceId
            ? html`<rc-agents-of .store=${this.store} .workspaceId=${this.workspaceId}></rc-agents-of>`
            : html`<rc-agents-overview .store=${this.store}></rc-agents-overview>`;
    }
}
customElements.define('rc-agents', Agents);
