import { call, post } from '../api.js';

/** What the canvas asks of the service. Each puts what the reply says into the store, so that it is seen before its event comes. */

/** @param {object} [options] `etag`: only if the row is still as it was then */
export async function change(store, id, patch, { etag } = {}) {
    const headers = etag ? { 'If-Match': etag } : {};
    const { body } = await call('PATCH', `/workspaces/${id}`, { json: patch, headers });
    store.putWorkspace(body);
    return body;
}

/** Shows the change at once, and takes it back when it is refused. Nothing is to be done for what somebody removed meanwhile. */
export async function changeAtOnce(store, id, patch) {
    if (!store.workspaces.has(id)) {
        return;
    }
    const takeBack = store.assume(id, patch);
    try {
        await change(store, id, patch);
    } catch (problem) {
        takeBack();
        throw problem;
    }
}

export async function add(store, child, once) {
    const row = await post('/workspaces', child, { once });
    store.putWorkspace(row);
    return row;
}

/** Removes a node with all below it; its name has to be said along. */
export async function remove(store, row, confirmed) {
    const headers = { 'X-Confirm-Name': encodeURIComponent(row.name) };
    const { body } = await call('DELETE', `/workspaces/${row.id}${confirmed ? '?confirm=true' : ''}`, { headers });
    store.dropWorkspace(row.id);
    return body;
}
