import { html, css } from 'lit';
import { Component } from '../ui/component.js';
import { formStyles } from '../ui/forms.js';
import { shared } from '../ui/styles.js';
import { pretty, wrongIn } from './json-text.js';

/**
 * Two texts of one document: what was typed here, and what somebody saved meanwhile. Tells `resolve` with the text to go on with;
 * nothing is saved by that.
 */
export class SettingConflict extends Component {
    /** `theirs` is null when the document was deleted. */
    static properties = { mine: { attribute: false }, theirs: { attribute: false }, merged: { state: true } };
    static styles = [shared, formStyles, css`
        :host { display: block; }
        .card { border-color: var(--warn); }
        .sides { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin: .75rem 0; }
        pre { margin: .25rem 0 0; padding: .5rem 0; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
            overflow: auto; max-height: 24rem;
              font: .82rem/1.5 var(--mono); }
        pre span { display: block; padding: 0 .6rem; min-height: 1.5em; width: max-content; min-width: 100%; }
        pre .other { background: var(--changed); }
        pre .other::before { content: '≠ '; color: var(--warn); }
        h3 { margin: 0; font-size: .88rem; }
        textarea { font-family: var(--mono); font-size: .85rem; white-space: pre; }
        @media (max-width: 700px) { .sides { grid-template-columns: minmax(0, 1fr); } }
    `];

    merged = null;

    #side(id, title, text, other) {
        const elsewhere = new Set((other ?? '').split('\n').map(line => line.trim().replace(/,$/, '')));
        return html`
            <section id=${id}>
                <h3>${title}</h3>
                ${text === null ? html`<p class="muted small">It was deleted.</p>` : html`
                    <pre tabindex="0">${text.split('\n').map(line => html`<span
                        class=${elsewhere.has(line.trim().replace(/,$/, '')) ? '' : 'other'}>${line}</span>`)}</pre>`}
            </section>`;
    }

    #resolve(text) {
        this.dispatchEvent(new CustomEvent('resolve', { detail: text }));
    }

    render() {
        const wrong = this.merged === null ? null : wrongIn(this.merged);
        return html`
            <div class="card" role="alertdialog" aria-labelledby="head" id="conflict">
                <h2 id="head">Somebody changed this document meanwhile</h2>
                <p class="small muted">Lines that the other one has not are marked ≠. Nothing is saved until you save it.</p>
                <div class="sides">
                    ${this.#side('mine', 'Yours', pretty(this.mine), this.theirs)}
                    ${this.#side('theirs', 'Theirs, as it is now', this.theirs, pretty(this.mine))}
                </div>
                ${this.merged === null ? html`
                    <div class="actions">
                        <button id="take-theirs" @click=${() => this.#resolve(this.theirs)}>Take theirs</button>
                        <button id="edit-merged" @click=${() => { this.merged = this.mine; }}>Edit merged …</button>
                        <button class="primary" id="keep-mine" @click=${() => this.#resolve(this.mine)}>Keep mine</button>
                    </div>` : html`
                    <label>Merged, beginning with yours <textarea id="merged" rows="12" spellcheck="false" .value=${this.merged}
                        @input=${e => { this.merged = e.target.value; }}></textarea></label>
                    <p class="bad small" role="status">${wrong ? `Line ${wrong.line}, column ${wrong.column}: ${wrong.message}` : ''}</p>
                    <div class="actions">
                        <button @click=${() => { this.merged = null; }}>Back</button>
                        <button class="primary" id="use-merged" ?disabled=${wrong !== null}
                            @click=${() => this.#resolve(this.merged)}>Go on with this</button>
                    </div>`}
            </div>`;
    }
}
customElements.define('rc-setting-conflict', SettingConflict);
