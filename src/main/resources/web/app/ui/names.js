/** The name of a workspace; of one that is gone, the end of its id, since its delegations outlive it. */
export function nameOf(store, id) {
    return store?.workspaces.get(id)?.name ?? `removed …${(id ?? '').slice(-6)}`;
}

/** The names above a workspace, from the root down, without its own. */
export function placeOf(store, id) {
    const names = [];
    const seen = new Set([id]);
    let row = store?.workspaces.get(id);
    while (row?.parent_id && !seen.has(row.parent_id)) {
        seen.add(row.parent_id);
        row = store.workspaces.get(row.parent_id);
        if (row) {
            names.unshift(row.name);
        }
    }
    return names.join(' / ');
}
