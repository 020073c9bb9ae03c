-- What happened, as the people of a workspace read it: rows of the service's own (a delegation's transitions) and of agents.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE activity_logs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id        uuid NOT NULL,
    -- In whose log it stands; with a target, in the target's too.
    workspace_id  uuid NOT NULL,
    target_id     uuid,
    type          text NOT NULL CONSTRAINT activity_logs_type CHECK (char_length(type) BETWEEN 1 AND 100),
    method        text CONSTRAINT activity_logs_method CHECK (char_length(method) BETWEEN 1 AND 100),
    delegation_id text COLLATE "C",
    status        text CONSTRAINT activity_logs_status CHECK (char_length(status) BETWEEN 1 AND 100),
    summary       text CONSTRAINT activity_logs_summary CHECK (char_length(summary) <= 1000),
    detail        jsonb,
    actor         text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT activity_logs_target CHECK (target_id <> workspace_id)
);

CREATE INDEX activity_logs_of_workspace ON activity_logs (workspace_id, id);
CREATE INDEX activity_logs_of_target ON activity_logs (target_id, id) WHERE target_id IS NOT NULL;

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY activity_logs_tenant ON activity_logs
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110400__activity_logs.sql
