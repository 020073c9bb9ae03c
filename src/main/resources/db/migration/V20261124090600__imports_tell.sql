-- An import is told as one event, whatever it changed.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION imports_tell() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, at, payload)
    VALUES (NEW.org_id, 'ORG_IMPORTED', COALESCE(NEW.parent_id, NEW.org_id), NEW.created_at,
            json_build_object('import_id', NEW.id, 'template', left(NEW.template, 600), 'mode', NEW.mode, 'parent_id', NEW.parent_id,
                'created', NEW.created, 'skipped', NEW.skipped, 'updated', NEW.updated, 'removed', NEW.removed,
                'actor', left(NEW.actor, 200)));
    RETURN NULL;
END
$$;

CREATE TRIGGER imports_tell
    AFTER INSERT ON import_runs
    FOR EACH ROW WHEN (NOT NEW.dry_run AND NEW.org_id IS NOT NULL)
    EXECUTE FUNCTION imports_tell();

UPDATE schema_version SET version = '20261124090600', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090600__imports_tell.sql
