import { css } from 'lit';

/** How forms in dialogs and panels look. */
export const formStyles = css`
    form { display: grid; gap: .75rem; }
    form input, form textarea { width: 100%; }
    .actions { display: flex; gap: .5rem; justify-content: flex-end; flex-wrap: wrap; }
    .problem { border-left: 4px solid var(--bad); background: var(--taken); border-radius: 6px; padding: .5rem .75rem; font-size: .9rem;
               overflow-wrap: anywhere; }
    .problem ul { margin: .3rem 0 0; padding-left: 1.1rem; }
`;
