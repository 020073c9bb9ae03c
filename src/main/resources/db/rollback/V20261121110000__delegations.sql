-- Undoes V20261121110000__delegations.sql. Lost: every delegation, and with it who asked whom for what.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM delegations LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in delegations would be lost', (SELECT count(*) FROM delegations);
    END IF;
END
$$;

DROP TABLE delegations;
DROP FUNCTION delegations_refuse();
DROP FUNCTION delegations_guard();
DROP FUNCTION delegation_may_become(text, text);
