-- Undoes V20261124090500__workspaces_tell.sql. Lost: nothing; changes made afterwards are not told.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER workspaces_tell_made ON workspaces;
DROP TRIGGER workspaces_tell_changed ON workspaces;
DROP FUNCTION workspaces_tell_made();
DROP FUNCTION workspaces_tell_changed();
UPDATE schema_version SET version = '20261124090400', phase = 'expanding';
