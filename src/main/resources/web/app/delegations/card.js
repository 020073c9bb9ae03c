import { html, css, nothing } from 'lit';
import { hasEnded } from '../store.js';
import { address } from '../route.js';
import { nameOf } from '../ui/names.js';
import { look } from '../ui/status.js';
import { now } from '../ui/clock.js';
import { ago, clock, left, span } from '../ui/time.js';
import { isOverdue } from './model.js';

/** How a card looks; for the component that shows cards. */
export const cardStyles = css`
    .task { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; overflow-wrap: anywhere;
            font-weight: 550; line-height: 1.35; }
    a.item { display: grid; gap: .35rem; padding: .6rem .7rem; text-decoration: none; color: inherit; background: var(--raised);
             border: 1px solid var(--line); border-left: 3px solid var(--look); border-radius: 8px; font-size: .88rem;
                 position: relative; }
    a.item:hover { border-color: var(--line-strong); border-left-color: var(--look); background: var(--hover); }
    a.item[aria-current=true] { outline: 2px solid var(--accent); outline-offset: 0; }
    a.item.moving { z-index: 3; box-shadow: var(--shadow); }
    .who { display: flex; flex-wrap: wrap; gap: 0 .35rem; font-size: .82rem; min-width: 0; }
    .who > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 100%; }
    .arrow { color: var(--muted); }
    .facts { display: flex; flex-wrap: wrap; gap: .1rem .6rem; font-size: .78rem; color: var(--muted); }
    .facts .good { color: var(--good); } .facts .bad { color: var(--bad); } .facts .warn { color: var(--warn); }
    progress { appearance: none; width: 100%; height: 4px; border: 0; border-radius: 4px; background: var(--line); overflow: hidden; }
    progress::-webkit-progress-bar { background: var(--line); }
    progress::-webkit-progress-value { background: var(--busy); }
    progress::-moz-progress-bar { background: var(--busy); }
`;

/** Callees count as they like; a share of one is the usual, and alone can be drawn. */
export function progressOf(row) {
    if (row.progress === null || row.progress === undefined || hasEnded(row)) {
        return null;
    }
    return row.progress >= 0 && row.progress <= 1
        ? { share: row.progress, word: `${Math.round(row.progress * 100)} %` }
        : { share: null, word: String(row.progress) };
}

export function liveness(row) {
    if (hasEnded(row) || !row.liveness) {
        return nothing;
    }
    const { colour, sign, word } = look(row.liveness);
    return html`<span class=${colour.slice(2)}><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

export function deadline(row) {
    if (hasEnded(row)) {
        return nothing;
    }
    return isOverdue(row)
        ? html`<span class="bad" title=${clock(row.deadline)}>⚑ ${span(now() - Date.parse(row.deadline))} overdue</span>`
        : html`<span title=${`Deadline: ${clock(row.deadline)}`}>⚑ ${left(row.deadline)} left</span>`;
}

/** One delegation on the board. */
export function card(store, row, shown) {
    const progress = progressOf(row);
    return html`
        <a class="item" href=${address(store.organisation, 'delegations', row.delegation_id)} data-id=${row.delegation_id}
           data-status=${row.status} aria-current=${shown ? 'true' : nothing}>
            <span class="task">${row.task_preview || row.delegation_id}</span>
            <span class="who">
                <span>${nameOf(store, row.caller_id)}</span>
                <span><span class="arrow" role="img" aria-label="asked">→</span> ${nameOf(store, row.callee_id)}</span>
            </span>
            ${progress?.share !== null && progress !== null
                ? html`<progress max="1" .value=${progress.share} aria-label="Progress">${progress.word}</progress>` : nothing}
            <span class="facts">
                ${row.status === 'queued' ? nothing : liveness(row)}
                ${progress ? html`<span>${progress.word}</span>` : nothing}
                ${row.outcome ? html`<span
                    class=${row.status === 'stuck' ? 'warn' : 'bad'}>${row.outcome.replaceAll('_', ' ')}</span>` : nothing}
                ${row.cancel_requested_at && !hasEnded(row) ? html`<span class="warn">⊘ asked to stop</span>` : nothing}
                ${deadline(row)}
                ${row.attempt > 1 ? html`<span>attempt ${row.attempt}</span>` : nothing}
                ${row.retry_count > 0 ? html`<span>↻ retry ${row.retry_count}</span>` : nothing}
                <span title=${clock(row.finished_at ?? row.created_at)}>${hasEnded(row) ? 'ended ' : ''}${ago(row.finished_at ?? row.created_at)}</span>
            </span>
        </a>`;
}
