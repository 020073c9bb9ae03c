-- Undoes V20261124090000__event_outbox.sql. Lost: nothing but live events that nobody was told yet; what happened is in the tables that they tell of.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TABLE event_outbox;
DROP FUNCTION event_time(timestamptz);
UPDATE schema_version SET version = '20261123090200', phase = 'expanding';
