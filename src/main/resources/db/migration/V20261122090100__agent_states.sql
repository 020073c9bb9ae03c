-- What an agent last said of itself, with a beat or when it registered. Written when it says something else than before.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE agent_states (
    workspace_id  uuid NOT NULL,
    agent_id      text COLLATE "C" NOT NULL,
    org_id        uuid NOT NULL,
    status        text CONSTRAINT agent_states_status CHECK (status IN ('idle', 'running', 'paused', 'error')),
    error_rate    double precision CONSTRAINT agent_states_error_rate CHECK (error_rate BETWEEN 0 AND 1),
    sample_error  text CONSTRAINT agent_states_sample_error CHECK (char_length(sample_error) <= 1000),
    active_tasks  integer CONSTRAINT agent_states_active_tasks CHECK (active_tasks >= 0),
    current_task  text CONSTRAINT agent_states_current_task CHECK (char_length(current_task) <= 1000),
    loop_id       text CONSTRAINT agent_states_loop_id CHECK (char_length(loop_id) <= 200),
    detail        jsonb,
    url           text,
    agent_card    jsonb,
    delivery_mode text CONSTRAINT agent_states_delivery_mode CHECK (char_length(delivery_mode) <= 100),
    registered_at timestamptz,
    said_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, agent_id),
    CONSTRAINT agent_states_heartbeat_fk FOREIGN KEY (workspace_id, agent_id)
        REFERENCES heartbeats (workspace_id, agent_id) ON DELETE CASCADE
) WITH (fillfactor = 70);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE agent_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_states FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_states_tenant ON agent_states
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090100__agent_states.sql
