-- What the sweep found: one row for each time that an agent fell silent, not for each look at it. No foreign keys: history
-- outlives workspaces.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE incidents (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id           uuid NOT NULL,
    workspace_id     uuid NOT NULL,
    agent_id         text COLLATE "C" NOT NULL,
    type             text NOT NULL CONSTRAINT incidents_type CHECK (type IN ('agent_silent')),
    message          text NOT NULL,
    last_heartbeat   timestamptz NOT NULL,
    -- How many came shortly before it, one after another; the next is raised after the cool-down at the earliest.
    streak           integer NOT NULL CONSTRAINT incidents_streak CHECK (streak >= 0),
    raised_at        timestamptz NOT NULL DEFAULT now(),
    cool_down_until  timestamptz NOT NULL,
    -- When the agent was heard again; null while it is silent.
    ended_at         timestamptz,
    -- When the webhook is tried next; null when there is none, and when it is done with.
    notify_at        timestamptz,
    notify_attempts  integer NOT NULL DEFAULT 0,
    notified_at      timestamptz
);

CREATE INDEX incidents_of_workspace ON incidents (workspace_id, id);
CREATE INDEX incidents_of_organisation ON incidents (org_id, id);
CREATE INDEX incidents_of_agent ON incidents (workspace_id, agent_id, id);
CREATE UNIQUE INDEX incidents_open_once ON incidents (workspace_id, agent_id, type) WHERE ended_at IS NULL;
CREATE INDEX incidents_to_notify ON incidents (notify_at) WHERE notify_at IS NOT NULL;

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE incidents ENABLE ROW LEVEL SECURITY;
ALTER TABLE incidents FORCE ROW LEVEL SECURITY;
CREATE POLICY incidents_tenant ON incidents
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090200__incidents.sql
