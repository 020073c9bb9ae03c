-- Undoes V20261122090000__heartbeats.sql. Lost: when each agent was last heard.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM heartbeats LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in heartbeats would be lost', (SELECT count(*) FROM heartbeats);
    END IF;
END
$$;

DROP TABLE heartbeats;
DROP FUNCTION workspace_status_heard(text, boolean, double precision, boolean);
