import { html, css, nothing } from 'lit';
import { Component } from './component.js';
import { placeOf } from './names.js';
import { look } from './status.js';
import { shared } from './styles.js';

const MOST = 50;

/**
 * A field to choose one workspace by typing a part of its name (a combobox by the ARIA pattern): arrows move, Enter takes,
 * Escape closes. Tells `change` when {@link value} became another, or null.
 */
export class PickWorkspace extends Component {
    static properties = {
        store: { attribute: false }, value: { attribute: false }, except: { attribute: false }, label: {}, placeholder: {}, required: { type: Boolean },
        text: { state: true }, open: { state: true }, active: { state: true },
    };
    static styles = [shared, css`
        :host { display: block; position: relative; }
        input { width: 100%; }
        ul { position: absolute; z-index: 15; left: 0; min-width: 100%; width: max-content; max-width: min(24rem, 86vw); max-height: 16rem;
             overflow: auto; margin: .2rem 0 0; padding: .25rem; list-style: none; background: var(--raised);
             border: 1px solid var(--line-strong); border-radius: 8px; box-shadow: var(--shadow); }
        :host([inline]) ul { position: static; width: auto; max-width: none; max-height: 11rem; box-shadow: none; }
        li { padding: .3rem .5rem; border-radius: 5px; cursor: pointer; color: var(--text); }
        li[aria-selected=true] { background: var(--hover); box-shadow: inset 2px 0 0 var(--accent); }
        .place { font-size: .78rem; color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .sign { font-size: .8rem; color: var(--muted); }
    `];

    value = null;
    /** Ids that cannot be chosen. */
    except = new Set();
    text = null;
    open = false;
    active = 0;

    get #found() {
        const wanted = (this.text ?? '').trim().toLowerCase();
        const starts = [];
        const contains = [];
        for (const row of this.store?.workspaces.values() ?? []) {
            if (this.except.has(row.id)) {
                continue;
            }
            const at = row.name.toLowerCase().indexOf(wanted);
            if (at === 0) {
                starts.push(row);
            } else if (at > 0) {
                contains.push(row);
            }
        }
        return [...starts, ...contains].slice(0, MOST);
    }

    #take(row) {
        const id = row?.id ?? null;
        this.text = null;
        this.open = false;
        if (id !== this.value) {
            this.value = id;
            this.dispatchEvent(new Event('change'));
        }
    }

    #key(e) {
        const found = this.#found;
        if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault();
            this.active = this.open ? (this.active + (e.key === 'ArrowDown' ? 1 : found.length - 1)) % Math.max(1, found.length) : 0;
            this.open = true;
        } else if (e.key === 'Enter' && this.open && found.length > 0) {
            e.preventDefault();
            this.#take(found[this.active]);
        } else if (e.key === 'Escape' && this.open) {
            // Only the list closes, not the dialog around it.
            e.preventDefault();
            e.stopPropagation();
            this.text = null;
            this.open = false;
        }
    }

    #type(e) {
        this.text = e.target.value;
        this.active = 0;
        this.open = true;
        if (this.text === '' && this.value !== null) {
            this.value = null;
            this.dispatchEvent(new Event('change'));
        }
    }

    updated(changed) {
        if (changed.has('active') && this.open) {
            this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
        }
    }

    render() {
        const chosen = this.store?.workspaces.get(this.value)?.name ?? '';
        const found = this.open ? this.#found : [];
        return html`
            <label>${this.label}
                <input role="combobox" type="search" autocomplete="off" spellcheck="false" aria-autocomplete="list" aria-controls="list"
                       aria-expanded=${this.open} aria-activedescendant=${this.open && found.length > 0 ? `o${this.active}` : nothing}
                       placeholder=${this.placeholder ?? 'Any'} ?required=${this.required} .value=${this.text ?? chosen}
                       @input=${this.#type} @keydown=${this.#key} @click=${() => { this.open = true; }}
                       @blur=${() => { this.open = false; this.text = null; }}>
            </label>
            <ul id="list" role="listbox" aria-label=${this.label} ?hidden=${!this.open}>
                ${found.map((row, i) => html`
                    <li role="option" id=${`o${i}`} aria-selected=${i === this.active} @mousedown=${e => { e.preventDefault(); this.#take(row); }}>
                        <span class="sign" aria-hidden="true">${look(row.status).sign}</span> ${row.name}
                        <div class="place">${placeOf(this.store, row.id)}</div>
                    </li>`)}
                ${this.open && found.length === 0 ? html`<li role="option" aria-selected="false" aria-disabled="true">None has this name</li>` : nothing}
            </ul>`;
    }
}
customElements.define('rc-pick-workspace', PickWorkspace);
