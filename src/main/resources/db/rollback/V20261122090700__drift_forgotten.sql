-- Undoes V20261122090700__drift_forgotten.sql. Lost: no row; rows of workspaces that are removed afterwards stay.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER drift_forgotten ON workspaces;
DROP FUNCTION drift_forgotten();
