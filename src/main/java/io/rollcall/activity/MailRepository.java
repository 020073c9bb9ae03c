package io.rollcall.activity;

import io.rollcall.access.Caller;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The SQL of the mail summary: one statement, so that its numbers are of one moment. */
@ApplicationScoped
class MailRepository {

    /**
     * Unread replies are reckoned from numbers, not counted: an agent that asks often and never acknowledges would make it
     * ever dearer. What is awaited is spelled as in the index {@code delegations_awaited_by_caller}, or it would not be
     * used.
     */
    private static final String SUMMARY = """
            SELECT w.removed_at,
                   (SELECT i.last_seq + 1 - greatest(i.acked_seq + 1, COALESCE(
                               (SELECT m.seq FROM inbox_messages m WHERE m.workspace_id = i.workspace_id
                                 ORDER BY m.seq LIMIT 1), i.last_seq + 1))
                      FROM inboxes i WHERE i.workspace_id = w.id) AS replies_unread,
                   (SELECT count(*) FROM delegations d
                     WHERE d.callee_id = w.id AND d.status = 'queued' AND d.finished_at IS NULL) AS received_unread,
                   (SELECT json_agg(json_build_object('id', r.delegation_id, 'workspace', r.caller_id,
                                                      'summary', r.summary, 'age', r.age) ORDER BY r.id)
                      FROM (SELECT d.id, d.delegation_id, d.caller_id, left(d.task_preview, 200) AS summary,
                                   floor(extract(epoch FROM now() - d.created_at))::bigint AS age
                              FROM delegations d
                             WHERE d.callee_id = w.id AND d.status = 'queued' AND d.finished_at IS NULL
                             ORDER BY d.id LIMIT $4) r) AS received,
                   awaited.total AS sent_awaiting_reply,
                   awaited.overdue AS overdue_count,
                   (SELECT json_agg(json_build_object('id', o.delegation_id, 'workspace', o.callee_id, 'age', o.age)
                                    ORDER BY o.id)
                      FROM (SELECT d.id, d.delegation_id, d.callee_id,
                                   floor(extract(epoch FROM now() - d.created_at))::bigint AS age
                              FROM delegations d
                             WHERE d.caller_id = w.id AND d.finished_at IS NULL
                               AND d.status IN ('queued', 'dispatched', 'in_progress', 'stuck')
                               AND d.created_at < now() - make_interval(secs => $3)
                             ORDER BY d.id LIMIT $5) o) AS overdue
              FROM workspaces w
             CROSS JOIN LATERAL (
                   SELECT count(*) AS total,
                          count(*) FILTER (WHERE d.created_at < now() - make_interval(secs => $3)) AS overdue
                     FROM delegations d
                    WHERE d.caller_id = w.id AND d.finished_at IS NULL
                      AND d.status IN ('queued', 'dispatched', 'in_progress', 'stuck')) awaited
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
            """;

    /** Fails with 404, 410. */
    Uni<MailSummary> summary(SqlClient client, Caller caller, UUID workspaceId, int overdueAfterSeconds) {
        Tuple values = Tuple.tuple()
                .addUUID(workspaceId)
                .addUUID(caller.organisation())
                .addDouble((double) overdueAfterSeconds)
                .addInteger(MailSummary.Received.MOST)
                .addInteger(MailSummary.Overdue.MOST);
        return client.preparedQuery(SUMMARY).execute(values).map(rows -> {
            Row row = LiveWorkspace.require(rows, workspaceId);
            return new MailSummary(
                    row.getLong("received_unread"),
                    Objects.requireNonNullElse(row.getLong("replies_unread"), 0L),
                    each(row, "received", MailRepository::received),
                    row.getLong("sent_awaiting_reply"),
                    each(row, "overdue", MailRepository::overdue),
                    row.getLong("overdue_count"),
                    overdueAfterSeconds,
                    MailSummary.ACKED_SEQ);
        });
    }

    private static <T> List<T> each(Row row, String column, Function<JsonObject, T> map) {
        // null, as every aggregate of no rows
        JsonArray items = row.getValue(column) == null ? new JsonArray() : row.getJsonArray(column);
        return IntStream.range(0, items.size())
                .mapToObj(items::getJsonObject)
                .map(map)
                .toList();
    }

    private static MailSummary.Received received(JsonObject item) {
        return new MailSummary.Received(
                item.getString("id"),
                UUID.fromString(item.getString("workspace")),
                item.getString("summary"),
                item.getLong("age"));
    }

    private static MailSummary.Overdue overdue(JsonObject item) {
        return new MailSummary.Overdue(
                item.getString("id"), UUID.fromString(item.getString("workspace")), item.getLong("age"));
    }
}
