-- What is to be told and has no number yet: docs/adr/0018. Triggers write it in the transaction of the change; the sequencer
-- takes it out, in this order, and numbers it. So it is all but empty.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE event_outbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id        uuid NOT NULL,
    event         text NOT NULL CONSTRAINT event_outbox_event CHECK (event IN (
                      'WORKSPACE_PROVISIONING', 'WORKSPACE_ONLINE', 'WORKSPACE_OFFLINE', 'WORKSPACE_DEGRADED',
                      'WORKSPACE_AWAITING_AGENT', 'WORKSPACE_PAUSED', 'WORKSPACE_REMOVED', 'WORKSPACE_UPDATED',
                      'DELEGATION_SENT', 'DELEGATION_STATUS', 'DELEGATION_COMPLETE', 'DELEGATION_FAILED', 'DELEGATION_STUCK',
                      'ACTIVITY_LOGGED', 'ORG_IMPORTED', 'INCIDENT_RAISED')),
    workspace_id  uuid,
    delegation_id text COLLATE "C" CONSTRAINT event_outbox_delegation_id CHECK (char_length(delegation_id) <= 200),
    at            timestamptz NOT NULL,
    -- json, not jsonb: nobody looks into it, and it is told as it was written. Small, since every replica holds many of them. The
    -- triggers cut their texts so that it never refuses a change: a character takes six bytes at most.
    payload       json NOT NULL CONSTRAINT event_outbox_payload CHECK (octet_length(payload::text) <= 20000)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Times on the wire, as http.JsonFormat writes them.
CREATE FUNCTION event_time(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- Who sees which rows: see V20261121090000__workspaces.sql. Triggers alone insert, which have the rights of the owner, and of
-- rows that passed the policy of their own table; so a superuser who said for no tenant that he works may write those, as before.
ALTER TABLE event_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY event_outbox_tenant ON event_outbox
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK (true);

UPDATE schema_version SET version = '20261124090000', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090000__event_outbox.sql
