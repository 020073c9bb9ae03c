-- Undoes V20261121090100__import_runs.sql. Lost: the history of imports.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM import_runs LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in import_runs would be lost', (SELECT count(*) FROM import_runs);
    END IF;
END
$$;

DROP TABLE import_runs;

