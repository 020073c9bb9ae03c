import { request } from './api.js';

/** No sign of life for this long, and the stream counts as lost; the service sends a comment every 15 s. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * The service's live events (`GET /events`), read with fetch since an EventSource cannot send a token. It goes on where
 * it was cut off, by the id of the last event. Tells:
 *
 * - `event`, with the event as `detail`, each once and in order;
 * - `gap`: events were missed for good (a `resync`), or the first connection is there: what is shown has to be loaded;
 * - `state`: {@link state} changed.
 */
export class Live extends EventTarget {
    /** `connecting`, `live`, `behind` (catching up on events from before the connection) or `disconnected`. */
    state = 'disconnected';
    /** The id of the last event that was told; null before the first connection. */
    last = null;
    #organisation;
    #abort = null;
    #retry = FIRST_RETRY_MS;
    #wake = () => {};
    #stopped = false;
    // The browser knows at once what silence tells after 40 s, and when it is worth while to try again.
    #offline = () => this.#abort?.abort();
    #online = () => {
        this.#retry = FIRST_RETRY_MS;
        this.#wake();
    };

    /** @param {string|null} organisation whose events are told; null for all that the token may see */
    constructor(organisation) {
        super();
        this.#organisation = organisation;
    }

    start() {
        window.addEventListener('offline', this.#offline);
        window.addEventListener('online', this.#online);
        this.#run();
    }

    stop() {
        window.removeEventListener('offline', this.#offline);
        window.removeEventListener('online', this.#online);
        this.#stopped = true;
        this.#abort?.abort();
    }

    async #run() {
        while (!this.#stopped) {
            try {
                await this.#connect();
            } catch (e) {
                if (e.status === 401 || e.status === 403) {
                    this.#become('refused');
                    return;
                }
            }
            if (this.#stopped) {
                return;
            }
            this.#become('disconnected');
            const pause = this.#retry * (0.75 + Math.random() / 2);
            this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY_MS);
            await new Promise(resolve => {
                this.#wake = resolve;
                setTimeout(resolve, pause);
            });
        }
    }

    async #connect() {
        this.#abort = new AbortController();
        let watch = setTimeout(() => this.#abort.abort(), SILENCE_MS);
        if (this.last === null) {
            this.#become('connecting');
        }
        const headers = { Accept: 'text/event-stream' };
        if (this.last !== null) {
            headers['Last-Event-ID'] = String(this.last);
        }
        const response = await request('GET', '/events', { headers, signal: this.#abort.signal });
        if (this.last !== null) {
            this.#become('behind');
        }
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        try {
            for (;;) {
                const { done, value } = await reader.read();
                if (done) {
                    return;
                }
                clearTimeout(watch);
                watch = setTimeout(() => this.#abort.abort(), SILENCE_MS);
                const blocks = (rest + value).split('\n\n');
                rest = blocks.pop();
                for (const block of blocks) {
                    this.#take(block);
                }
            }
        } finally {
            clearTimeout(watch);
        }
    }

    #take(block) {
        const data = block.split('\n').filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n');
        if (data === '') {
            // A sign of life: with the number that all was told until, from which to go on.
            const told = block.split('\n').find(line => line.startsWith('id:'));
            if (told !== undefined && this.last !== null) {
                this.last = BigInt(told.slice(3).trim());
            }
            return;
        }
        const event = JSON.parse(data);
        const id = BigInt(event.id);
        this.#retry = FIRST_RETRY_MS;
        if (event.event === 'ready') {
            // Everything from before this connection has been told.
            const first = this.last === null;
            this.last = id;
            if (first) {
                this.dispatchEvent(new Event('gap'));
            }
            this.#become('live');
        } else if (event.event === 'resync') {
            this.last = id;
            this.dispatchEvent(new Event('gap'));
        } else if (this.last === null || id > this.last) {
            this.last = id;
            if (this.#organisation === null || event.org_id === this.#organisation) {
                this.dispatchEvent(new CustomEvent('event', { detail: event }));
            }
        }
    }

    #become(state) {
        if (this.state !== state) {
            this.state = state;
            this.dispatchEvent(new Event('state'));
        }
    }
}
