-- The files that each agent of a workspace says it was started with.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE bootstrap_pings (
    workspace_id uuid NOT NULL,
    agent_id     text COLLATE "C" NOT NULL
                     CONSTRAINT bootstrap_pings_agent_id_length CHECK (char_length(agent_id) BETWEEN 1 AND 200),
    path         text COLLATE "C" NOT NULL
                     CONSTRAINT bootstrap_pings_path_length CHECK (char_length(path) BETWEEN 1 AND 500),
    org_id       uuid NOT NULL,
    sha256       bytea NOT NULL CONSTRAINT bootstrap_pings_sha256_length CHECK (octet_length(sha256) = 32),
    pinged_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, agent_id, path)
) WITH (fillfactor = 70);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE bootstrap_pings ENABLE ROW LEVEL SECURITY;
ALTER TABLE bootstrap_pings FORCE ROW LEVEL SECURITY;
CREATE POLICY bootstrap_pings_tenant ON bootstrap_pings
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090500__bootstrap_pings.sql
