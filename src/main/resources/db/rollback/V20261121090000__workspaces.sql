-- Undoes V20261121090000__workspaces.sql. Lost: every workspace, live and removed.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM workspaces LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in workspaces would be lost', (SELECT count(*) FROM workspaces);
    END IF;
END
$$;

DROP TABLE workspaces;
DROP FUNCTION workspaces_guard();
DROP FUNCTION workspaces_guard_inserted();
