-- What agents and people write into the log is told: of the service's own rows each has an event of its own already. Those are
-- of type delegation, or of one of its jobs, whose names, unlike a token's, do not end with an id in parentheses.
-- By row, since each is an API call of its own, and the condition costs the ledger's many rows no function call.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION activity_tells() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, delegation_id, at, payload)
    VALUES (NEW.org_id, 'ACTIVITY_LOGGED', NEW.workspace_id, left(NEW.delegation_id, 200), NEW.created_at,
            json_build_object('activity_id', NEW.id, 'type', NEW.type, 'method', NEW.method, 'status', NEW.status,
                'summary', NEW.summary, 'actor', left(NEW.actor, 200), 'target_id', NEW.target_id));
    RETURN NULL;
END
$$;

CREATE TRIGGER activity_tells
    AFTER INSERT ON activity_logs
    FOR EACH ROW WHEN (NEW.type <> 'delegation' AND (NEW.actor LIKE '%)' OR NEW.actor = 'platform admin'))
    EXECUTE FUNCTION activity_tells();

UPDATE schema_version SET version = '20261124090800', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090800__activity_tells.sql
