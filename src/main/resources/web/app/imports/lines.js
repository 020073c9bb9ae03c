import { isAlias, isMap, isSeq, LineCounter, parseDocument } from 'yaml';

/**
 * At which lines of a YAML or JSON text the service's complaints stand. It names a value by its path, as
 * `workspaces[2].name`; what is not there (a missing name) is told at what it is missing from.
 *
 * @param {string} text
 * @param {{path: string, message: string}[]} violations
 * @returns {{line: number|null, path: string, message: string}[]} lines count from 1; null for what is not in the text
 */
export function atLines(text, violations) {
    const counter = new LineCounter();
    const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false, strict: false, logLevel: 'silent' });
    return violations.map(({ path, message }) => {
        const offset = document.contents === null ? null : offsetOf(document, path);
        return { line: offset === null ? null : counter.linePos(offset).line, path, message };
    });
}

/** The place that a message of the service's parsers ends with: `… (line 3, column 1)`. */
export function lineOf(message) {
    const places = [...message.matchAll(/\(line (\d+), column \d+\)/g)];
    return places.length === 0 ? null : Number(places.at(-1)[1]);
}

function offsetOf(document, path) {
    let node = document.contents;
    let offset = null;
    let rest = path;
    while (rest !== '') {
        if (isAlias(node)) {
            node = node.resolve(document);
        }
        if (isSeq(node)) {
            const index = /^\[(\d+)\]\.?/.exec(rest);
            const item = index === null ? undefined : node.items[Number(index[1])];
            if (item === undefined) {
                return offset;
            }
            offset = item.range?.[0] ?? offset;
            node = item;
            rest = rest.slice(index[0].length);
        } else if (isMap(node)) {
            // The longest, since a key may have dots of its own.
            const pair = node.items.filter(({ key }) => begins(rest, String(key?.value ?? key)))
                .sort((a, b) => String(b.key.value).length - String(a.key.value).length)[0];
            if (pair === undefined) {
                return offset;
            }
            offset = pair.key.range?.[0] ?? offset;
            node = pair.value;
            rest = rest.slice(String(pair.key.value).length).replace(/^\./, '');
        } else {
            return offset;
        }
    }
    return offset;
}

function begins(path, key) {
    return path === key || (path.startsWith(key) && (path[key.length] === '.' || path[key.length] === '['));
}
