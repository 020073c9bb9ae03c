-- Whose silence is not judged for a while: one agent's, or all of a workspace's (agent_id *). An end that has passed means
-- nothing any more.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE watchdog_pauses (
    workspace_id uuid NOT NULL,
    agent_id     text COLLATE "C" NOT NULL
                     CONSTRAINT watchdog_pauses_agent_id_length CHECK (char_length(agent_id) BETWEEN 1 AND 200),
    org_id       uuid NOT NULL,
    until_at     timestamptz NOT NULL,
    paused_by    text NOT NULL,
    paused_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, agent_id)
);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE watchdog_pauses ENABLE ROW LEVEL SECURITY;
ALTER TABLE watchdog_pauses FORCE ROW LEVEL SECURITY;
CREATE POLICY watchdog_pauses_tenant ON watchdog_pauses
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090300__watchdog_pauses.sql
