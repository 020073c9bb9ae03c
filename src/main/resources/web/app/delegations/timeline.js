import { html, css, nothing } from 'lit';
import { badge, look } from '../ui/status.js';
import { clock, span } from '../ui/time.js';

export const timelineStyles = css`
    ol.timeline { list-style: none; margin: 0; padding: 0 0 0 .3rem; }
    .timeline li { position: relative; padding: 0 0 .9rem 1.4rem; border-left: 2px solid var(--line); font-size: .88rem; }
    .timeline li:last-child { border-left-color: transparent; padding-bottom: 0; }
    .timeline li::before { content: attr(data-sign); position: absolute; left: -.66rem; top: 0; width: 1.2rem; height: 1.2rem;
        border-radius: 99px;
        background: var(--raised); border: 2px solid var(--look, var(--idle)); color: var(--look, var(--idle)); font-size: .68rem;
            line-height: 1rem;
        text-align: center; }
    .timeline .wait { color: var(--muted); font-size: .78rem; }
    .timeline .wait > :not(.by) { white-space: nowrap; }
    .timeline .reason { overflow-wrap: anywhere; margin: .15rem 0 0; }
    .timeline [data-look=good] { --look: var(--good); }
    li[data-look=good] { --look: var(--good); } li[data-look=bad] { --look: var(--bad); } li[data-look=warn] { --look: var(--warn); }
    li[data-look=busy] { --look: var(--busy); } li[data-look=wait] { --look: var(--wait); }
`;

/** A length of time as exact as it is short. */
export function between(milliseconds) {
    return milliseconds < 1000 ? `${Math.max(0, Math.round(milliseconds))} ms` : span(milliseconds);
}

function headOf(event) {
    switch (event.kind) {
        case 'late_result':
            return html`<strong class="warnText">Late result</strong>${event.to ? html` <span
                class="muted">wanted</span> ${badge(event.to)}` : nothing}`;
        case 'cancel_requested':
            return html`<strong>Asked to stop</strong>`;
        default:
            return html`${event.from ? html`<span class="muted">${look(event.from).word} →</span> ` : nothing}${badge(event.to)}`;
    }
}

/** The time of day, and the day where it is another one than that of the event before. */
function when(event, before) {
    const at = new Date(event.at);
    return before !== undefined && new Date(before.at).toDateString() === at.toDateString() ? at.toLocaleTimeString() : clock(event.at);
}

/** What happened to a delegation, one below another, with the time between. */
export function timeline(events) {
    return html`<ol class="timeline">${events.map((event, i) => {
        const late = event.kind === 'late_result';
        const stop = event.kind === 'cancel_requested';
        const { colour, sign } = late ? { colour: '--warn', sign: '↷' } : stop ? { colour: '--warn', sign: '⊘' } : look(event.to);
        return html`
            <li data-kind=${event.kind} data-to=${event.to ?? nothing} data-look=${colour.slice(2)} data-sign=${sign}>
                <div>${headOf(event)}</div>
                <div class="wait">${i > 0 ? html`<span>after ${between(Date.parse(event.at) - Date.parse(events[i - 1].at))} ·</span> ` : nothing}<time
                    datetime=${event.at} title=${clock(event.at)}>${when(event, events[i - 1])}</time> <span class="by">· by ${event.actor}</span>${event.attempt > 0
                        ? html` <span>· attempt ${event.attempt}</span>` : nothing}</div>
                ${event.reason ? html`<p class="reason">${event.reason}</p>` : nothing}
                ${event.detail === undefined || event.detail === null ? nothing : html`<pre
                    class="reason mono">${JSON.stringify(event.detail, null, 1)}</pre>`}
            </li>`;
    })}</ol>`;
}
