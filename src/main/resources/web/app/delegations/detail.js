import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { Once, all, get, post } from '../api.js';
import { address, go } from '../route.js';
import { session } from '../session.js';
import { hasEnded } from '../store.js';
import { formStyles } from '../ui/forms.js';
import { nameOf } from '../ui/names.js';
import { notice, noticeOf } from '../ui/notices.js';
import { atMostEvery, whileVisible } from '../ui/poll.js';
import { problemOf } from '../ui/problem.js';
import { badge } from '../ui/status.js';
import { shared } from '../ui/styles.js';
import { ago, clock } from '../ui/time.js';
import { cardStyles, deadline, liveness, progressOf } from './card.js';
import { timeline, timelineStyles } from './timeline.js';
import { tree, treeStyles } from './tree.js';
import './cancel.js';

const REFRESH_MS = 10_000;
/** Events come in bursts; what they changed is read once. */
const SETTLE_MS = 120;

/** One delegation: what was asked, what happened, what came of it, and all that it is a part of. Live. */
export class Delegation extends Component {
    static properties = {
        store: { attribute: false }, delegationId: { attribute: false },
        row: { state: true }, events: { state: true }, tree: { state: true }, problem: { state: true }, busy: { state: true },
    };
    static styles = [shared, formStyles, cardStyles, timelineStyles, treeStyles, css`
        :host { position: relative; display: block; padding: 1rem; }
        header { display: flex; gap: .5rem; align-items: center; position: sticky; top: 0; background: var(--raised);
            margin: -1rem -1rem .5rem;
                 padding: .7rem 1rem; z-index: 5; border-bottom: 1px solid var(--line); }
        .said { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; max-height: 16rem; overflow: auto; }
        .said.task { display: block; font-size: 1.02rem; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--page); border: 1px solid var(--line);
            border-radius: 8px; padding: .6rem .75rem;
              max-height: 22rem; overflow: auto; margin: 0; }
        section { margin-top: 1.25rem; }
        h2 { font-size: .78rem; text-transform: uppercase; letter-spacing: .05em; color: var(--muted); }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem .9rem; margin: 0; font-size: .88rem; }
        dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
        .warnText { color: var(--warn); } .good { color: var(--good); } .warn { color: var(--warn); }
        progress { max-width: 10rem; vertical-align: middle; height: 6px; }
        .actions { justify-content: flex-start; }
    `];

