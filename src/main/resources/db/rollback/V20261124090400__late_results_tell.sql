-- Undoes V20261124090400__late_results_tell.sql. Lost: nothing; late results that come afterwards are not told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER late_results_tell ON delegation_events;
DROP FUNCTION late_results_tell();
UPDATE schema_version SET version = '20261124090300', phase = 'expanding';
