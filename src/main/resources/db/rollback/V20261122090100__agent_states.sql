-- Undoes V20261122090100__agent_states.sql. Lost: what agents said of themselves.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM agent_states LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in agent_states would be lost', (SELECT count(*) FROM agent_states);
    END IF;
END
$$;

DROP TABLE agent_states;
