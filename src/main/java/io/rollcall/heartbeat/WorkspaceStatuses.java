package io.rollcall.heartbeat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A workspace's status as it follows from its agents: who of them is heard, and the worst error rate that one of those
 * reports. The rule is the database's function {@code workspace_status_heard}, the same for beats and for the sweep.
 *
 * <p>Invariants: only what changes is written, with one line in the activity log; whoever is paused, hibernated or removed
 * stays so. A workspace that somebody else has locked is left as it is, for the next beat or sweep: it is computed from what
 * is there, not from what happened. The row's version stays, since nobody edited it: a person's change does not fail for it.
 */
@ApplicationScoped
class WorkspaceStatuses {

    private static final String SETTLE = """
            WITH due AS MATERIALIZED (
                SELECT w.id, w.status AS was,
                       workspace_status_heard(w.status, agents.heard, agents.error_rate, w.external) AS becomes
                  FROM unnest($1::uuid[]) AS asked (id)
                  JOIN workspaces w ON w.id = asked.id
                 CROSS JOIN LATERAL (
                       SELECT count(*) FILTER (WHERE h.silent_since IS NULL) > 0 AS heard,
                              max(s.error_rate) FILTER (WHERE h.silent_since IS NULL) AS error_rate
                         FROM heartbeats h
                         LEFT JOIN agent_states s ON s.workspace_id = h.workspace_id AND s.agent_id = h.agent_id
                        WHERE h.workspace_id = w.id AND h.live) agents
                 WHERE workspace_status_heard(w.status, agents.heard, agents.error_rate, w.external) <> w.status
                 ORDER BY w.id FOR NO KEY UPDATE OF w SKIP LOCKED),
            moved AS (
                UPDATE workspaces w SET status = d.becomes, updated_at = now()
                  FROM due d WHERE w.id = d.id AND w.status = d.was
                RETURNING w.id, w.org_id, d.was, w.status),
            logged AS (
                INSERT INTO activity_logs (org_id, workspace_id, type, method, status, summary, actor)
                SELECT m.org_id, m.id, 'workspace', 'status', m.status, m.was || ' → ' || m.status, $2 FROM moved m)
            SELECT m.id, m.status FROM moved m
            """;

    /**
     * @param ids of workspaces whose status may have changed
     * @param actor who is to be named in the log
     * @return those that did
     */
    Uni<Map<UUID, String>> settle(SqlConnection connection, Collection<UUID> ids, String actor) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Tuple values = Tuple.tuple()
                .addArrayOfUUID(ids.stream().sorted().toArray(UUID[]::new))
                .addString(actor);
        return connection.preparedQuery(SETTLE).execute(values).map(rows -> {
            Map<UUID, String> moved = new HashMap<>(rows.size() * 2);
            rows.forEach(row -> moved.put(row.getUUID("id"), row.getString("status")));
            return moved;
        });
    }
}
