-- Undoes V20261121110500__inboxes.sql. Lost: how far each inbox has been read.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM inboxes LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in inboxes would be lost', (SELECT count(*) FROM inboxes);
    END IF;
END
$$;

DROP TABLE inboxes;
DROP FUNCTION inboxes_guard();
