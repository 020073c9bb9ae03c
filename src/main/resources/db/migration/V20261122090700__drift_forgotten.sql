-- What is known of a removed workspace's files and skills goes with it: nobody can ask for it any more, and workspaces come
-- and go for ever. Who writes there locks the workspace's key first, and finds it live; a removal waits for that lock, and
-- only then takes away what is there. A foreign key would take the same lock, once a row, and could only mark the rows.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION drift_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM bootstrap_files WHERE workspace_id = NEW.id;
    DELETE FROM bootstrap_pings WHERE workspace_id = NEW.id;
    DELETE FROM skill_installs WHERE workspace_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER drift_forgotten
    AFTER UPDATE ON workspaces
    FOR EACH ROW WHEN (NEW.status = 'removed' AND OLD.status <> 'removed')
    EXECUTE FUNCTION drift_forgotten();

-- Rollback: see db/rollback/V20261122090700__drift_forgotten.sql
