/** What an import does with a node: how it looks, in the order in which people want to see it. */
export const ACTIONS = {
    created: { sign: '+', word: 'created', plan: 'to create', colour: '--good', fill: '--added' },
    updated: { sign: '~', word: 'updated', plan: 'to update', colour: '--warn', fill: '--changed' },
    removed: { sign: '−', word: 'removed', plan: 'to remove', colour: '--bad', fill: '--taken' },
    kept: { sign: '!', word: 'kept', plan: 'kept', colour: '--wait', fill: '--raised' },
    skipped: { sign: '=', word: 'as it is', plan: 'as it is', colour: '--idle', fill: '--raised' },
    not_spawned: { sign: '○', word: 'not spawned', plan: 'not spawned', colour: '--idle', fill: '--page' },
};

/** All nodes that a result names, with what a reconcile left because others have built upon it. */
export function nodesOf(result) {
    return [...result.workspaces, ...(result.kept ?? []).map(kept => ({ ...kept, action: 'kept' }))];
}

/**
 * The result as rows that the canvas can draw, below what is there already where the import is attached. In a dry run new
 * nodes have no id, and two may have one path, since names may have slashes: they are known by their places in the result.
 *
 * @param {Map<string, object>|null} workspaces those of the organisation, for the place where it is attached
 */
export function rowsOf(result, workspaces) {
    const rows = new Map();
    const nodes = nodesOf(result);
    const byId = new Map(nodes.map((node, i) => [node.id ?? null, idOf(i)]));
    const byPath = new Map(nodes.map((node, i) => [node.path, idOf(i)]).reverse());
    nodes.forEach((node, i) => {
        const look = ACTIONS[node.action];
        const above = byPath.get(node.path.slice(0, -(node.name.length + 1)));
        const parent = (node.parent_id && byId.get(node.parent_id)) ?? above
            ?? (node.parent_id ? context(rows, workspaces?.get(node.parent_id)) : null);
        // A result names a node after the one that it is below.
        byPath.set(node.path, idOf(i));
        rows.set(idOf(i), {
            id: idOf(i), path: node.path, parent_id: parent, name: node.name, role: node.reason ?? changesOf(node).join(', '),
            status: node.action, note: result.dry_run ? look.plan : look.word, sign: look.sign, colour: look.colour, fill: look.fill,
            collapsed: false, x: null, y: null,
        });
    });
    return rows;
}

function idOf(index) {
    return `node-${index}`;
}

function context(rows, row) {
    if (row === undefined) {
        return null;
    }
    rows.set(row.id, {
        id: row.id, parent_id: null, name: row.name, role: 'The import is attached here', status: 'skipped', note: 'is there already',
        sign: '⚓', colour: '--accent-text', collapsed: false, x: null, y: null,
    });
    return row.id;
}

/** `tier: 2 → 3` for each changed field. */
export function changesOf(node) {
    return Object.entries(node.changes ?? {}).map(([field, { from, to }]) => `${field}: ${said(from)} → ${said(to)}`);
}

export function said(value) {
    if (value === null || value === undefined) {
        return 'nothing';
    }
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
