-- Undoes V20261124090100__events.sql. Lost: nothing but the live events of the last days, after which readers cannot go on; what happened is in the tables
-- that they tell of.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TABLE events;
UPDATE schema_version SET version = '20261124090000', phase = 'expanding';
