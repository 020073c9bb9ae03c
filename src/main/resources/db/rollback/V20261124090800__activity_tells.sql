-- Undoes V20261124090800__activity_tells.sql. Lost: nothing; activity logged afterwards is not told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER activity_tells ON activity_logs;
DROP FUNCTION activity_tells();
UPDATE schema_version SET version = '20261124090700', phase = 'expanding';
