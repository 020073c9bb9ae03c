import { css } from 'lit';

/** What every component looks like; colours are custom properties of main.css, which reach into shadow trees. */
export const shared = css`
    * { box-sizing: border-box; }
    :host { color: var(--text); }
    h1 { font-size: 1.15rem; margin: 0; }
    h2 { font-size: 1rem; margin: 0 0 .5rem; }
    button, input, select, textarea {
        font: inherit; color: inherit; background: var(--field); border: 1px solid var(--line-strong);
        border-radius: 6px; padding: .35rem .65rem;
    }
    textarea { width: 100%; }
    button { cursor: pointer; background: var(--raised); }
    button:hover:not(:disabled) { background: var(--hover); }
    button:disabled { opacity: .55; cursor: default; }
    button.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
    button.primary:hover:not(:disabled) { background: var(--accent-strong); }
    button.danger { color: var(--bad); border-color: var(--bad); }
    button.quiet { border-color: transparent; background: transparent; }
    :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
    label { display: block; font-size: .85rem; color: var(--muted); }
    label > input, label > select, label > textarea { display: block; margin-top: .2rem; color: var(--text); }
    .row { display: flex; gap: .5rem; align-items: center; flex-wrap: wrap; }
    .grow { flex: 1; }
    .muted { color: var(--muted); }
    .small { font-size: .85rem; }
    .mono { font-family: var(--mono); font-size: .85rem; }
    .bad { color: var(--bad); }
    .card { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: .75rem; }
    .empty { color: var(--muted); padding: 2rem; text-align: center; }
    /* At the left: where it would stand, a hidden word at the end of a wide table makes the whole page as wide. */
    .hidden { position: absolute; left: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
    th { font-size: .8rem; color: var(--muted); font-weight: 600; }
    .badge {
        display: inline-flex; gap: .3rem; align-items: baseline; border-radius: 99px; padding: .05rem .55rem; font-size: .8rem;
        white-space: nowrap; border: 1px solid currentColor; color: var(--idle);
    }
    .badge[data-look=good] { color: var(--good); }
    .badge[data-look=warn] { color: var(--warn); }
    .badge[data-look=bad] { color: var(--bad); }
    .badge[data-look=busy] { color: var(--busy); }
    .badge[data-look=wait] { color: var(--wait); }
    a { color: var(--accent-text); }
`;
