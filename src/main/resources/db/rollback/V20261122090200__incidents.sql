-- Undoes V20261122090200__incidents.sql. Lost: when agents fell silent and were heard again.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM incidents LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in incidents would be lost', (SELECT count(*) FROM incidents);
    END IF;
END
$$;

DROP TABLE incidents;
