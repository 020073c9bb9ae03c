SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE INDEX workspaces_planted ON workspaces (tier);

-- Rollback: see db/rollback/V20991231000000__planted.sql
