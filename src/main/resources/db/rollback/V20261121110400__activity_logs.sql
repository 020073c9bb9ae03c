-- Undoes V20261121110400__activity_logs.sql. Lost: the activity of all workspaces.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM activity_logs LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in activity_logs would be lost', (SELECT count(*) FROM activity_logs);
    END IF;
END
$$;

DROP TABLE activity_logs;
