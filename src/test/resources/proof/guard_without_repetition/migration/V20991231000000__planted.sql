SET lock_timeout = '200ms';
SET statement_timeout = 0;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('workspaces_planted') AND NOT indisvalid) THEN
        DROP INDEX workspaces_planted;
    END IF;
END
$$;

CREATE INDEX CONCURRENTLY workspaces_planted ON workspaces (tier);
RESET statement_timeout;
RESET lock_timeout;

-- Rollback: see db/rollback/V20991231000000__planted.sql
