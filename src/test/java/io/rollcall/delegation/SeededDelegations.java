package io.rollcall.delegation;

import io.rollcall.Sql;

/** Delegations as another replica, or a long history, would have made them: past this service's API, in one statement. */
final class SeededDelegations {

    private static final String INSERT = """
            INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, parent_delegation_id,
                                     root_delegation_id, payload_sha256, event_actor)
            SELECT ?::uuid, '%1$s-' || n, ?::uuid, ?::uuid, 'Seed', %2$s, %3$s, sha256('Seed'), 'seed'
              FROM generate_series(%4$d, %5$d) n
            """;

    private SeededDelegations() {}

    /** {@code seed-1} and on, queued for the worker. */
    static int queue(Team team, int count) {
        int made = insert(team, "seed", "NULL", "'seed-' || n", 1, count);
        Sql.run("INSERT INTO delegation_payloads (delegation, kind, org_id, body)"
                + " SELECT d.id, 'task', d.org_id, 'Seed' FROM delegations d WHERE d.delegation_id LIKE 'seed-%'");
        return made;
    }

    /** A thousand that have ended, and statistics that know of no other. */
    static void quietHour(Team team) {
        insert(team, "quiet", "NULL", "'quiet-' || n", 1, 1000);
        Sql.run("UPDATE delegations SET status = 'failed', outcome = 'error', event_actor = 'seed'");
        Sql.run("ANALYZE delegations, delegation_beats, delegation_events, inboxes");
    }

    /** {@code node-1} is the top; the parent of each other one is what the expression over {@code n} says. */
    static void tree(Team team, int count, String parent) {
        insert(team, "node", "NULL", "'node-1'", 1, 1);
        insert(team, "node", "'node-' || " + parent, "'node-1'", 2, count);
    }

    private static int insert(Team team, String name, String parent, String root, int from, int to) {
        return Sql.run(INSERT.formatted(name, parent, root, from, to), team.root(), team.boss(), team.worker());
    }
}
