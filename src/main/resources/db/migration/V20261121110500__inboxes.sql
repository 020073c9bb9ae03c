-- How far a workspace's inbox goes, and how far it has been read. Taken in turn by who puts messages there, so that no
-- message becomes visible behind one that has been read.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE inboxes (
    workspace_id uuid PRIMARY KEY,
    org_id       uuid NOT NULL,
    last_seq     bigint NOT NULL CONSTRAINT inboxes_last_seq CHECK (last_seq >= 0),
    acked_seq    bigint NOT NULL DEFAULT 0 CONSTRAINT inboxes_acked_seq CHECK (acked_seq BETWEEN 0 AND last_seq)
) WITH (fillfactor = 50);

-- Both only grow.
CREATE FUNCTION inboxes_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the inbox of % only goes forward', OLD.workspace_id USING ERRCODE = 'RC206';
END
$$;

CREATE TRIGGER inboxes_guard
    AFTER UPDATE ON inboxes
    FOR EACH ROW WHEN (NEW.last_seq < OLD.last_seq OR NEW.acked_seq < OLD.acked_seq
                       OR NEW.workspace_id <> OLD.workspace_id OR NEW.org_id <> OLD.org_id)
    EXECUTE FUNCTION inboxes_guard();

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE inboxes ENABLE ROW LEVEL SECURITY;
ALTER TABLE inboxes FORCE ROW LEVEL SECURITY;
CREATE POLICY inboxes_tenant ON inboxes
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110500__inboxes.sql
