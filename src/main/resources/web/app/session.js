import { get, useToken, Problem } from './api.js';

const KEY = 'rollcall-token';

/**
 * Who uses this page. The token is kept by the browser for this tab's session alone, and is never part of an address.
 */
class Session extends EventTarget {
    /** What `GET /org/token` says of the token; null when nobody is signed in. */
    who = null;

    /** Signs in again with the tab's token, if there is one. False when there is none, or it is not good any more. */
    async resume() {
        const token = sessionStorage.getItem(KEY);
        if (token === null) {
            return false;
        }
        try {
            await this.signIn(token);
            return true;
        } catch (e) {
            if (e instanceof Problem && e.status === 401) {
                this.signOut();
                return false;
            }
            throw e;
        }
    }

    async signIn(token) {
        useToken(token);
        try {
            this.who = await knownAs();
        } catch (e) {
            useToken(null);
            throw e;
        }
        sessionStorage.setItem(KEY, token);
        this.dispatchEvent(new Event('change'));
    }

    signOut() {
        sessionStorage.removeItem(KEY);
        useToken(null);
        this.who = null;
        this.dispatchEvent(new Event('change'));
    }

    get isPlatform() {
        return this.who?.kind === 'platform';
    }

    /** May change what it sees: without it, no control that writes is shown. */
    get mayWrite() {
        return this.isPlatform || this.who?.scope === 'admin' || this.who?.scope === 'write';
    }
}

/** A workspace's token lets an agent speak, and may not look around. */
async function knownAs() {
    const who = await get('/org/token');
    if (who.kind === 'workspace') {
        throw new Problem(403, { detail: 'This token is for the agent of one workspace. The console needs one of an organisation, or the admin’s.' });
    }
    return who;
}

export const session = new Session();
