SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

SET LOCAL rollcall.tenant = '*';

UPDATE activity_logs SET actor = actor;

-- Rollback: see db/rollback/V20991231000000__planted.sql
