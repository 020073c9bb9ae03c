-- Undoes V20261121110300__delegation_events.sql. Lost: the history of all delegations.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM delegation_events LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in delegation_events would be lost', (SELECT count(*) FROM delegation_events);
    END IF;
END
$$;

DROP TABLE delegation_events;
DROP FUNCTION delegation_events_guard();
