import { html, css, nothing } from 'lit';
import { Component } from '../ui/component.js';
import { Follow } from '../ui/follow.js';
import { session } from '../session.js';
import { hasEnded } from '../store.js';
import { address } from '../route.js';
import { badge } from '../ui/status.js';
import { clock } from '../ui/time.js';
import { shared } from '../ui/styles.js';

/** Everything about the selected workspace, and what can be done with it. Tells `gesture`. */
export class Panel extends Component {
    static properties = { tree: { attribute: false }, store: { attribute: false }, workspaceId: { attribute: false } };
    static styles = [shared, css`
        :host { display: block; padding: .9rem; background: var(--page); }
        header { display: flex; gap: .5rem; align-items: start; }
        h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
        .path { margin: .1rem 0 .5rem; overflow-wrap: anywhere; }
        .role { margin: .75rem 0; white-space: pre-line; overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem .9rem; margin: .75rem 0; font-size: .9rem; }
        dt { color: var(--muted); }
        dd { margin: 0; overflow-wrap: anywhere; }
        .label { display: inline-block; background: var(--hover); border-radius: 5px; padding: 0 .4rem; margin: 0 .25rem .2rem 0; }
        .actions { display: grid; grid-template-columns: 1fr 1fr; gap: .4rem; margin: .75rem 0; }
        .actions .primary, .actions .danger { grid-column: 1 / -1; }
        ul { list-style: none; margin: .25rem 0; padding: 0; font-size: .9rem; }
        ul li { padding: .3rem 0; border-bottom: 1px solid var(--line); }
        h3 { font-size: .85rem; color: var(--muted); margin: 1rem 0 0; font-weight: 600; }
    `];

    #follow = new Follow(this, { delegations: () => this.requestUpdate() });

    focusFirst() {
        this.renderRoot.querySelector('h2')?.focus();
    }

    #tell(what, detail = {}) {
        this.dispatchEvent(new CustomEvent('gesture', { detail: { what, id: this.workspaceId, ...detail } }));
    }

    #facts(row) {
        const facts = [
            ['Runtime', row.runtime], ['Model', row.model], ['Tier', row.tier], ['At once', row.max_concurrent_tasks],
            ['External', row.external ? row.url ?? 'yes' : null], ['Template', row.template],
            ['Place', row.x === null ? null : `${Math.round(row.x)}, ${Math.round(row.y)}`],
            ['Made', clock(row.created_at)], ['Changed', clock(row.updated_at)],
        ];
        return facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
    }

    #actions(row) {
        return html`<div class="actions">
            <button class="primary" id="delegate" @click=${() => this.#tell('delegate')}>Delegate to …</button>
            <button id="edit" @click=${() => this.#tell('edit')}>Edit …</button>
            <button id="add-child" @click=${() => this.#tell('add')}>Add below …</button>
            ${row.parent_id === null ? nothing : html`<button id="move" @click=${() => this.#tell('move')}>Move to …</button>`}
            <button id="place" @click=${() => this.#tell('placing')}>Place …</button>
            <button class="danger" id="remove" @click=${() => this.#tell('remove')}>Remove …</button>
        </div>`;
    }

    #inFlight() {
        const mine = [...this.store.delegations.values()].filter(each => !hasEnded(each)
            && (each.caller_id === this.workspaceId || each.callee_id === this.workspaceId));
        const name = id => this.tree.row(id)?.name ?? 'a removed workspace';
        return mine.length === 0 ? nothing : html`<h3>In flight</h3><ul>${mine.slice(0, 10).map(each => html`
            <li>${badge(each.status)} ${each.caller_id === this.workspaceId ? html`to ${name(each.callee_id)}` : html`from ${name(each.caller_id)}`}<br>
                <a href=${address(this.store.organisation, 'delegations', each.delegation_id)}>${(each.task_preview ?? '').slice(0, 80) || 'Open'}</a></li>`)}
            ${mine.length > 10 ? html`<li class="muted">and ${mine.length - 10} more</li>` : nothing}</ul>`;
    }

    render() {
        const row = this.tree.row(this.workspaceId);
        if (row === undefined) {
            return nothing;
        }
        const labels = Object.entries(row.labels ?? {});
        const children = this.tree.childrenOf(row.id).length;
        const above = this.tree.ancestorsOf(row.id).map(id => this.tree.row(id).name).join(' / ');
        return html`
            <header>
                <div class="grow"><h2 tabindex="-1">${row.name}</h2><p class="path small muted">${above}</p></div>
                <button class="quiet" aria-label="Close the panel" @click=${() => this.#tell('select', { id: null })}>✕</button>
            </header>
            <div class="row" aria-live="polite">${badge(row.status)}
                ${children > 0 ? html`<span class="small muted">${children} below it</span>` : nothing}</div>
            ${session.mayWrite ? this.#actions(row) : nothing}
            ${row.role ? html`<p class="role">${row.role}</p>` : nothing}
            <dl>${this.#facts(row).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
                ${labels.length === 0 ? nothing : html`<dt>Labels</dt><dd>${labels.map(([key, value]) => html`
                    <span class="label">${key}: ${value}</span>`)}</dd>`}</dl>
            ${row.agents?.length > 0 ? html`<h3>Agents</h3><ul>${row.agents.map(agent => html`
                <li><strong>${agent.id ?? agent}</strong>
                    ${agent.role ? html`<div class="small muted">${agent.role}</div>` : nothing}</li>`)}</ul>` : nothing}
            ${this.#inFlight()}
            <p class="small"><a href=${address(this.store.organisation, 'agents', row.id)}>Its agents and metrics</a></p>
            <p class="small muted mono">${row.id}</p>`;
    }
}
customElements.define('rc-panel', Panel);
