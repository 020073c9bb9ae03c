SET lock_timeout = '200ms';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS workspaces_planted ON workspaces (tier);
RESET statement_timeout;
RESET lock_timeout;

-- Rollback: see db/rollback/V20991231000000__planted.sql
