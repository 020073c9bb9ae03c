-- Undoes V20261124090700__incidents_tell.sql. Lost: nothing; incidents raised afterwards are not told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER incidents_tell ON incidents;
DROP FUNCTION incidents_tell();
UPDATE schema_version SET version = '20261124090600', phase = 'expanding';
