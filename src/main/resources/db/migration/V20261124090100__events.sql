-- The live events of the last days, numbered: docs/adr/0018. Written by the sequencer alone; their checks are those of
-- event_outbox, through which all of them came.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE events (
    seq           bigint PRIMARY KEY,
    org_id        uuid NOT NULL,
    event         text NOT NULL,
    workspace_id  uuid,
    delegation_id text COLLATE "C",
    at            timestamptz NOT NULL,
    payload       json NOT NULL,
    -- By which they are forgotten: the database's clock when they got their number, so it grows with the number.
    numbered_at   timestamptz NOT NULL DEFAULT now()
);

-- An organisation's, in their order.
CREATE INDEX events_of_organisation ON events (org_id, seq);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY events_tenant ON events
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

UPDATE schema_version SET version = '20261124090100', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090100__events.sql
