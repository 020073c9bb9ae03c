-- Undoes V20991231000000__planted.sql. Lost: nothing.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

ALTER TABLE workspaces DROP COLUMN planted;
