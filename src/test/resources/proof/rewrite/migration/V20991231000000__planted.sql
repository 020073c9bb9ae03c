SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

ALTER TABLE import_runs ADD COLUMN planted uuid NOT NULL DEFAULT gen_random_uuid();

-- Rollback: see db/rollback/V20991231000000__planted.sql
