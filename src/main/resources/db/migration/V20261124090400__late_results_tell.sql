-- A result that came too late changes no delegation, and is told all the same. By row, since it is rare and its condition
-- costs the many other rows nothing.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION late_results_tell() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, delegation_id, at, payload)
    SELECT f.org_id, 'DELEGATION_STATUS', f.caller_id, f.delegation_id, NEW.at,
           json_build_object('late_status', NEW.to_status, 'delegation_id', f.delegation_id,
               'caller_id', f.caller_id, 'callee_id', f.callee_id,
               'status', f.status, 'from', NULL, 'kind', NEW.kind, 'outcome', f.outcome,
               'attempt', f.attempt, 'retry_count', f.retry_count, 'parent_delegation_id', left(f.parent_delegation_id, 200),
               'root_delegation_id', left(f.root_delegation_id, 200), 'task_preview', left(f.task_preview, 200),
               'deadline', event_time(f.deadline), 'error', left(f.error_detail, 200),
               'cancel_requested_at', event_time(f.cancel_requested_at), 'actor', left(NEW.actor, 200),
               'created_at', event_time(f.created_at), 'updated_at', event_time(f.updated_at),
               'finished_at', event_time(f.finished_at))
      FROM delegations f WHERE f.id = NEW.delegation;
    RETURN NULL;
END
$$;

CREATE TRIGGER late_results_tell
    AFTER INSERT ON delegation_events
    FOR EACH ROW WHEN (NEW.kind = 'late_result')
    EXECUTE FUNCTION late_results_tell();

UPDATE schema_version SET version = '20261124090400', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090400__late_results_tell.sql
