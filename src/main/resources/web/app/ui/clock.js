import { get } from '../api.js';

/** The service counts anew once a second at most, and the way takes its time: what is less than this is no difference. */
const NOISE_MS = 2_000;
const USUAL_AGE_MS = 500;

let behind = 0;

/** Now, in milliseconds, by the service's clock as far as it is known: the times that it tells are compared with no other. */
export function now() {
    return Date.now() + behind;
}

/** Asks how far this machine's clock is from the database's. When it cannot be asked, what was known stays. */
export async function readClock() {
    try {
        const sent = Date.now();
        const { as_of: then } = await get('/heartbeats/summary');
        const difference = Date.parse(then) + USUAL_AGE_MS - (sent + Date.now()) / 2;
        behind = Math.abs(difference) < NOISE_MS ? 0 : difference;
    } catch {
        // The page says elsewhere that nothing can be reached.
    }
}
