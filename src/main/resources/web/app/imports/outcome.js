import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { address } from '../route.js';
import { shared } from '../ui/styles.js';
import './diff-graph.js';
import './diff-list.js';

/** What an import would do, or did: on a canvas and as a list. */
export class Outcome extends Component {
    static properties = { result: { attribute: false }, workspaces: { attribute: false } };
    static styles = [shared, css`
        :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
        .done { background: var(--added); border-left: 4px solid var(--good); border-radius: 6px; padding: .6rem .9rem; }
        p { margin: 0; }
    `];

    /** The organisation that it went to; null when there are several. */
    get #organisation() {
        const roots = this.result.workspaces.filter(node => node.parent_id === null && node.id !== null);
        const below = this.result.workspaces.find(node => node.parent_id !== null);
        return roots.length === 1 ? roots[0].id : roots.length > 1 ? null : this.workspaces?.get(below?.parent_id)?.org_id ?? null;
    }

    #done() {
        const { created, updated, removed, skipped } = this.result;
        const organisation = this.#organisation;
        return html`<p class="done" role="status" id="done">Imported: ${created.toLocaleString()} created, ${updated.toLocaleString()} updated,
            ${removed.toLocaleString()} removed, ${skipped.toLocaleString()} were there.
            <a href=${organisation ? address(organisation, 'canvas') : '#/'}>${organisation ? 'See it on the canvas' : 'See the organisations'}</a></p>`;
    }

    render() {
        const { result } = this;
        return html`
            ${result.dry_run ? nothing : this.#done()}
            <rc-diff-graph .result=${result} .workspaces=${this.workspaces}></rc-diff-graph>
            <rc-diff-list .result=${result}></rc-diff-list>`;
    }
}
customElements.define('rc-import-outcome', Outcome);
