import { css } from 'lit';

/** How the parts of the canvas' view stand: side by side, and on a narrow screen over each other. */
export const arrangement = css`
    :host { display: grid; grid-template: auto minmax(0, 1fr) / auto minmax(0, 1fr) auto; height: 100%; }
    .tools { grid-column: 1 / -1; padding: .4rem .75rem; border-bottom: 1px solid var(--line); background: var(--page); }
    .tools button { padding: .3rem .6rem; }
    rc-outline { width: 17rem; border-right: 1px solid var(--line); grid-row: 2; grid-column: 1; }
    .middle { grid-row: 2; grid-column: 2; position: relative; min-width: 0; min-height: 0; }
    rc-stage { position: absolute; inset: 0; }
    rc-panel { width: 20rem; border-left: 1px solid var(--line); grid-row: 2; grid-column: 3; overflow: auto; }
    .empty { position: absolute; inset: 0; display: grid; place-items: center; }
    @media (max-width: 800px) {
        /* Over the canvas; their grid areas are what they are placed in. */
        rc-outline, rc-panel { position: absolute; z-index: 4; background: var(--page); grid-column: 1 / -1; width: auto; box-shadow: var(--shadow); }
        rc-outline { inset: 0 25% 0 0; }
        rc-panel { inset: auto 0 0 0; max-height: 65%; border-left: 0; border-top: 1px solid var(--line-strong); }
        :host { position: relative; }
        .tools { gap: .35rem; padding: .35rem .5rem; }
        .tools button { padding: .2rem .5rem; }
        .tools .grow { display: none; }
    }
`;
