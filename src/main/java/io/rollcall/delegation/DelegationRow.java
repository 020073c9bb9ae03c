package io.rollcall.delegation;

import io.vertx.mutiny.sqlclient.Row;

/** A {@link Delegation} as every statement reads it: the columns, and the row. */
final class DelegationRow {

    /**
     * Of the delegation {@code d} and its beat {@code b}, joined by {@link #BEAT}; {@code $1} is how many seconds of
     * silence are too many.
     */
    static final String COLUMNS = """
            d.id, d.delegation_id, d.org_id, d.caller_id, d.callee_id, d.task_preview, d.status, d.outcome, d.attempt,
            d.agent_id, d.retry_count, d.retry_of, d.parent_delegation_id, d.root_delegation_id,
            COALESCE(d.last_heartbeat, b.beat_at) AS last_heartbeat,
            CASE WHEN d.finished_at IS NULL THEN b.progress ELSE d.progress END AS progress,
            CASE WHEN d.finished_at IS NOT NULL OR b.beat_at IS NULL THEN 'unknown'
                 WHEN b.beat_at >= now() - make_interval(secs => $1) THEN 'alive'
                 ELSE 'silent' END AS liveness,
            d.deadline, d.result_preview, d.error_detail, d.idempotency_key, d.labels::text AS labels,
            d.cancel_requested_at, d.created_at, d.updated_at, d.finished_at
            """;

    /** With a LIMIT, so that no plan reads the table of all beats for a few rows. */
    static final String BEAT = """
             LEFT JOIN LATERAL (SELECT k.beat_at, k.progress FROM delegation_beats k WHERE k.delegation = d.id LIMIT 1) b
               ON true
            """;

    private DelegationRow() {}

    static Delegation map(Row row) {
        return new Delegation(
                row.getLong("id"),
                row.getString("delegation_id"),
                row.getUUID("org_id"),
                row.getUUID("caller_id"),
                row.getUUID("callee_id"),
                row.getString("task_preview"),
                row.getString("status"),
                row.getString("outcome"),
                row.getLong("attempt"),
                row.getString("agent_id"),
                row.getInteger("retry_count"),
                row.getString("retry_of"),
                row.getString("parent_delegation_id"),
                row.getString("root_delegation_id"),
                row.getOffsetDateTime("last_heartbeat"),
                row.getDouble("progress"),
                row.getString("liveness"),
                row.getOffsetDateTime("deadline"),
                row.getString("result_preview"),
                row.getString("error_detail"),
                row.getString("idempotency_key"),
                row.getString("labels"),
                row.getOffsetDateTime("cancel_requested_at"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"),
                row.getOffsetDateTime("finished_at"));
    }
}
