import { html, css } from 'lit';
import { Component } from './component.js';
import { shared } from './styles.js';

const SHOWN_MS = 6_000;

/** Says something to whoever looks or listens: done (`ok`) or not (`bad`). A problem stays until it is closed. */
export function notice(text, kind = 'ok') {
    window.dispatchEvent(new CustomEvent('rc-notice', { detail: { text, kind } }));
}

/** What a refusal says, with every field that it names. */
export function noticeOf(problem) {
    const fields = (problem.violations ?? []).map(each => `${each.path}: ${each.message}`);
    notice([problem.message, ...fields].join('\n'), 'bad');
}

/** Where notices appear, one below another. */
export class Notices extends Component {
    static properties = { shown: { state: true } };
    static styles = [shared, css`
        :host { position: fixed; right: 1rem; bottom: 1rem; z-index: 20; display: grid; gap: .5rem; max-width: min(28rem, 90vw); }
        div { background: var(--raised); border: 1px solid var(--line-strong); border-left: 4px solid var(--good);
              border-radius: 8px; padding: .6rem .75rem; white-space: pre-line; display: flex; gap: .75rem; box-shadow: var(--shadow); }
        div.bad { border-left-color: var(--bad); color: inherit; }
        button { align-self: start; }
    `];

    shown = [];
    #listen = e => {
        const entry = e.detail;
        this.shown = [...this.shown, entry];
        if (entry.kind === 'ok') {
            setTimeout(() => this.#drop(entry), SHOWN_MS);
        }
    };

    connectedCallback() {
        super.connectedCallback();
        window.addEventListener('rc-notice', this.#listen);
    }

    disconnectedCallback() {
        window.removeEventListener('rc-notice', this.#listen);
        super.disconnectedCallback();
    }

    #drop(entry) {
        this.shown = this.shown.filter(each => each !== entry);
    }

    render() {
        return this.shown.map(entry => html`
            <div class=${entry.kind} role=${entry.kind === 'bad' ? 'alert' : 'status'}>
                <span class="grow">${entry.text}</span>
                <button class="quiet" aria-label="Close this notice" @click=${() => this.#drop(entry)}>✕</button>
            </div>`);
    }
}
customElements.define('rc-notices', Notices);
