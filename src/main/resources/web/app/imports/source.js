import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { shared } from '../ui/styles.js';

/** A text longer than this is shown around its faults only. */
const WHOLE = 300;
const AROUND = 3;
const MOST_FAULTS = 200;

/** A template's text with line numbers and what is wrong with it beneath the very lines. Tells `edit` with a line. */
export class Source extends Component {
    static properties = { text: { attribute: false }, faults: { attribute: false } };
    static styles = [shared, css`
        :host { display: block; container-type: inline-size; border: 1px solid var(--line-strong); border-radius: 8px; overflow: auto; max-height: 60vh; background: var(--field); }
        ol { list-style: none; margin: 0; padding: .4rem 0; font: .82rem/1.5 var(--mono); min-width: max-content; }
        .line { display: grid; grid-template-columns: 3.6rem 1fr; white-space: pre; }
        .line > span { color: var(--muted); text-align: right; padding-right: .8rem; user-select: none; }
        .faulty { background: var(--taken); }
        .faulty > span { color: var(--bad); font-weight: 700; }
        .fault { margin: .15rem 0 .35rem 3.6rem; color: var(--bad); font-family: system-ui, sans-serif; font-size: .88rem; max-width: calc(100cqi - 5rem);
                 position: sticky; left: 3.6rem;
                 white-space: normal; display: flex; gap: .5rem; align-items: baseline; }
        .fault button { padding: 0 .4rem; font-size: .8rem; color: var(--text); }
        .gap { color: var(--muted); padding-left: 2.6rem; }
    `];

    #lines() {
        const lines = this.text.split('\n');
        if (lines.length <= WHOLE) {
            return lines.map((content, i) => ({ number: i + 1, content }));
        }
        const shown = new Set();
        for (const { line } of this.faults.slice(0, MOST_FAULTS)) {
            for (let i = Math.max(1, (line ?? 1) - AROUND); i <= Math.min(lines.length, (line ?? 1) + AROUND); i++) {
                shown.add(i);
            }
        }
        return [...shown].sort((a, b) => a - b).map(number => ({ number, content: lines[number - 1] }));
    }

    updated() {
        this.renderRoot.querySelector('.faulty')?.scrollIntoView({ block: 'nearest' });
    }

    #fault({ line, path, message }) {
        return html`<div class="fault" data-line=${line ?? nothing} data-path=${path ?? nothing}>
            <span><span aria-hidden="true">▲</span> ${path ? html`<strong>${path}</strong> ` : nothing}${message}</span>
            <button type="button" aria-label="Edit line ${line}"
                @click=${() => this.dispatchEvent(new CustomEvent('edit', { detail: line }))}>Edit</button></div>`;
    }

    render() {
        const byLine = new Map();
        this.faults.filter(({ line }) => line !== null).forEach(fault => byLine.set(fault.line, [...(byLine.get(fault.line) ?? []), fault]));
        let before = 0;
        return html`<ol tabindex="0" aria-label="The template, with what is wrong beneath its lines">${this.#lines().map(({ number, content }) => {
            const gap = number > before + 1;
            before = number;
            return html`<li>${gap ? html`<div class="gap" aria-label="Lines without a fault">⋮</div>` : nothing}
                <div class="line ${byLine.has(number) ? 'faulty' : ''}" data-number=${number}><span>${number}</span><code>${content || ' '}</code></div>
                ${(byLine.get(number) ?? []).map(fault => this.#fault(fault))}</li>`;
        })}</ol>`;
    }
}
customElements.define('rc-source', Source);