    #ends = [];
    #selfSoon = atMostEvery(SETTLE_MS, () => this.#load());
    #treeSoon = atMostEvery(SETTLE_MS, () => this.#loadTree());
    #retrying = new Once();
    #hadFocus = false;
    /** Its button had the focus until it was disabled. */
    #retried = false;
    #loads = 0;
    #onEvent = e => {
        const event = e.detail;
        if (event.delegation_id === this.delegationId) {
            this.#selfSoon.ask();
        } else if (this.row && event.payload?.root_delegation_id === this.row.root_delegation_id) {
            this.#treeSoon.ask();
        }
    };
    #follow = new Follow(this, { event: this.#onEvent, workspaces: () => this.requestUpdate() });

    connectedCallback() {
        super.connectedCallback();
        this.#ends = [whileVisible(REFRESH_MS, () => this.row && !hasEnded(this.row) ? this.#load() : this.requestUpdate())];
    }

    disconnectedCallback() {
        this.#ends.forEach(end => end());
        this.#selfSoon.end();
        this.#treeSoon.end();
        super.disconnectedCallback();
    }

    willUpdate(changed) {
        if (changed.has('delegationId')) {
            this.#hadFocus = this.hasUpdated && (this.renderRoot.activeElement !== null || this.#retried);
            this.#retried = false;
            this.#retrying = new Once();
            this.row = this.events = this.tree = this.problem = null;
            this.#load();
        }
    }

    updated(changed) {
        // The link or button that led here is gone, and the focus with it.
        if (changed.has('delegationId') && this.#hadFocus) {
            this.#focusHead();
        }
    }

    firstUpdated() {
        this.#focusHead();
    }

    #focusHead() {
        this.renderRoot.querySelector('header button')?.focus({ preventScroll: true });
    }

    get #path() {
        return `/delegations/${encodeURIComponent(this.delegationId)}`;
    }

    async #load() {
        const mine = ++this.#loads;
        try {
            const [row, events] = await Promise.all([get(this.#path), all(`${this.#path}/events`, 2000)]);
            if (mine !== this.#loads) {
                return;
            }
            this.row = row;
            this.events = events;
            this.problem = null;
            // What this page shows in two places must not differ; what the board needs is a part of this.
            const { task, result, late_results: late, note, ...rest } = row;
            this.store.putDelegation(rest);
            await this.#loadTree();
        } catch (problem) {
            if (mine === this.#loads) {
                this.problem = problem;
            }
        }
    }

    async #loadTree() {
        // It may have been left for another one since this was asked for.
        const root = this.row?.root_delegation_id;
        if (root === undefined) {
            return;
        }
        const rows = await all(`/delegations/${encodeURIComponent(root)}/tree`, 500).catch(() => null);
        if (this.row?.root_delegation_id === root && rows !== null) {
            this.tree = rows;
        }
    }

    async #retry() {
        this.busy = true;
        try {
            const row = await post(`${this.#path}/retry`, undefined, { once: this.#retrying });
            this.store.putDelegation(row);
            notice(row.idempotent_hit ? 'It was retried before; this is that retry.' : 'Asked again.');
            this.#retried = true;
            go(this.store.organisation, 'delegations', row.delegation_id);
        } catch (problem) {
            noticeOf(problem);
        } finally {
            this.busy = false;
        }
    }

    #below(id) {
        const within = new Set([id]);
        for (const row of this.tree ?? []) {
            if (within.has(row.parent_delegation_id)) {
                within.add(row.delegation_id);
            }
        }
        return within.size - 1;
    }

    #link(id) {
        return html`<a class="mono" href=${address(this.store.organisation, 'delegations', id)}>${id}</a>`;
    }

    #facts() {
        const row = this.row;
        const progress = progressOf(row);
        const facts = [
            ['Asked by', nameOf(this.store, row.caller_id)],
            ['Asked', html`${nameOf(this.store, row.callee_id)}${row.agent_id ? html` <span
                class="muted">(${row.agent_id})</span>` : nothing}`],
            ['Callee is', hasEnded(row) ? null : html`${liveness(row)}${row.last_heartbeat ? html` <span
                class="muted">last beat ${ago(row.last_heartbeat)}</span>` : nothing}`],
            ['Progress', progress === null ? null : html`${progress.share === null ? nothing
                : html`<progress max="1" .value=${progress.share} aria-label="Progress"></progress>`} ${progress.word}`],
            ['Note', row.note],
            ['Deadline', html`${clock(row.deadline)} ${deadline(row)}`],
            ['Attempt', row.attempt],
            ['Retry', row.retry_count > 0 ? html`no. ${row.retry_count}, of ${this.#link(row.retry_of)}` : null],
            ['Asked to stop', row.cancel_requested_at ? clock(row.cancel_requested_at) : null],
            ['Made', html`${clock(row.created_at)} <span class="muted">${ago(row.created_at)}</span>`],
            ['Changed', clock(row.updated_at)],
            ['Ended', row.finished_at ? clock(row.finished_at) : null],
            ['Part of', row.parent_delegation_id ? this.#link(row.parent_delegation_id) : null],
            ['Key', row.idempotency_key],
            ['Labels', Object.entries(row.labels ?? {}).map(([key, value]) => `${key}=${value}`).join(', ') || null],
            ['Id', html`<span class="mono">${row.delegation_id}</span>`],
        ];
        return html`<dl>${facts.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => html`
            <dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
    }

    #outcome() {
        const row = this.row;
        const text = value => typeof value === 'string' ? value : JSON.stringify(value, null, 2);
        const result = row.result ?? row.result_preview;
        return html`
            ${row.error_detail ? html`<section><h2>Error</h2><pre class="bad" id="error">${row.error_detail}</pre></section>` : nothing}
            ${result === null || result === undefined ? nothing : html`<section><h2>Result</h2><pre
                id="result">${text(result)}</pre></section>`}
            ${(row.late_results ?? []).map(late => html`<section><h2>Late result</h2><pre>${text(late.result ?? late)}</pre></section>`)}`;
    }

    render() {
        const row = this.row;
        return html`
            <header>
                ${row ? html`${badge(row.status)}${row.outcome ? html`<span
                    class="small muted">${row.outcome.replaceAll('_', ' ')}</span>` : nothing}` : nothing}
                <span class="grow"></span>
                <button class="quiet" id="close" aria-label="Close, back to the board"
                    @click=${() => this.dispatchEvent(new Event('close'))}>✕</button>
            </header>
            ${problemOf(this.problem)}
            ${row === null ? (this.problem ? nothing : html`<p class="empty" role="status">Loading …</p>`) : html`
                <h1 class="hidden">Delegation from ${nameOf(this.store, row.caller_id)} to ${nameOf(this.store, row.callee_id)}</h1>
                <p class="said task">${row.task ?? row.task_preview}</p>
                <div class="actions">
                    ${session.mayWrite && !hasEnded(row) ? html`
                        <button class="danger" id="cancel"
                            @click=${() => this.renderRoot.querySelector('rc-cancel-delegation').open()}>Cancel …</button>` : nothing}
                    ${session.mayWrite && (hasEnded(row) || row.status === 'stuck') ? html`
                        <button class="primary" id="retry" ?disabled=${this.busy} @click=${this.#retry}>Ask again</button>` : nothing}
                    <button class="quiet" id="only-tree"
                        @click=${() => this.dispatchEvent(new CustomEvent('only-tree', { detail: row.root_delegation_id }))}>
                        Only its tree on the board</button>
                </div>
                ${this.#outcome()}
                <section>${this.#facts()}</section>
                <section aria-live="polite"><h2>What happened</h2>${timeline(this.events ?? [])}</section>
                ${(this.tree?.length ?? 0) > 1
                    ? html`<section><h2>Its tree · ${this.tree.length}${this.tree.length >= 500 ? '+' : ''}</h2>
                    ${tree(this.store, this.tree, row.delegation_id)}</section>` : nothing}
                <rc-cancel-delegation .row=${row} below=${this.#below(row.delegation_id)}
                    @cancelled=${() => this.#load()}></rc-cancel-delegation>`}`;
    }
}
customElements.define('rc-delegation', Delegation);
