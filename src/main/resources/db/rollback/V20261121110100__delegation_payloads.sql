-- Undoes V20261121110100__delegation_payloads.sql. Lost: the tasks and results of all delegations.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM delegation_payloads LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in delegation_payloads would be lost', (SELECT count(*) FROM delegation_payloads);
    END IF;
END
$$;

DROP TABLE delegation_payloads;
