import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { badge } from '../ui/status.js';
import { shared } from '../ui/styles.js';

const MOST = 12;

/** Finds workspaces by name, role or id; choosing one tells `gesture` `show`. `/` comes here from anywhere on the page. */
export class Search extends Component {
    static properties = { tree: { attribute: false }, wanted: { state: true }, at: { state: true } };
    static styles = [shared, css`
        :host { position: relative; flex: 1 1 8rem; max-width: 20rem; }
        input { width: 100%; }
        ul { position: absolute; z-index: 8; left: 0; top: calc(100% + 4px); min-width: 100%; width: max-content; max-width: min(30rem, 90vw);
             margin: 0; padding: .25rem; list-style: none; background: var(--raised); border: 1px solid var(--line-strong);
             border-radius: 8px; box-shadow: var(--shadow); max-height: 60vh; overflow: auto; }
        li { padding: .35rem .5rem; border-radius: 6px; cursor: pointer; display: flex; gap: .75rem; align-items: center; }
        li[aria-selected=true], li:hover { background: var(--hover); }
        .path { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 22rem; }
        .none { cursor: default; }
    `];

    wanted = '';
    at = 0;
    #slash = e => {
        const typing = e.composedPath()[0];
        if (e.key === '/' && !(typing instanceof HTMLInputElement || typing instanceof HTMLTextAreaElement || typing instanceof HTMLSelectElement)) {
            e.preventDefault();
            this.renderRoot.querySelector('input').focus();
        }
    };

    connectedCallback() {
        super.connectedCallback();
        window.addEventListener('keydown', this.#slash);
    }

    disconnectedCallback() {
        window.removeEventListener('keydown', this.#slash);
        super.disconnectedCallback();
    }

    /** Names that begin so come first. */
    get #found() {
        const wanted = this.wanted.trim().toLowerCase();
        if (wanted === '' || !this.tree) {
            return [];
        }
        const ranked = [];
        for (const id of this.tree.ids) {
            const row = this.tree.row(id);
            const name = row.name.toLowerCase();
            const rank = name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : row.id === wanted ? 1
                : row.role?.toLowerCase().includes(wanted) ? 2 : 3;
            if (rank < 3) {
                ranked.push({ row, rank });
            }
        }
        return ranked.sort((a, b) => a.rank - b.rank).slice(0, MOST).map(each => each.row);
    }

    #key(e, found) {
        if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault();
            const step = e.key === 'ArrowDown' ? 1 : found.length - 1;
            this.at = found.length === 0 ? 0 : (this.at + step) % found.length;
        } else if (e.key === 'Enter' && found[this.at]) {
            this.#choose(found[this.at].id);
        } else if (e.key === 'Escape') {
            this.#close();
        }
    }

    #choose(id) {
        this.dispatchEvent(new CustomEvent('gesture', { detail: { what: 'show', id } }));
        this.#close();
    }

    #close() {
        this.wanted = '';
        this.renderRoot.querySelector('input').value = '';
    }

    render() {
        const found = this.#found;
        const open = this.wanted.trim() !== '';
        return html`
            <input id="search" type="search" placeholder="Search  ( / )" aria-label="Search workspaces" role="combobox" autocomplete="off"
                aria-expanded=${open ? 'true' : 'false'} aria-controls="found" aria-autocomplete="list"
                aria-activedescendant=${open && found.length > 0 ? `option-${this.at}` : nothing}
                @input=${e => { this.wanted = e.target.value; this.at = 0; }} @keydown=${e => this.#key(e, found)}
                @blur=${() => setTimeout(() => this.#close(), 150)}>
            <ul id="found" role="listbox" aria-label="Found workspaces" ?hidden=${!open}>
                ${found.map((row, i) => html`
                    <li id="option-${i}" role="option" aria-selected=${i === this.at ? 'true' : 'false'} data-id=${row.id}
                        @mousedown=${e => { e.preventDefault(); this.#choose(row.id); }}>
                        <span class="grow"><div>${row.name}</div><div class="small muted path">${this.tree.pathOf(row.id)}</div></span>
                        ${badge(row.status)}
                    </li>`)}
                ${open && found.length === 0 ? html`<li class="none muted" role="option" aria-selected="false" aria-disabled="true">Nothing found</li>` : nothing}
            </ul>`;
    }
}
customElements.define('rc-search', Search);
