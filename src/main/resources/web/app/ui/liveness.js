import { html } from 'lit';

const STATES = {
    live: ['good', 'Live', 'Changes appear as they happen.'],
    behind: ['warn', 'Catching up', 'The connection is back; what happened meanwhile is being told.'],
    connecting: ['wait', 'Connecting', 'Changes do not appear yet.'],
    disconnected: ['bad', 'Disconnected', 'What you see may be out of date. Connecting again by itself.'],
    refused: ['bad', 'Not allowed', 'This token may not see live changes any more. Sign in again.'],
};

/** Whether what the page shows is up to date, as a badge. */
export function liveness(state) {
    const [colour, word, meaning] = STATES[state];
    return html`<span class="badge" id="live" role="status" data-look=${colour} data-state=${state} title=${meaning}>
        <span aria-hidden="true">●</span> ${word}</span>`;
}

/** What has to be said aloud of a state; null when all is well. */
export function alarmOf(state) {
    return ['disconnected', 'behind', 'refused'].includes(state) ? STATES[state][2] : null;
}
