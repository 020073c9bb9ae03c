import { html, css } from 'lit';
import { Component } from '../ui/component.js';
import { look } from '../ui/status.js';
import { shared } from '../ui/styles.js';

/** How many workspaces are in which status. */
export class Legend extends Component {
    static properties = { tree: { attribute: false } };
    static styles = [shared, css`
        :host { position: absolute; left: .75rem; bottom: .6rem; display: flex; gap: .35rem; flex-wrap: wrap; pointer-events: none;
                max-width: calc(100% - 1.5rem); }
        .badge { background: var(--raised); }
    `];

    render() {
        const counts = new Map();
        for (const id of this.tree?.ids ?? []) {
            const { status } = this.tree.row(id);
            counts.set(status, (counts.get(status) ?? 0) + 1);
        }
        return [...counts].sort((a, b) => b[1] - a[1]).map(([status, count]) => {
            const { colour, sign, word } = look(status);
            return html`<span class="badge" data-look=${colour.slice(2)} data-status=${status} data-count=${count}><span
                aria-hidden="true">${sign}</span> ${count.toLocaleString()} ${word}</span>`;
        });
    }
}
customElements.define('rc-legend', Legend);
