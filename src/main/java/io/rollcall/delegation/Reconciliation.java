package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What an agent believes it runs against what the ledger says, after the agent's restart. Nothing is written: what it lost
 * falls silent and is swept.
 */
@ApplicationScoped
class Reconciliation {

    private static final int MOST_UNLISTED = 500;

    /** Within the workspace's organisation, so that an id means one delegation also to the platform's admin. */
    private static final String SORT = """
            SELECT w.removed_at, a.delegation_id AS asked, d.delegation_id AS found,
                   w.id = d.callee_id AS callee, d.finished_at IS NOT NULL AS ended,
                   d.attempt = a.attempt AND d.cancel_requested_at IS NULL AS running
              FROM workspaces w
              LEFT JOIN unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS a (delegation_id, attempt, ordinal) ON true
              LEFT JOIN delegations d ON d.delegation_id = a.delegation_id AND d.org_id = w.org_id
                                     AND (d.callee_id = w.id OR d.caller_id = w.id)
             WHERE w.id = $1 AND ($4::uuid IS NULL OR w.org_id = $4)
             ORDER BY a.ordinal
            """;

    private static final String UNLISTED = """
            SELECT d.delegation_id FROM delegations d
             WHERE d.callee_id = $1 AND d.finished_at IS NULL AND d.status IN ('dispatched', 'in_progress')
               AND d.agent_id = $2 AND d.delegation_id <> ALL ($3::text[]) AND ($4::uuid IS NULL OR d.org_id = $4)
             ORDER BY d.id LIMIT $5
            """;

    /** @throws Problem 404 or 410 for the workspace */
    Uni<Reconciled> run(SqlClient client, Caller who, ReconcileRequest request) {
        UUID workspaceId = request.workspaceId();
        var running = request.running();
        String[] ids =
                running.stream().map(ReconcileRequest.Running::delegationId).toArray(String[]::new);
        Long[] attempts = running.stream().map(one -> (long) one.attempt()).toArray(Long[]::new);
        return Uni.combine()
                .all()
                .unis(
                        client.preparedQuery(SORT).execute(Tuple.of(workspaceId, ids, attempts, who.organisation())),
                        client.preparedQuery(UNLISTED)
                                .execute(Tuple.of(
                                        workspaceId, request.agentId(), ids, who.organisation(), (long) MOST_UNLISTED)))
                .with((sorted, unlisted) -> sorted(workspaceId, sorted, unlisted));
    }

    private static Reconciled sorted(UUID workspaceId, RowSet<Row> rows, RowSet<Row> unlisted) {
        requireLive(workspaceId, rows);
        var keep = new ArrayList<String>();
        var stop = new ArrayList<String>();
        var ended = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        for (Row row : rows) {
            String id = row.getString("asked");
            if (id == null) {
                continue; // the workspace's own row, when nothing runs
            }
            if (row.getString("found") == null) {
                unknown.add(id);
            } else if (!row.getBoolean("callee")) {
                stop.add(id);
            } else if (row.getBoolean("ended")) {
                ended.add(id);
            } else {
                (row.getBoolean("running") ? keep : stop).add(id);
            }
        }
        List<String> lost =
                unlisted.stream().map(row -> row.getString("delegation_id")).toList();
        return new Reconciled(keep, stop, ended, unknown, lost);
    }

    private static void requireLive(UUID workspaceId, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Problem.notFound("workspace", workspaceId);
        }
        var removedAt = rows.iterator().next().getOffsetDateTime("removed_at");
        if (removedAt != null) {
            throw Problem.of(410, "REMOVED", "workspace " + workspaceId + " was removed")
                    .with("id", workspaceId)
                    .with("removed_at", removedAt);
        }
    }
}
