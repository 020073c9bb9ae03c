import { parseDocument } from 'yaml';
import { call, withQuery } from '../api.js';

/**
 * One import as the service is asked for it. A text goes as it was written, so that the places in it which the service names
 * are the person's own; how to import it is said in the query.
 *
 * @param {{dir?: string, text?: string}} source
 * @param {{mode: string, parentId: string|null, dryRun: boolean, maxRemovals?: number, key: string}} how
 */
export async function send(source, { mode, parentId, dryRun, maxRemovals, key }) {
    const path = withQuery('/org/import', { mode, parent_id: parentId, dry_run: dryRun ? 'true' : null, max_removals: maxRemovals });
    const headers = { 'Idempotency-Key': key };
    if (source.dir !== undefined) {
        return (await call('POST', path, { json: { dir: source.dir }, headers })).body;
    }
    if (!isJson(source.text)) {
        return (await call('POST', path, { body: source.text, type: 'application/yaml', headers })).body;
    }
    if (!isBare(source.text)) {
        return (await call('POST', path, { body: source.text, type: 'application/json', headers })).body;
    }
    try {
        return (await call('POST', path, { body: `{"template":${source.text}}`, type: 'application/json', headers })).body;
    } catch (problem) {
        // The wrapping is not the person's.
        problem.violations.forEach(each => { each.path = each.path.replace(/^template\./, ''); });
        problem.message = problem.message.replace(/^template\./, '');
        throw problem;
    }
}

/** YAML may begin with a brace too; what is neither is told by the words of JSON, as it was begun. */
export function isJson(text) {
    return /^\s*\{/.test(text) && (parses(text) || parseDocument(text, { logLevel: 'silent' }).errors.length > 0);
}

function parses(text) {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}

/** A template that stands alone, which the service takes in YAML only. One that cannot be parsed is not worth wrapping. */
function isBare(text) {
    try {
        const object = JSON.parse(text);
        return object.template === undefined && object.dir === undefined;
    } catch {
        return false;
    }
}
