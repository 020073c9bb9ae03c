import { html, css, nothing } from 'lit';
import { badge, look } from '../ui/status.js';
import { ago, clock, left } from '../ui/time.js';
import { isPaused, stateOf } from './model.js';

export const rowStyles = css`
    .scroll { overflow-x: auto; }
    th { white-space: nowrap; }
    td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
    table { font-size: .9rem; }
    td .task { max-width: var(--task, 13rem); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: block; }
    td .error { display: block; font-size: .8rem; color: var(--bad); max-width: var(--task, 13rem); overflow-wrap: anywhere; }
    td.mono { white-space: nowrap; }
`;

export const HEADS = html`<th scope="col">Agent</th><th scope="col">State</th><th scope="col">Last beat</th><th scope="col">Works on</th>
    <th scope="col">Errors</th>`;

/** The cells of one agent, from its name on. */
export function agentCells(agent) {
    const rate = agent.error_rate;
    const bad = rate !== null && rate >= 0.5;
    return html`
        <td class="mono">${agent.agent_id}</td>
        <td>${badge(stateOf(agent))}${isPaused(agent) ? html` <span class="badge"
            title=${`Its silence is not judged until ${clock(agent.paused_until)}`}><span
            aria-hidden="true">${look('paused').sign}</span> paused, ${left(agent.paused_until)} left</span>` : nothing}</td>
        <td class="number"><time datetime=${agent.last_heartbeat}
            title=${clock(agent.last_heartbeat)}>${ago(agent.last_heartbeat)}</time></td>
        <td><span class="task" title=${agent.current_task ?? nothing}>${agent.current_task ?? html`<span class="muted">–</span>`}</span>
            ${bad && agent.sample_error ? html`<span class="error">${agent.sample_error}</span>` : nothing}</td>
        <td class="number">${rate === null || rate === undefined ? html`<span class="muted">–</span>`
            : html`<span class=${bad ? 'bad' : ''}>${bad ? '▲ ' : ''}${Math.round(rate * 100)} %</span>`}</td>`;
}
