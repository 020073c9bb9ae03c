-- An agent that fell silent is told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION incidents_tell() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, at, payload)
    SELECT f.org_id, 'INCIDENT_RAISED', f.workspace_id, f.raised_at,
           json_build_object('agent_id', left(f.agent_id, 200), 'type', f.type, 'message', left(f.message, 1000),
               'streak', f.streak, 'raised_at', event_time(f.raised_at))
      FROM fresh f
     ORDER BY f.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER incidents_tell
    AFTER INSERT ON incidents REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_tell();

UPDATE schema_version SET version = '20261124090700', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090700__incidents_tell.sql
