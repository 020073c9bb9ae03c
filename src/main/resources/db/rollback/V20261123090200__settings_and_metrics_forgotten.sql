-- Undoes V20261123090200__settings_and_metrics_forgotten.sql. Lost: no row; rows of workspaces that are removed afterwards stay.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER settings_and_metrics_forgotten ON workspaces;
DROP FUNCTION settings_and_metrics_forgotten();
UPDATE schema_version SET version = '20261123090100', phase = 'expanding';
