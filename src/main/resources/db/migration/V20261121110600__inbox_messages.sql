-- That a delegation has ended, told to its caller: one message each. What it says is read from the delegation.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE inbox_messages (
    workspace_id uuid NOT NULL,
    seq          bigint NOT NULL CONSTRAINT inbox_messages_seq CHECK (seq > 0),
    org_id       uuid NOT NULL,
    delegation   bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, seq),
    CONSTRAINT inbox_messages_once UNIQUE (delegation)
);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE inbox_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY inbox_messages_tenant ON inbox_messages
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110600__inbox_messages.sql
