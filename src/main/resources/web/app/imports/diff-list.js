import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { shared } from '../ui/styles.js';
import { ACTIONS, nodesOf, said } from './diff.js';

const PAGE = 150;

/** What an import does, node by node: totals that narrow the list when pressed, and per changed field what was and what is. */
export class DiffList extends Component {
    static properties = { result: { attribute: false }, only: { state: true }, most: { state: true } };
    static styles = [shared, css`
        :host { display: block; }
        .totals { margin-bottom: .6rem; }
        .totals button { display: flex; gap: .4rem; align-items: baseline; }
        .totals button[aria-pressed=true] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
        .totals b { font-size: 1.05rem; }
        ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
        li { display: grid; grid-template-columns: 1.6rem 1fr; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
        li:last-child { border-bottom: 0; }
        li[data-action=created] { background: var(--added); }
        li[data-action=updated] { background: var(--changed); }
        li[data-action=removed] { background: var(--taken); }
        .sign { font-weight: 700; font-family: var(--mono); }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .idle { color: var(--muted); } .wait { color: var(--wait); }
        .path { overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: .15rem 0 0; font-size: .87rem; }
        dt { color: var(--muted); }
        dd { margin: 0; overflow-wrap: anywhere; }
        del { color: var(--bad); } ins { color: var(--good); text-decoration: none; }
    `];

    only = null;
    most = PAGE;

    willUpdate(changed) {
        if (changed.has('result')) {
            this.only = null;
            this.most = PAGE;
        }
    }

    #total(action, count) {
        const { sign, word, plan, colour } = ACTIONS[action];
        return html`<button type="button" aria-pressed=${this.only === action ? 'true' : 'false'} data-total=${action} data-count=${count}
            @click=${() => { this.only = this.only === action ? null : action; this.most = PAGE; }}>
            <span class="sign ${colour.slice(2)}" aria-hidden="true">${sign}</span><b>${count.toLocaleString()}</b> ${this.result.dry_run ? plan : word}</button>`;
    }

    #node(node) {
        const { sign, word, plan, colour } = ACTIONS[node.action];
        const above = node.path.slice(0, -(node.name.length + 1));
        const changes = Object.entries(node.changes ?? {});
        return html`<li data-action=${node.action} data-path=${node.path}>
            <span class="sign ${colour.slice(2)}" title=${word} aria-label=${this.result.dry_run ? plan : word} role="img">${sign}</span>
            <div class="path">${above ? html`<span class="muted small">${above.replaceAll('/', ' / ')} / </span>` : nothing}<strong>${node.name}</strong>
                ${node.reason ? html`<div class="small">${node.reason}</div>` : nothing}
                ${changes.length === 0 ? nothing : html`<dl>${changes.map(([field, { from, to }]) => html`
                    <dt>${field}</dt><dd><del>${said(from)}</del> → <ins>${said(to)}</ins></dd>`)}</dl>`}</div></li>`;
    }

    render() {
        const nodes = nodesOf(this.result);
        const counts = Object.keys(ACTIONS).map(action => [action, nodes.filter(node => node.action === action).length]);
        const shown = nodes.filter(node => this.only === null ? node.action !== 'skipped' : node.action === this.only);
        return html`
            <div class="totals row" role="group" aria-label="Show only">${counts.filter(([, count]) => count > 0).map(([action, count]) => this.#total(action, count))}</div>
            ${shown.length === 0 ? html`<p class="muted">${this.only === null ? 'Nothing changes: all of it is there as it is.' : 'None.'}</p>` : html`
                <ul>${shown.slice(0, this.most).map(node => this.#node(node))}</ul>
                ${shown.length > this.most ? html`<p><button type="button" @click=${() => { this.most += PAGE * 4; }}>
                    Show more of ${(shown.length - this.most).toLocaleString()}</button></p>` : nothing}`}`;
    }
}
customElements.define('rc-diff-list', DiffList);
