import { html, css, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { all, withQuery } from '../api.js';
import { STATUSES } from '../store.js';
import { readClock } from '../ui/clock.js';
import { whileVisible } from '../ui/poll.js';
import { look } from '../ui/status.js';
import { shared } from '../ui/styles.js';
import { card, cardStyles } from './card.js';
import { Ended } from './ended.js';
import { ENDED, columns, matcher } from './model.js';
import { Motion } from './motion.js';

/** So many cards of a column are drawn; more when asked for. */
const DRAWN = 100;
/** Beats and progress are no events: they are asked for so often. */
const REFRESH_MS = 15_000;
const SPEAK_MS = 10_000;
/** However much happens, it is drawn at most so often: what moves faster nobody can follow. */
const DRAW_MS = 120;

/** One column a status, kept up by the store; the ended ones of before from the service, page by page. */
export class Board extends Component {
    static properties = {
        store: { attribute: false }, wanted: { attribute: false }, shownId: { attribute: false },
        drawn: { state: true }, spoken: { state: true },
    };
    static styles = [shared, cardStyles, css`
        :host { position: relative; display: block; overflow: auto; margin: 0 -.25rem; padding: 0 .25rem; scroll-snap-type: x proximity; }
        .columns { display: grid; grid-template-columns: repeat(6, minmax(13.5rem, 1fr)); gap: .75rem; min-height: 100%; }
        /* Beside one that is shown there is not the room for six: none is cut, some stand below. */
        :host([beside]) .columns { grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); min-height: 0; }
        section { background: color-mix(in srgb, var(--hover) 55%, transparent); border-radius: 10px; padding: 0 .5rem .75rem;
            min-width: 0;
                  scroll-snap-align: start; }
        h2 { position: sticky; top: 0; z-index: 4; margin: 0 -.5rem .25rem; padding: .55rem .75rem; font-size: .85rem;
            display: flex; gap: .45rem;
             align-items: baseline; background: color-mix(in srgb, var(--hover) 55%, var(--page)); border-radius: 10px 10px 0 0;
             text-transform: capitalize; }
        h2 .sign { color: var(--look); }
        h2 .count { margin-left: auto; color: var(--muted); font-variant-numeric: tabular-nums; font-weight: 500; }
        ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
        section > button { width: 100%; margin-top: .5rem; }
        .none { color: var(--muted); font-size: .82rem; text-align: center; padding: 1rem 0; margin: 0; }
        [data-look=good] { --look: var(--good); } [data-look=bad] { --look: var(--bad); } [data-look=warn] { --look: var(--warn); }
        [data-look=busy] { --look: var(--busy); } [data-look=wait] { --look: var(--wait); }
        @media (max-width: 600px) { .columns { grid-template-columns: repeat(6, min(19rem, 84vw)); } }
    `];

    drawn = {};
    spoken = '';
    #ended = null;
    #loadedFor = null;
    #columns = new Map();
    /** By id: in which column each card was drawn last. */
    #shown = new Map();
    #motion = new Motion();
    #ends = [];
    /** The card that has the focus before it is drawn anew. */
    #focused = null;
    #spokenAt = 0;
    #drawing = null;
    #redraw = () => {
        this.#drawing ??= setTimeout(() => {
            this.#drawing = null;
            this.requestUpdate();
        }, DRAW_MS);
    };
    #follow = new Follow(this, { delegations: this.#redraw, workspaces: this.#redraw });

    connectedCallback() {
        super.connectedCallback();
        // It scrolls, and an empty one has nothing in it that could be focused.
        this.tabIndex = 0;
        this.role = 'region';
        this.ariaLabel = 'Delegations by status';
        this.#ends = [whileVisible(REFRESH_MS, () => this.#refresh())];
        readClock().then(() => this.requestUpdate());
    }

    disconnectedCallback() {
        this.#ends.forEach(end => end());
        clearTimeout(this.#drawing);
        this.#drawing = null;
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('store')) {
            this.#ended = new Ended(this.store.organisation);
            this.#ended.addEventListener('change', this.#redraw);
            this.#ended.addEventListener('failed', e => this.dispatchEvent(new CustomEvent('rc-problem', { detail: e.detail })));
            this.#shown.clear();
            this.#loadedFor = null;
        }
        this.#loadEnded();
        const sources = [this.store.delegations.values(), ...ENDED.map(status => this.#ended.rows(status))];
        this.#columns = columns(sources, matcher(this.store, this.wanted));
        const moved = [];
        // Made anew, so that it forgets what the store forgot.
        const shown = new Map();
        for (const [status, rows] of this.#columns) {
            for (const row of rows) {
                const before = this.#shown.get(row.delegation_id);
                if (before !== undefined && before !== status) {
                    moved.push(row.delegation_id);
                }
                shown.set(row.delegation_id, status);
            }
        }
        this.#shown = shown;
        this.#focused = this.renderRoot?.activeElement?.dataset.id ?? null;
        if (moved.length > 0) {
            this.#motion.before(this.renderRoot, moved);
        }
        this.#speak();
    }

    updated(changed) {
        this.#motion.after(this.renderRoot);
        // A card that moves to another column is another element there, and one that goes takes the focus with it.
        if (this.#focused !== null && this.renderRoot.activeElement === null) {
            this.focusOn(this.#focused);
        }
        if (changed.has('shownId') && this.shownId !== null) {
            this.renderRoot.querySelector('a[aria-current=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        }
    }

    /** Again when other ones are wanted, and when the store was loaded anew: what ended in a gap is told by nobody. */
    #loadEnded() {
        const { caller, callee, root } = this.wanted;
        const key = JSON.stringify([caller, callee, root]);
        if (this.#loadedFor?.key !== key || (this.#loadedFor.map !== this.store.delegations && this.store.loaded)) {
            this.#loadedFor = { key, map: this.store.delegations };
            this.#ended.load(this.wanted);
        }
    }

    async #refresh() {
        const store = this.store;
        try {
            const rows = await all(withQuery('/delegations', { org_id: store.organisation, status: 'in_flight' }));
            rows.forEach(row => store.putDelegation(row));
        } catch {
            // The page says already that it is disconnected; ages go on all the same.
        }
        this.requestUpdate();
    }

    /** For who listens rather than looks: how many there are, now and then. */
    #speak() {
        const of = status => this.#columns.get(status).length;
        const text = `${of('queued') + of('dispatched') + of('in_progress')} in flight, ${of('stuck')} stuck, ${of('failed')} failed shown`;
        if (text !== this.spoken && Date.now() - this.#spokenAt > SPEAK_MS) {
            this.#spokenAt = Date.now();
            this.spoken = text;
        }
    }

    /** Gives the focus back to the card that was left. */
    focusOn(id) {
        (this.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`) ?? this).focus();
    }

    #more(status) {
        const drawn = this.drawn[status] ?? DRAWN;
        this.drawn = { ...this.drawn, [status]: drawn + DRAWN };
        if (ENDED.includes(status) && this.#columns.get(status).length <= drawn) {
            this.#ended.more(status);
        }
    }

    #column(status) {
        const rows = this.#columns.get(status);
        const drawn = this.drawn[status] ?? DRAWN;
        const hidden = rows.length - drawn;
        const further = ENDED.includes(status) && this.#ended.hasMore(status);
        const busy = ENDED.includes(status) && this.#ended.isBusy(status);
        const { colour, sign, word } = look(status);
        return html`
            <section data-status=${status} data-look=${colour.slice(2)} aria-labelledby=${`head-${status}`}>
                <h2 id=${`head-${status}`}>
                    <span class="sign" aria-hidden="true">${sign}</span>${word}
                    <span class="count" data-count=${rows.length}
                        title=${further ? 'Loaded; there are more' : nothing}>${rows.length}${further ? '+' : ''}</span>
                </h2>
                <ul>${repeat(rows.slice(0, drawn), row => row.delegation_id, row => html`<li>${card(this.store, row, row.delegation_id === this.shownId)}</li>`)}</ul>
                ${rows.length === 0 && !busy ? html`<p class="none">none</p>` : nothing}
                ${hidden > 0 || further ? html`
                    <button class="quiet small" data-more=${status} ?disabled=${busy} @click=${() => this.#more(status)}>
                        ${busy ? 'Loading …' : hidden > 0 ? `${hidden} more` : 'Earlier ones'}</button>` : nothing}
            </section>`;
    }

    render() {
        if (!this.store.loaded) {
            return html`<p class="empty" role="status">Loading …</p>`;
        }
        return html`
            <p class="hidden" role="status" aria-live="polite">${this.spoken}</p>
            <div class="columns">${STATUSES.map(status => this.#column(status))}</div>`;
    }
}
customElements.define('rc-board', Board);
