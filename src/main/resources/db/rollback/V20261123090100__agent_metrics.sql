-- Undoes V20261123090100__agent_metrics.sql. Lost: the metrics of all agents.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM agent_metrics LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in agent_metrics would be lost', (SELECT count(*) FROM agent_metrics);
    END IF;
END
$$;

DROP TABLE agent_metrics;
UPDATE schema_version SET version = '20261123090000', phase = 'expanding';
