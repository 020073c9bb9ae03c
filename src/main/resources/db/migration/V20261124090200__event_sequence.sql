-- The number that the last event got, and the highest one forgotten: docs/adr/0018. One row, whose lock makes numbering one
-- replica's at a time. Numbers have no gaps: this is no sequence, of which a rollback loses values.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE event_sequence (
    singleton boolean PRIMARY KEY DEFAULT true CONSTRAINT event_sequence_singleton CHECK (singleton),
    last      bigint NOT NULL,
    floor     bigint NOT NULL,
    CONSTRAINT event_sequence_order CHECK (floor BETWEEN 0 AND last)
) WITH (fillfactor = 10);

INSERT INTO event_sequence (last, floor) VALUES (0, 0);

UPDATE schema_version SET version = '20261124090200', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090200__event_sequence.sql
