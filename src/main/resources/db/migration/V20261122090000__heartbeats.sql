-- When each agent of a workspace was last heard. Narrow, half empty, and no index on what a beat changes, so that it is a HOT
-- update: docs/adr/0014. What a person reads of an agent is in agent_states.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE heartbeats (
    workspace_id uuid NOT NULL,
    agent_id     text COLLATE "C" NOT NULL
                     CONSTRAINT heartbeats_agent_id_length CHECK (char_length(agent_id) BETWEEN 1 AND 200),
    org_id       uuid NOT NULL,
    -- False when the workspace was removed: by the foreign key, in the removal's own statement.
    live         boolean NOT NULL DEFAULT true,
    started_at   timestamptz,
    -- Since when the sweep holds it to be silent; null for whoever is heard.
    silent_since timestamptz,
    -- Of what it said of itself when it was written to agent_states; 0: nothing. What is the same is not written again.
    said         bigint NOT NULL DEFAULT 0,
    beat_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, agent_id),
    CONSTRAINT heartbeats_workspace_fk FOREIGN KEY (workspace_id, org_id, live)
        REFERENCES workspaces (id, org_id, live) ON UPDATE CASCADE
) WITH (fillfactor = 50);

-- An organisation's agents, without reading everybody's. No beat writes it: what is in it never changes. Its predicate, which
-- every row fulfils, keeps the foreign key's cascade away from it: see V20261121090000__workspaces.sql.
CREATE INDEX heartbeats_of_organisation ON heartbeats (org_id) WHERE agent_id <> '';

-- The one rule by which a workspace's status follows from who is heard of its agents, and from the worst error rate that
-- one of those reports (null: none does). Between the two limits it stays as it is, so that it does not flap.
CREATE FUNCTION workspace_status_heard(status text, heard boolean, error_rate double precision, external boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN heard AND status IN ('provisioning', 'offline', 'awaiting_agent', 'failed', 'online', 'degraded') THEN
        CASE WHEN error_rate >= 0.5 THEN 'degraded'
             WHEN status = 'degraded' AND (error_rate >= 0.1 OR error_rate IS NULL) THEN 'degraded'
             ELSE 'online' END
    WHEN NOT heard AND status IN ('online', 'degraded') THEN CASE WHEN external THEN 'awaiting_agent' ELSE 'offline' END
    ELSE status END;

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE heartbeats ENABLE ROW LEVEL SECURITY;
ALTER TABLE heartbeats FORCE ROW LEVEL SECURITY;
CREATE POLICY heartbeats_tenant ON heartbeats
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090000__heartbeats.sql
