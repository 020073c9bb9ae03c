-- Undoes V20261122090400__bootstrap_files.sql. Lost: which files agents should be started with.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM bootstrap_files LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in bootstrap_files would be lost', (SELECT count(*) FROM bootstrap_files);
    END IF;
END
$$;

DROP TABLE bootstrap_files;
