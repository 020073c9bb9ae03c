SET LOCAL statement_timeout = '30s';

ALTER TABLE workspaces ADD COLUMN planted text;

-- Rollback: see db/rollback/V20991231000000__planted.sql
