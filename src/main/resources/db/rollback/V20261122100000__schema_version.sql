-- Undoes V20261122100000__schema_version.sql. Lost: nothing, the migration writes its row again.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TABLE schema_version;
