/**
 * Where the page is: `#/<organisation>/<view>/<rest…>`. Addresses can be kept and sent around; they name no secrets.
 */
export function current() {
    const [organisation, view, ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decoded);
    return { organisation: organisation || null, view: view || null, rest };
}

/** An address that somebody mangled is one that leads nowhere, not an error. */
function decoded(part) {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

export function address(...parts) {
    return '#/' + parts.map(encodeURIComponent).join('/');
}

export function go(...parts) {
    location.hash = address(...parts);
}
