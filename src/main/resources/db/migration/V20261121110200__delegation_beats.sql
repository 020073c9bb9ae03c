-- The last beat of each delegation in flight, and of no other. Narrow, half empty and without a second index, so that a
-- beat is a HOT update: docs/adr/0010.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE delegation_beats (
    delegation bigint PRIMARY KEY,
    org_id     uuid NOT NULL,
    -- Null until the first one: nobody is silent who was never heard.
    beat_at    timestamptz,
    progress   double precision,
    note       text CONSTRAINT delegation_beats_note CHECK (char_length(note) <= 200)
) WITH (fillfactor = 50);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE delegation_beats ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation_beats FORCE ROW LEVEL SECURITY;
CREATE POLICY delegation_beats_tenant ON delegation_beats
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110200__delegation_beats.sql
