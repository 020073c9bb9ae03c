/**
 * JSON as text: where it is wrong, and laid out anew. Never through the browser's own numbers, which would cut long ones short.
 */

const TOKEN = /[ \t\r\n]+|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;

class Wrong extends Error {
    constructor(message, at) {
        super(message);
        this.at = at;
    }
}

function tokens(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    let at = 0;
    while (at < text.length) {
        TOKEN.lastIndex = at;
        const match = TOKEN.exec(text);
        const joined = found.length > 0 && found.at(-1).end === at && /[\w.]$/.test(found.at(-1).text) && /^[\w.]/.test(text.slice(at, at + 1));
        if (match === null || joined) {
            throw new Wrong(text[at] === '"' ? 'A text that is not ended, or has an escape that JSON does not know'
                : `“${text.slice(at).match(/^(\w+|.)/s)[0]}” is nothing in JSON`, at);
        }
        if (!/^[ \t\r\n]/.test(match[0])) {
            found.push({ text: match[0], at, end: TOKEN.lastIndex });
        }
        at = TOKEN.lastIndex;
    }
    return found;
}

/** Reads one value and writes it laid out; `position` is where in the tokens it stands. */
function value(all, state, indent, end) {
    const token = all[state.i];
    const expect = (text, what) => {
        if (all[state.i]?.text !== text) {
            throw new Wrong(`Expected ${what}`, all[state.i]?.at ?? end);
        }
        state.i++;
    };
    if (token === undefined || '}],:'.includes(token.text)) {
        throw new Wrong('Expected a value', token?.at ?? end);
    }
    state.i++;
    if (token.text !== '{' && token.text !== '[') {
        return token.text;
    }
    const object = token.text === '{';
    const close = object ? '}' : ']';
    if (all[state.i]?.text === close) {
        state.i++;
        return token.text + close;
    }
    const inner = `${indent}  `;
    const parts = [];
    for (;;) {
        let name = '';
        if (object) {
            const key = all[state.i];
            if (!key?.text.startsWith('"')) {
                throw new Wrong('Expected a name in double quotes', key?.at ?? end);
            }
            state.i++;
            expect(':', 'a colon');
            name = `${key.text}: `;
        }
        parts.push(inner + name + value(all, state, inner, end));
        if (all[state.i]?.text !== ',') {
            expect(close, `a comma or “${close}”`);
            return `${token.text}\n${parts.join(',\n')}\n${indent}${close}`;
        }
        state.i++;
    }
}

function laidOut(text) {
    const all = tokens(text);
    const state = { i: 0 };
    const result = value(all, state, '', text.length);
    if (state.i < all.length) {
        throw new Wrong('Expected the end', all[state.i].at);
    }
    return result;
}

/** The text with two spaces a level; as it is when it is not JSON. */
export function pretty(text) {
    try {
        return laidOut(text);
    } catch {
        return text;
    }
}

/** What is wrong first, and where; null when it is JSON. @returns {{message: string, line: number, column: number, at: number}|null} */
export function wrongIn(text) {
    try {
        laidOut(text);
        return null;
    } catch (wrong) {
        if (wrong.at === undefined) {
            return { message: 'Too deep to be read', line: 1, column: 1, at: 0 };
        }
        const lines = text.slice(0, wrong.at).split('\n');
        return { message: wrong.message, line: lines.length, column: lines.at(-1).length + 1, at: wrong.at };
    }
}
