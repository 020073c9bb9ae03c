-- Undoes V20261122090500__bootstrap_pings.sql. Lost: which files agents said that they were started with.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM bootstrap_pings LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in bootstrap_pings would be lost', (SELECT count(*) FROM bootstrap_pings);
    END IF;
END
$$;

DROP TABLE bootstrap_pings;
