import { html, css } from 'lit';
import { Component } from './component.js';
import { shared } from './styles.js';

/**
 * A modal dialog on the browser's own element: it traps focus, closes by Escape and gives focus back. Its content is in the
 * default slot; `close` is told when it has closed.
 */
export class Dialog extends Component {
    static properties = { heading: {} };
    static styles = [shared, css`
        dialog {
            background: var(--page); color: var(--text); border: 1px solid var(--line-strong); border-radius: 12px;
            padding: 1rem; width: min(36rem, calc(100vw - 2rem)); max-height: calc(100vh - 3rem);
        }
        dialog::backdrop { background: rgb(0 0 0 / .45); }
        header { display: flex; justify-content: space-between; align-items: center; margin-bottom: .75rem; }
    `];

    get #dialog() {
        return this.renderRoot.querySelector('dialog');
    }

    async show() {
        await this.updateComplete;
        this.#dialog.showModal();
    }

    close() {
        this.#dialog.close();
    }

    render() {
        return html`
            <dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new Event('close'))}>
                <header>
                    <h2 id="heading">${this.heading}</h2>
                    <button class="quiet" aria-label="Close" @click=${this.close}>✕</button>
                </header>
                <slot></slot>
            </dialog>`;
    }
}
customElements.define('rc-dialog', Dialog);
