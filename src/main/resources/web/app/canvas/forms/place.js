import { html } from 'lit';
import { change } from '../actions.js';

/** Where a card stands, in numbers: what dragging it does. */
export const placeForm = {
    word: 'Place',
    heading: its => `Place ${its.row.name}`,
    body: its => html`
        <div class="pair">
            <label>From the left<input name="x" type="number" step="any" required .value=${String(its.row.x ?? '')} autofocus></label>
            <label>From the top<input name="y" type="number" step="any" required .value=${String(its.row.y ?? '')}></label>
        </div>
        <p class="small muted">Of the card's upper left corner, in steps of the canvas at natural size.
            ${its.row.x === null ? 'It has no place of its own yet.' : ''}</p>`,
    async send(its, data) {
        await change(its.store, its.row.id, { x: Number(data.x), y: Number(data.y) });
        return its.row.id;
    },
};
