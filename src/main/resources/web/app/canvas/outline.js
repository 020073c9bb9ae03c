import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { look } from '../ui/status.js';
import { shared } from '../ui/styles.js';

const ROW = 30;
const AROUND = 8;
const DEEPEST = 9;

/**
 * The tree as text, for keyboards and screen readers: what is open and selected is the canvas' own. Only the rows in view
 * are in the page, and each says its level and place. Enter goes on to the panel, where everything can be done.
 */
export class Outline extends Component {
    static properties = {
        tree: { attribute: false }, openness: { attribute: false }, selected: { attribute: false }, drawn: { attribute: false },
        from: { state: true }, height: { state: true },
    };
    static styles = [shared, css`
        :host { display: block; overflow: hidden auto; background: var(--page); }
        [role=tree] { position: relative; min-height: 100%; padding: .25rem 0; }
        [role=tree]:focus-visible { outline-offset: -2px; }
        .item { display: flex; align-items: center; gap: .4rem; height: 30px; padding: 0 .6rem 0 .3rem; cursor: default; white-space: nowrap; }
        .item:hover { background: var(--hover); }
        .item[aria-selected=true] { background: var(--hover); box-shadow: inset 3px 0 0 var(--accent); font-weight: 600; }
        .twist, .sign, .count { flex: none; }
        .twist { width: 1.2rem; text-align: center; color: var(--muted); cursor: pointer; user-select: none; }
        .sign { font-size: .8rem; width: 1rem; text-align: center; }
        .name { overflow: hidden; text-overflow: ellipsis; min-width: 0; }
        .count { color: var(--muted); font-weight: 400; font-size: .8rem; }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
        .busy { color: var(--busy); } .wait { color: var(--wait); } .idle { color: var(--idle); }
    `];

    from = 0;
    height = 600;
    #typed = '';
    #typedAt = 0;
    #resized = new ResizeObserver(() => { this.height = this.clientHeight; });
    #scrolled = () => { this.from = Math.floor(this.scrollTop / ROW); };

    connectedCallback() {
        super.connectedCallback();
        this.addEventListener('scroll', this.#scrolled, { passive: true });
        this.#resized.observe(this);
    }

    disconnectedCallback() {
        this.removeEventListener('scroll', this.#scrolled);
        this.#resized.disconnect();
        super.disconnectedCallback();
    }

    get #rows() {
        const rows = [];
        const walk = (ids, level) => ids.forEach((id, i) => {
            const children = this.tree.childrenOf(id);
            const open = children.length > 0 && this.openness.isOpen(this.tree, id);
            rows.push({ id, level, open, below: children.length, place: i + 1, of: ids.length });
            if (open) {
                walk(children, level + 1);
            }
        });
        walk(this.tree?.roots ?? [], 1);
        return rows;
    }

    updated(changed) {
        const rows = this.rows;
        this.renderRoot.querySelector('#before').style.height = `${this.first * ROW}px`;
        this.renderRoot.querySelector('#after').style.height = `${Math.max(0, rows.length - this.last) * ROW}px`;
        this.renderRoot.querySelectorAll('.item').forEach(item => {
            // Names need room at any depth.
            item.style.paddingLeft = `${0.3 + Math.min(item.ariaLevel - 1, DEEPEST) * 0.9}rem`;
        });
        if (changed.has('selected') && this.selected !== null) {
            this.#scrollTo(rows.findIndex(row => row.id === this.selected));
        }
    }

    #scrollTo(index) {
        if (index >= 0 && (index * ROW < this.scrollTop || (index + 1) * ROW + 10 > this.scrollTop + this.clientHeight)) {
            this.scrollTop = Math.max(0, (index - 3) * ROW);
        }
    }

    #tell(what, id) {
        this.dispatchEvent(new CustomEvent('gesture', { detail: { what, id } }));
    }

    #key(e) {
        const rows = this.rows;
        const at = rows.findIndex(row => row.id === this.selected);
        const row = rows[at];
        const to = index => this.#tell('show', rows[Math.max(0, Math.min(rows.length - 1, index))].id);
        if (rows.length === 0 || e.ctrlKey || e.metaKey || e.altKey) {
            return;
        }
        switch (e.key) {
            case 'ArrowDown': to(at + 1); break;
            case 'ArrowUp': to(at < 0 ? 0 : at - 1); break;
            case 'Home': to(0); break;
            case 'End': to(rows.length - 1); break;
            case 'PageDown': to(at + 10); break;
            case 'PageUp': to(at - 10); break;
            case 'ArrowRight':
                if (row?.below > 0) {
                    row.open ? to(at + 1) : this.#tell('toggle', row.id);
                }
                break;
            case 'ArrowLeft':
                if (row?.open) {
                    this.#tell('toggle', row.id);
                } else if (row?.level > 1) {
                    this.#tell('show', this.tree.row(row.id).parent_id);
                }
                break;
            case 'Enter': case ' ': row ? this.#tell('panel', row.id) : to(0); break;
            default:
                if (e.key.length !== 1 || e.key === '/') {
                    return;
                }
                this.#byName(e, rows, at);
        }
        e.preventDefault();
    }

    /** Letters typed in a row go to the next name that begins so. */
    #byName(e, rows, at) {
        this.#typed = e.timeStamp - this.#typedAt > 700 ? e.key : this.#typed + e.key;
        this.#typedAt = e.timeStamp;
        const begin = this.#typed.length === 1 ? at + 1 : Math.max(at, 0);
        const inOrder = [...rows.slice(begin), ...rows.slice(0, begin)];
        const found = inOrder.find(row => this.tree.row(row.id).name.toLowerCase().startsWith(this.#typed.toLowerCase()));
        if (found) {
            this.#tell('show', found.id);
        }
    }

    #item({ id, level, open, below, place, of }) {
        const row = this.tree.row(id);
        const { colour, sign, word } = look(row.status);
        return html`
            <div class="item" role="treeitem" id="item-${id}" data-id=${id} aria-level=${level} aria-posinset=${place} aria-setsize=${of}
                aria-expanded=${below === 0 ? nothing : open ? 'true' : 'false'} aria-selected=${id === this.selected ? 'true' : 'false'}
                aria-label="${row.name} ${below > 0 ? `${below} below it` : ''}, ${word}" @click=${() => this.#tell('show', id)}>
                <span class="twist" aria-hidden="true" @click=${e => { if (below > 0) { e.stopPropagation(); this.#tell('toggle', id); } }}>
                    ${below === 0 ? '' : open ? '▾' : '▸'}</span>
                <span class="sign ${colour.slice(2)}" aria-hidden="true">${sign}</span>
                <span class="name" title=${row.name}>${row.name}</span>
                ${below > 0 ? html`<span class="count">${below}</span>` : nothing}
            </div>`;
    }

    render() {
        this.rows = this.#rows;
        this.first = Math.max(0, this.from - AROUND);
        this.last = Math.min(this.rows.length, this.from + Math.ceil(this.height / ROW) + AROUND);
        const shown = this.rows.slice(this.first, this.last);
        const active = shown.some(row => row.id === this.selected) ? `item-${this.selected}` : nothing;
        return html`
            <div role="tree" aria-label="Workspaces" tabindex="0" aria-activedescendant=${active} @keydown=${this.#key}>
                <div id="before" role="presentation"></div>
                ${shown.map(row => this.#item(row))}
                <div id="after" role="presentation"></div>
            </div>`;
    }
}
customElements.define('rc-outline', Outline);
