import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { shared } from '../ui/styles.js';
import { EVERYTHING } from './model.js';
import '../ui/picker.js';

const ONLY = { '': 'All', overdue: 'Overdue', awaiting_reply: 'Awaiting reply', cancelling: 'Asked to stop' };

/** Which delegations the board shows. Tells `change` with the new {@link wanted}. */
export class DelegationFilters extends Component {
    static properties = { store: { attribute: false }, wanted: { attribute: false } };
    static styles = [shared, css`
        :host { display: flex; gap: .6rem; align-items: end; flex-wrap: wrap; }
        label, rc-pick-workspace { flex: 1 1 7rem; max-width: 12rem; }
        label > * { width: 100%; }
        .chip { align-self: end; border-radius: 99px; }
        @media (max-width: 600px) { label, rc-pick-workspace { flex-basis: calc(50% - .3rem); max-width: none; } }
    `];

    #change(part) {
        this.wanted = { ...this.wanted, ...part };
        this.dispatchEvent(new Event('change'));
    }

    render() {
        const { text, caller, callee, only, root } = this.wanted;
        const narrowed = JSON.stringify(this.wanted) !== JSON.stringify(EVERYTHING);
        return html`
            <label>Text
                <input id="text" type="search" placeholder="Task, name or id" .value=${text}
                    @input=${e => this.#change({ text: e.target.value })}>
            </label>
            <rc-pick-workspace id="caller" label="Caller" .store=${this.store} .value=${caller}
                               @change=${e => this.#change({ caller: e.target.value })}></rc-pick-workspace>
            <rc-pick-workspace id="callee" label="Callee" .store=${this.store} .value=${callee}
                               @change=${e => this.#change({ callee: e.target.value })}></rc-pick-workspace>
            <label>Only
                <select id="only" @change=${e => this.#change({ only: e.target.value })}>
                    ${Object.entries(ONLY).map(([value, word]) => html`<option value=${value}
                        .selected=${value === only}>${word}</option>`)}
                </select>
            </label>
            ${root === null ? nothing : html`
                <button class="chip small" id="root" @click=${() => this.#change({ root: null })} title=${root}>One tree only <span
                    aria-hidden="true">✕</span>
                    <span class="hidden">: show all again</span></button>`}
            ${narrowed ? html`<button class="quiet small" id="clear"
                @click=${() => this.#change(EVERYTHING)}>Show everything</button>` : nothing}`;
    }
}
customElements.define('rc-delegation-filters', DelegationFilters);
