import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { go } from '../route.js';
import { session } from '../session.js';
import { noticeOf } from '../ui/notices.js';
import { shared } from '../ui/styles.js';
import { EVERYTHING } from './model.js';
import './board.js';
import './detail.js';
import './filters.js';
import './start.js';

/** The delegations of an organisation: the board, and beside it the one that the address names. */
export class Delegations extends Component {
    static properties = { store: { attribute: false }, delegationId: { attribute: false }, wanted: { state: true } };
    static styles = [shared, css`
        :host { display: flex; height: 100%; min-height: 0; }
        .all { flex: 1; min-width: 0; display: flex; flex-direction: column; gap: .75rem; padding: .75rem 1rem 0; }
        .head { display: flex; gap: .6rem 1rem; align-items: end; flex-wrap: wrap; }
        h1 { align-self: center; }
        rc-delegation-filters { flex: 1 1 24rem; min-width: 0; }
        rc-board { flex: 1; min-height: 0; }
        aside { width: min(30rem, 46vw); border-left: 1px solid var(--line); background: var(--raised); overflow: auto; }
        @media (max-width: 800px) {
            .all { padding: .6rem .6rem 0; }
            aside { width: 100%; border: 0; }
            :host([one]) .all { display: none; }
            rc-board { min-height: 24rem; }
        }
    `];

    wanted = EVERYTHING;

    willUpdate(changed) {
        if (changed.has('store')) {
            this.wanted = EVERYTHING;
        }
        this.toggleAttribute('one', this.delegationId !== null);
    }

    updated(changed) {
        // From the board one comes into the panel with the keyboard too, and back again to where one was.
        if (changed.has('delegationId') && changed.get('delegationId') !== undefined) {
            const before = changed.get('delegationId');
            if (this.delegationId === null && before !== null) {
                this.renderRoot.querySelector('rc-board').focusOn(before);
            }
        }
    }

    render() {
        return html`
            <div class="all">
                <div class="head">
                    <h1>Delegations</h1>
                    <rc-delegation-filters .store=${this.store} .wanted=${this.wanted}
                                           @change=${e => { this.wanted = e.target.wanted; }}></rc-delegation-filters>
                    ${session.mayWrite ? html`
                        <button class="primary" id="start" @click=${() => this.renderRoot.querySelector('rc-start-delegation').open()}>
                            Delegate …</button>` : nothing}
                </div>
                <rc-board ?beside=${this.delegationId !== null} .store=${this.store} .wanted=${this.wanted} .shownId=${this.delegationId}
                    @rc-problem=${e => noticeOf(e.detail)}></rc-board>
            </div>
            ${this.delegationId === null ? nothing : html`
                <aside aria-label="One delegation">
                    <rc-delegation .store=${this.store} .delegationId=${this.delegationId}
                                   @close=${() => go(this.store.organisation, 'delegations')}
                                   @only-tree=${e => { this.wanted = { ...EVERYTHING, root: e.detail }; }}></rc-delegation>
                </aside>`}
            ${session.mayWrite ? html`
                <rc-start-delegation .store=${this.store}
                    @started=${e => go(this.store.organisation, 'delegations', e.detail.delegation_id)}></rc-start-delegation>` : nothing}`;
    }
}
customElements.define('rc-delegations', Delegations);
