SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

ALTER TABLE workspaces ADD CONSTRAINT workspaces_planted CHECK (tier < 1000000);

-- Rollback: see db/rollback/V20991231000000__planted.sql
