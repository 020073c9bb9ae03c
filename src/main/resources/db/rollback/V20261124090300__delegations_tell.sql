-- Undoes V20261124090300__delegations_tell.sql. Lost: nothing; changes made afterwards are not told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER delegations_tell_begun ON delegations;
DROP TRIGGER delegations_tell_changed ON delegations;
DROP FUNCTION delegations_tell_begun();
DROP FUNCTION delegations_tell_changed();
UPDATE schema_version SET version = '20261124090200', phase = 'expanding';
