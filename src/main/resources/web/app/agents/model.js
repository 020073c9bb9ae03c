import { now } from '../ui/clock.js';

/** What needs a person first: the higher, the further up. */
const TROUBLE = { failed: 9, offline: 8, degraded: 7, awaiting_agent: 4, provisioning: 3, paused: 2, hibernating: 1, hibernated: 1 };

/** From this share of errors on a workspace counts as degraded; contract §5. */
const MANY_ERRORS = 0.5;

/** How much trouble a workspace is in, with the agents of it that are known. */
export function troubleOf(workspace, agents) {
    const judged = agents.filter(agent => !isPaused(agent));
    const silent = judged.some(agent => agent.liveness === 'silent') ? 8.5 : 0;
    const failing = judged.some(agent => agent.status === 'error' || (agent.error_rate ?? 0) >= MANY_ERRORS) ? 7.5 : 0;
    return Math.max(TROUBLE[workspace.status] ?? 0, silent, failing);
}

export function isPaused(agent) {
    return agent.paused_until !== null && agent.paused_until !== undefined && Date.parse(agent.paused_until) > now();
}

/** Whether a pause that was loaded has not ended since. */
export function isRunning(pause) {
    return Date.parse(pause.until_at) > now();
}

/** What an agent is, in one word of ui/status.js: silence says more than what was said before it. */
export function stateOf(agent) {
    return agent.liveness === 'silent' ? 'silent' : agent.status ?? 'alive';
}

/**
 * Workspaces with their agents, those in trouble first.
 *
 * @param {Iterable<object>} workspaces
 * @param {Map<string, object[]>} agents by workspace, as far as they are known
 * @param {Map<string, object[]>} pauses by workspace, all that run
 * @param {{text: string, only: string}} wanted
 */
export function ranked(workspaces, agents, pauses, { text, only }) {
    const sought = text.trim().toLowerCase();
    const rows = [];
    for (const workspace of workspaces) {
        const of = agents.get(workspace.id) ?? [];
        const trouble = troubleOf(workspace, of);
        const fits = only === '' || (only === 'trouble' && trouble >= 7) || (only === 'paused' && (workspace.status === 'paused' || pauses.get(workspace.id)?.some(isRunning)))
            || (only === 'silent' && (workspace.status === 'offline' || of.some(agent => agent.liveness === 'silent')))
            || (only === 'online' && workspace.status === 'online')
            || (only === 'waiting' && ['awaiting_agent', 'provisioning'].includes(workspace.status));
        const found = sought === '' || workspace.name.toLowerCase().includes(sought)
            || pauses.get(workspace.id)?.some(pause => pause.agent_id.toLowerCase().includes(sought))
            || of.some(agent => agent.agent_id.toLowerCase().includes(sought)
                || (agent.current_task ?? '').toLowerCase().includes(sought));
        if (fits && found) {
            rows.push({ workspace, agents: of, trouble });
        }
    }
    return rows.sort((a, b) => b.trouble - a.trouble || a.workspace.name.localeCompare(b.workspace.name));
}

/** @returns {Map<string, object[]>} */
export function byWorkspace(rows) {
    const groups = new Map();
    for (const row of rows) {
        groups.get(row.workspace_id)?.push(row) ?? groups.set(row.workspace_id, [row]);
    }
    return groups;
}

/** Does so many at once and no more: each workspace is asked by itself, and there may be many. */
export async function inParallel(items, most, does) {
    const left = [...items];
    await Promise.all(Array.from({ length: Math.min(most, left.length) }, async () => {
        while (left.length > 0) {
            await does(left.shift());
        }
    }));
}
