-- What every accepted change of a delegation brings with it, in its transaction and whoever makes it: its event, its line in
-- the activity log, and at the end one message in the caller's inbox. Once a statement, however many rows it changed.
-- Without nested loops: plans are kept, and a session's first statement may have had a single row.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION delegations_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO delegation_beats (delegation, org_id)
    SELECT f.id, f.org_id FROM fresh f;

    INSERT INTO delegation_events (delegation, org_id, kind, to_status, actor, attempt, reason, at)
    SELECT f.id, f.org_id, 'transition', f.status, f.event_actor, f.attempt, f.event_reason, f.updated_at FROM fresh f;

    INSERT INTO activity_logs (org_id, workspace_id, target_id, type, method, delegation_id, status, summary, actor,
                               created_at)
    SELECT f.org_id, f.caller_id, f.callee_id, 'delegation', 'delegate', f.delegation_id, f.status,
           left(f.task_preview, 200), f.event_actor, f.updated_at
      FROM fresh f;
    RETURN NULL;
END
$$;

CREATE FUNCTION delegations_changed() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    INSERT INTO delegation_events (delegation, org_id, kind, from_status, to_status, actor, attempt, reason, at)
    SELECT f.id, f.org_id, f.event_kind, f.event_from, CASE WHEN f.event_kind = 'transition' THEN f.status END,
           f.event_actor, f.attempt, f.event_reason, f.updated_at
      FROM fresh f WHERE f.event_kind IS NOT NULL
     ORDER BY f.id;

    INSERT INTO activity_logs (org_id, workspace_id, target_id, type, method, delegation_id, status, summary, actor,
                               created_at)
    SELECT f.org_id, f.caller_id, f.callee_id, 'delegation',
           CASE WHEN f.finished_at IS NULL THEN 'delegate_status' ELSE 'delegate_result' END, f.delegation_id, f.status,
           left(COALESCE(f.error_detail, f.result_preview, f.event_reason), 200), f.event_actor, f.updated_at
      FROM fresh f WHERE f.event_kind = 'transition'
     ORDER BY f.id;

    -- In the order of workspaces, as everybody takes their inboxes.
    WITH ended AS (
        SELECT f.id, f.org_id, f.caller_id, f.finished_at,
               row_number() OVER (PARTITION BY f.caller_id ORDER BY f.id) AS place
          FROM fresh f WHERE f.event_kind = 'transition' AND f.finished_at IS NOT NULL),
    moved AS (
        INSERT INTO inboxes AS i (workspace_id, org_id, last_seq)
        SELECT e.caller_id, e.org_id, count(*) FROM ended e GROUP BY e.caller_id, e.org_id ORDER BY e.caller_id
        ON CONFLICT (workspace_id) DO UPDATE SET last_seq = i.last_seq + excluded.last_seq
        RETURNING i.workspace_id, i.last_seq)
    INSERT INTO inbox_messages (workspace_id, seq, org_id, delegation, created_at)
    SELECT e.caller_id, m.last_seq - count(*) OVER (PARTITION BY e.caller_id) + e.place, e.org_id, e.id, e.finished_at
      FROM ended e JOIN moved m ON m.workspace_id = e.caller_id
     ORDER BY e.caller_id, e.place;
    RETURN NULL;
END
$$;

CREATE TRIGGER delegations_begun
    AFTER INSERT ON delegations REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION delegations_begun();

CREATE TRIGGER delegations_changed
    AFTER UPDATE ON delegations REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION delegations_changed();

-- Rollback: see db/rollback/V20261121110700__delegation_consequences.sql
