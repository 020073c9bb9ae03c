-- The settings and metrics of a removed workspace go with it, for the reasons of V20261122090700__drift_forgotten.sql, and as
-- there: who writes them locks the workspace's key first, and finds it live.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION settings_and_metrics_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM settings WHERE workspace_id = NEW.id;
    DELETE FROM agent_metrics WHERE workspace_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER settings_and_metrics_forgotten
    AFTER UPDATE ON workspaces
    FOR EACH ROW WHEN (NEW.status = 'removed' AND OLD.status <> 'removed')
    EXECUTE FUNCTION settings_and_metrics_forgotten();

UPDATE schema_version SET version = '20261123090200', phase = 'expanding';

-- Rollback: see db/rollback/V20261123090200__settings_and_metrics_forgotten.sql
