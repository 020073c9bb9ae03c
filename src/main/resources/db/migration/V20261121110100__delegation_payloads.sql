-- What a delegation carries, whole: the task, written with it, and the result, written once. Never updated, so that no
-- change of a status rewrites it.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE delegation_payloads (
    delegation bigint NOT NULL,
    kind       text NOT NULL CONSTRAINT delegation_payloads_kind CHECK (kind IN ('task', 'result')),
    org_id     uuid NOT NULL,
    -- The task as text; the result as JSON, as it was sent.
    body       text NOT NULL,
    PRIMARY KEY (delegation, kind)
);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE delegation_payloads ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation_payloads FORCE ROW LEVEL SECURITY;
CREATE POLICY delegation_payloads_tenant ON delegation_payloads
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110100__delegation_payloads.sql
