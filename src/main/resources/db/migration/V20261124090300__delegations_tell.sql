-- What happens to delegations is told, whoever does it: docs/adr/0018. Once a statement, however many rows it changed.
-- As the owner, since an instance of the release before may be serving, whose role has no right to the outbox yet, and since
-- nobody else is to write there.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION delegations_tell_begun() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, delegation_id, at, payload)
    SELECT f.org_id, 'DELEGATION_SENT', f.caller_id, f.delegation_id, f.updated_at,
           json_build_object('delegation_id', f.delegation_id, 'caller_id', f.caller_id, 'callee_id', f.callee_id,
               'status', f.status, 'from', NULL, 'kind', 'transition', 'outcome', f.outcome,
               'attempt', f.attempt, 'retry_count', f.retry_count, 'parent_delegation_id', left(f.parent_delegation_id, 200),
               'root_delegation_id', left(f.root_delegation_id, 200), 'task_preview', left(f.task_preview, 200),
               'deadline', event_time(f.deadline), 'error', left(f.error_detail, 200),
               'cancel_requested_at', event_time(f.cancel_requested_at), 'actor', left(f.event_actor, 200),
               'created_at', event_time(f.created_at), 'updated_at', event_time(f.updated_at),
               'finished_at', event_time(f.finished_at))
      FROM fresh f
     ORDER BY f.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION delegations_tell_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, delegation_id, at, payload)
    SELECT f.org_id,
           CASE WHEN f.event_kind <> 'transition' THEN 'DELEGATION_STATUS'
                WHEN f.status = 'completed' THEN 'DELEGATION_COMPLETE'
                WHEN f.status = 'failed' THEN 'DELEGATION_FAILED'
                WHEN f.status = 'stuck' THEN 'DELEGATION_STUCK'
                ELSE 'DELEGATION_STATUS' END,
           f.caller_id, f.delegation_id, f.updated_at,
           json_build_object('delegation_id', f.delegation_id, 'caller_id', f.caller_id, 'callee_id', f.callee_id,
               'status', f.status, 'from', f.event_from, 'kind', f.event_kind, 'outcome', f.outcome,
               'attempt', f.attempt, 'retry_count', f.retry_count, 'parent_delegation_id', left(f.parent_delegation_id, 200),
               'root_delegation_id', left(f.root_delegation_id, 200), 'task_preview', left(f.task_preview, 200),
               'deadline', event_time(f.deadline), 'error', left(f.error_detail, 200),
               'cancel_requested_at', event_time(f.cancel_requested_at), 'actor', left(f.event_actor, 200),
               'created_at', event_time(f.created_at), 'updated_at', event_time(f.updated_at),
               'finished_at', event_time(f.finished_at))
      FROM fresh f WHERE f.event_kind IS NOT NULL
     ORDER BY f.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER delegations_tell_begun
    AFTER INSERT ON delegations REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION delegations_tell_begun();

CREATE TRIGGER delegations_tell_changed
    AFTER UPDATE ON delegations REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION delegations_tell_changed();

UPDATE schema_version SET version = '20261124090300', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090300__delegations_tell.sql
