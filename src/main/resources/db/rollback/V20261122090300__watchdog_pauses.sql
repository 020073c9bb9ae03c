-- Undoes V20261122090300__watchdog_pauses.sql. Lost: whose silence is not judged for now.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM watchdog_pauses LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in watchdog_pauses would be lost', (SELECT count(*) FROM watchdog_pauses);
    END IF;
END
$$;

DROP TABLE watchdog_pauses;
