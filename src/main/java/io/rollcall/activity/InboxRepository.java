package io.rollcall.activity;

import io.rollcall.access.Caller;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.rollcall.http.Violation;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of inboxes. Their messages come from the ledger's trigger, which holds the inbox' row from the moment it gives a
 * number until it commits: no message can appear behind one that was read.
 */
@ApplicationScoped
class InboxRepository {

    /**
     * One statement, so that numbers and messages are of one snapshot. {@code CASE}, since {@code COALESCE} does not count
     * as leakproof: behind row security the index would not be asked for the number, and all that was read be read again.
     */
    private static final String PAGE = """
            SELECT w.removed_at, COALESCE(i.acked_seq, 0) AS acked_seq, COALESCE(i.last_seq, 0) AS last_seq, m.seq,
                   m.created_at, m.delegation_id, m.callee_id, m.status, m.outcome, m.result_preview, m.error_detail, m.late
              FROM workspaces w
              LEFT JOIN inboxes i ON i.workspace_id = w.id
              LEFT JOIN LATERAL (
                   SELECT m.seq, m.created_at, d.delegation_id, d.callee_id, d.status, d.outcome, d.result_preview,
                          d.error_detail,
                          EXISTS (SELECT 1 FROM delegation_events e
                                   WHERE e.delegation = d.id AND e.kind = 'late_result') AS late
                     FROM inbox_messages m JOIN delegations d ON d.id = m.delegation
                    WHERE m.workspace_id = w.id
                      AND m.seq > CASE WHEN $3::bigint IS NOT NULL THEN $3
                                       WHEN i.acked_seq IS NOT NULL THEN i.acked_seq ELSE 0 END
                    ORDER BY m.seq LIMIT $4) m ON true
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
             ORDER BY m.seq
            """;

    /**
     * Written only when it is more than was seen; and should another have gone further meanwhile, {@code greatest} is
     * evaluated again on its row, and answers that.
     */
    private static final String ACKNOWLEDGE = """
            WITH box AS (
                SELECT w.id, w.removed_at, COALESCE(i.acked_seq, 0) AS acked_seq, COALESCE(i.last_seq, 0) AS last_seq
                  FROM workspaces w LEFT JOIN inboxes i ON i.workspace_id = w.id
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)),
            moved AS (
                UPDATE inboxes i SET acked_seq = greatest(i.acked_seq, $3)
                  FROM box
                 WHERE i.workspace_id = box.id AND box.acked_seq < $3 AND i.last_seq >= $3
                RETURNING i.acked_seq, i.last_seq)
            SELECT box.removed_at, COALESCE(m.acked_seq, box.acked_seq) AS acked_seq,
                   COALESCE(m.last_seq, box.last_seq) AS last_seq
              FROM box LEFT JOIN moved m ON true
            """;

    /**
     * Fails with 404, 410.
     *
     * @param after null: what has not been acknowledged
     */
    Uni<InboxPage> page(SqlClient client, Caller caller, UUID workspaceId, @Nullable Long after, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(workspaceId, caller.organisation(), after, limit + 1))
                .map(rows -> {
                    Row first = LiveWorkspace.require(rows, workspaceId);
                    List<InboxMessage> messages = rows.stream()
                            .filter(row -> row.getLong("seq") != null)
                            .map(InboxRepository::message)
                            .toList();
                    Page<InboxMessage> page = Page.ofSerial(messages, limit, InboxMessage::seq);
                    return new InboxPage(
                            page.items(), first.getLong("acked_seq"), first.getLong("last_seq"), page.nextCursor());
                });
    }

    /** Fails with 404, 410; with 422 when there is no such message yet. */
    Uni<Acknowledged> acknowledge(SqlClient client, Caller caller, UUID workspaceId, long seq) {
        return client.preparedQuery(ACKNOWLEDGE)
                .execute(Tuple.of(workspaceId, caller.organisation(), seq))
                .map(rows -> {
                    Row row = LiveWorkspace.require(rows, workspaceId);
                    var now = new Acknowledged(row.getLong("acked_seq"), row.getLong("last_seq"));
                    if (seq > now.lastSeq()) {
                        throw Problem.invalid(List.of(new Violation(
                                "acked_seq",
                                "must be at most " + now.lastSeq() + ", where the inbox ends, is " + seq)));
                    }
                    return now;
                });
    }

    private static InboxMessage message(Row row) {
        return new InboxMessage(
                row.getLong("seq"),
                InboxMessage.DELEGATION_RESULT,
                row.getString("delegation_id"),
                row.getUUID("callee_id"),
                row.getString("status"),
                row.getString("outcome"),
                row.getString("result_preview"),
                row.getString("error_detail"),
                row.getBoolean("late"),
                row.getOffsetDateTime("created_at"));
    }
}
