import { html } from 'lit';

/**
 * How a status looks: a colour (a custom property of main.css) and a sign, so that colour is never the only difference.
 * Workspaces, agents and delegations have one table, since no word means two things.
 */
const LOOKS = {
    provisioning: ['--wait', '◌'],
    online: ['--good', '●'],
    degraded: ['--warn', '◐'],
    offline: ['--bad', '○'],
    awaiting_agent: ['--wait', '…'],
    paused: ['--idle', '‖'],
    hibernating: ['--idle', '☾'],
    hibernated: ['--idle', '☾'],
    failed: ['--bad', '✕'],
    removed: ['--idle', '−'],
    queued: ['--wait', '◌'],
    dispatched: ['--busy', '➤'],
    in_progress: ['--busy', '◑'],
    completed: ['--good', '✓'],
    stuck: ['--warn', '!'],
    alive: ['--good', '●'],
    silent: ['--bad', '○'],
    unknown: ['--idle', '?'],
    idle: ['--good', '●'],
    running: ['--busy', '◑'],
    error: ['--bad', '✕'],
};

/** @returns {{colour: string, sign: string, word: string}} `colour` names a custom property */
export function look(status) {
    const [colour, sign] = LOOKS[status] ?? ['--idle', '·'];
    return { colour, sign, word: (status ?? 'unknown').replaceAll('_', ' ') };
}

/** The status as a small badge: sign, word and colour. */
export function badge(status) {
    const { colour, sign, word } = look(status);
    return html`<span class="badge" data-look=${colour.slice(2)}><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

const probe = document.createElement('span');
probe.hidden = true;

/** The colour that a custom property has now, as `rgb(…)`: for libraries that draw on a canvas and know no properties. */
export function colourOf(property) {
    if (!probe.isConnected) {
        document.body.append(probe);
    }
    probe.style.color = `var(${property})`;
    return getComputedStyle(probe).color;
}
