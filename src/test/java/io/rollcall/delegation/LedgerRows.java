package io.rollcall.delegation;

import io.rollcall.Sql;

/** Rows of the ledger, written by SQL as the service writes them: begun queued, then moved; the triggers do the rest. */
public final class LedgerRows {

    private LedgerRows() {}

    /** A queued one. */
    public static void insert(String org, String id, String caller, String callee) {
        insert(org, id, caller, callee, null);
    }

    /** A queued one below another. */
    public static void insert(String org, String id, String caller, String callee, String parent) {
        Sql.run("""
                INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, payload_sha256,
                                         parent_delegation_id, root_delegation_id, event_actor)
                VALUES (?::uuid, ?, ?::uuid, ?::uuid, 'Do ' || ?, sha256('x'), ?::text,
                        COALESCE((SELECT p.root_delegation_id FROM delegations p
                                   WHERE p.delegation_id = ? AND p.org_id = ?::uuid), ?), 'test')
                """, org, id, caller, callee, id, parent, parent, org, id);
        Sql.run("""
                INSERT INTO delegation_payloads (delegation, kind, org_id, body)
                SELECT d.id, 'task', d.org_id, 'Do ' || d.delegation_id || ', all of it' FROM delegations d
                 WHERE d.delegation_id = ? AND d.org_id = ?::uuid
                """, id, org);
    }

    /** As an agent's claim does. */
    static void claim(String id, String agent) {
        Sql.run(
                "UPDATE delegations SET status = 'dispatched', attempt = attempt + 1, agent_id = ?, event_actor = 'agent'"
                        + " WHERE delegation_id = ?",
                agent,
                id);
    }

    /** To {@code failed} or {@code stuck} as an end, too. */
    static void move(String id, String status) {
        Sql.run("""
                UPDATE delegations
                   SET status = ?, event_actor = 'agent', finished_at = CASE WHEN ? = 'stuck' THEN now() END,
                       outcome = CASE ? WHEN 'failed' THEN 'error' WHEN 'stuck' THEN 'lost' END,
                       error_detail = CASE WHEN ? IN ('failed', 'stuck') THEN 'went wrong' END,
                       result_preview = CASE WHEN ? = 'completed' THEN 'the result' END
                 WHERE delegation_id = ?
                """, status, status, status, status, status, id);
    }

    static void requestCancel(String id) {
        Sql.run(
                "UPDATE delegations SET cancel_requested_at = now(), event_actor = 'caller' WHERE delegation_id = ?",
                id);
    }

    /** One whose deadline has passed; such a row cannot be made by any write of the service's. */
    static void insertOverdue(String org, String id, String caller, String callee) {
        Sql.run("""
                INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, payload_sha256,
                                         root_delegation_id, event_actor, created_at, deadline)
                VALUES (?::uuid, ?, ?::uuid, ?::uuid, 'late', sha256('x'), ?, 'test', now() - interval '2 hours',
                        now() - interval '1 hour')
                """, org, id, caller, callee, id);
    }

    static void lateResult(String id, String result) {
        Sql.run("""
                INSERT INTO delegation_events (delegation, org_id, kind, to_status, actor, attempt, reason, at, detail, result,
                                               sha256)
                SELECT d.id, d.org_id, 'late_result', 'completed', 'agent', 1, 'it was failed already', now(),
                       json_build_object('result_preview', 'short', 'error_detail', null), ?, sha256(?::bytea)
                  FROM delegations d WHERE d.delegation_id = ?
                """, result, result, id);
    }

    /** Ended as failed, and a result came after that. */
    public static void fail(String id, String lateResult) {
        move(id, "failed");
        lateResult(id, lateResult);
    }
}
