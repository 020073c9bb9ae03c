-- Undoes V20261124090600__imports_tell.sql. Lost: nothing; imports made afterwards are not told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER imports_tell ON import_runs;
DROP FUNCTION imports_tell();
UPDATE schema_version SET version = '20261124090500', phase = 'expanding';
