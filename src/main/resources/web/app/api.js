/**
 * The service's HTTP API, as any other canvas could use it. Every refusal becomes a {@link Problem} (RFC 9457).
 */

let token = null;

/** With which token all requests are made from here on; null for none. */
export function useToken(value) {
    token = value;
}

/** What the service refused or could not do. `status` is 0 when it was not reached at all. */
export class Problem extends Error {
    constructor(status, body) {
        super(body.detail ?? `The service answered ${status}`);
        this.status = status;
        this.code = body.code ?? null;
        this.violations = body.violations ?? [];
        this.body = body;
    }

    /** Whether the same request may well be answered some seconds later. */
    get isPassing() {
        return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
    }
}

/**
 * One request. Answers the parsed body with the reply's ETag beside it.
 *
 * @param {object} [options] `json` (sent as JSON), or `body` with `type`; `headers`; `signal`
 * @returns {Promise<{status: number, body: any, etag: string|null}>}
 */
export async function call(method, path, options = {}) {
    const response = await request(method, path, options);
    const text = await response.text();
    return {
        status: response.status,
        body: text === '' ? null : JSON.parse(text),
        etag: response.headers.get('ETag'),
    };
}

export async function get(path, options) {
    return (await call('GET', path, options)).body;
}

/**
 * Something that is to be done once. Its key stays the same until it was done or something else is asked for: whoever asks
 * again after a lost reply gets that reply, and not the same thing twice. A form has one of its own each time it is opened.
 */
export class Once {
    #asked = null;
    #key = null;

    keyFor(path, json) {
        const asked = JSON.stringify([path, json]);
        if (asked !== this.#asked) {
            this.#asked = asked;
            this.#key = randomKey();
        }
        return this.#key;
    }

    done() {
        this.#asked = null;
    }
}

/** Not `randomUUID`: a page that came over plain HTTP from another machine has none. */
export function randomKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A request for something new carries a key. @param {object} [options] `once`: what it is a try of, when it may be tried again */
export async function post(path, json, { once = new Once(), ...options } = {}) {
    const headers = { 'Idempotency-Key': once.keyFor(path, json), ...options.headers };
    const { body } = await call('POST', path, { ...options, json, headers });
    once.done();
    return body;
}

/** The reply before its body is read: for streams. */
export async function request(method, path, { json, body, type, headers = {}, signal } = {}) {
    const all = { Accept: 'application/json', ...headers };
    if (token !== null) {
        all.Authorization = `Bearer ${token}`;
    }
    if (json !== undefined) {
        all['Content-Type'] = 'application/json';
    } else if (type !== undefined) {
        all['Content-Type'] = type;
    }
    let response;
    try {
        response = await fetch(path, { method, headers: all, body: json === undefined ? body : JSON.stringify(json), signal });
    } catch (e) {
        if (e.name === 'AbortError') {
            throw e;
        }
        throw new Problem(0, { detail: 'The service cannot be reached.' });
    }
    if (!response.ok) {
        const refused = await response.json().catch(() => ({}));
        throw new Problem(response.status, refused);
    }
    return response;
}

/** Page after page of a list, up to `most` items; `complete` of what is answered says whether that is all of it. */
export async function all(path, most = 5000) {
    const items = [];
    let cursor = null;
    do {
        const page = await get(withQuery(path, { limit: 500, cursor }));
        items.push(...page.items);
        cursor = page.next_cursor;
    } while (cursor !== null && cursor !== undefined && items.length < most);
    items.complete = cursor === null || cursor === undefined;
    return items;
}

/** The path with these parameters; those that are null or empty are left out. */
export function withQuery(path, parameters) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
        if (value !== null && value !== undefined && value !== '') {
            query.set(name, value);
        }
    }
    const text = query.toString();
    return text === '' ? path : path + (path.includes('?') ? '&' : '?') + text;
}
