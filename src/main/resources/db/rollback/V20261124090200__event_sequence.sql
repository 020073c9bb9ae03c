-- Undoes V20261124090200__event_sequence.sql. Lost: nothing but where the live events were; made again, they begin with 1.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TABLE event_sequence;
UPDATE schema_version SET version = '20261124090100', phase = 'expanding';
