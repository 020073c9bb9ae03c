-- Undoes V20261122090600__skill_installs.sql. Lost: which skills agents installed.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM skill_installs LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in skill_installs would be lost', (SELECT count(*) FROM skill_installs);
    END IF;
END
$$;

DROP TABLE skill_installs;
