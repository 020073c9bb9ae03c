import { html, css, nothing } from 'lit';
import { address } from '../route.js';
import { nameOf } from '../ui/names.js';
import { look } from '../ui/status.js';

export const treeStyles = css`
    ul.tree { list-style: none; margin: 0; padding: 0; font-size: .88rem; }
    ul.tree ul { list-style: none; margin: 0 0 0 .55rem; padding: 0 0 0 .8rem; border-left: 1px solid var(--line-strong); }
    .tree a { display: block; padding: .3rem .45rem; border-radius: 6px; text-decoration: none; color: inherit; }
    .tree a:hover { background: var(--hover); }
    .tree a[aria-current=true] { background: var(--hover); box-shadow: inset 2px 0 0 var(--accent); font-weight: 600; }
    .tree .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: block; }
    .tree .callee { font-size: .78rem; color: var(--muted); font-weight: 400; }
    .tree [data-look=good] { color: var(--good); } .tree [data-look=bad] { color: var(--bad); }
        .tree [data-look=warn] { color: var(--warn); }
    .tree [data-look=busy] { color: var(--busy); } .tree [data-look=wait] { color: var(--wait); }
`;

/** A delegation with all below it, as links. Rows come parents before children. */
export function tree(store, rows, shownId) {
    const ids = new Set(rows.map(row => row.delegation_id));
    const below = new Map();
    for (const row of rows) {
        const parent = ids.has(row.parent_delegation_id) ? row.parent_delegation_id : null;
        below.set(parent, [...below.get(parent) ?? [], row]);
    }
    const level = parent => below.get(parent)?.map(row => {
        const { colour, sign, word } = look(row.status);
        return html`
            <li><a href=${address(store.organisation, 'delegations', row.delegation_id)} data-tree=${row.delegation_id}
                   aria-current=${row.delegation_id === shownId ? 'true' : nothing}>
                    <span class="what">${row.task_preview || row.delegation_id}</span>
                    <span class="callee"><span data-look=${colour.slice(2)}><span aria-hidden="true">${sign}</span> ${word}</span>
                        · ${nameOf(store, row.caller_id)} → ${nameOf(store, row.callee_id)}</span>
                </a>${below.has(row.delegation_id) ? html`<ul>${level(row.delegation_id)}</ul>` : nothing}
            </li>`;
    });
    return html`<ul class="tree">${level(null)}</ul>`;
}
