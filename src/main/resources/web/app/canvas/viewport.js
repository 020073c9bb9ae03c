import { call, get } from '../api.js';
import { session } from '../session.js';

const PAUSE_MS = 1_200;

/**
 * Where the canvas was left: stored once for an organisation, so it is kept for an organisation's token. The platform's
 * admin has one viewport for all organisations, which fits none of them; there the browser's tab remembers.
 */
export class Viewport {
    #timer = null;
    #restored = false;
    #left;

    constructor(organisation, stageOf) {
        this.organisation = organisation;
        this.stageOf = stageOf;
        // Asked for beside the tree, not after it.
        this.#left = organisation ? this.#read() : null;
    }

    async #read() {
        try {
            return session.isPlatform ? JSON.parse(sessionStorage.getItem(this.#key)) : await get('/canvas/viewport');
        } catch {
            // Then everything is shown.
            return null;
        }
    }

    get #key() {
        return `rollcall-viewport-${this.organisation}`;
    }

    async restore() {
        const left = await this.#left;
        if (!this.stageOf()?.graph) {
            // Somebody went on to another view meanwhile.
            return;
        }
        const never = left === null || (left.x === 0 && left.y === 0 && left.zoom === 1);
        if (never || !this.stageOf().look(left)) {
            this.stageOf().fit();
        }
        this.#restored = true;
    }

    /** Stores where the canvas is now, when it has come to rest. */
    keep() {
        if (!this.#restored) {
            return;
        }
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            const where = this.stageOf()?.where();
            if (!where) {
                return;
            }
            if (session.isPlatform) {
                sessionStorage.setItem(this.#key, JSON.stringify(where));
            } else if (session.mayWrite) {
                call('PUT', '/canvas/viewport', { json: where }).catch(() => {});
            }
        }, PAUSE_MS);
    }

    stop() {
        clearTimeout(this.#timer);
    }
}
