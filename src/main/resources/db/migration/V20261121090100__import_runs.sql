-- One row an import that reached the database: who, when, what became of it.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE import_runs (
    id          uuid PRIMARY KEY,
    org_id      uuid,
    template    text NOT NULL,
    dir         text,
    mode        text NOT NULL CONSTRAINT import_runs_mode CHECK (mode IN ('merge', 'update', 'reconcile')),
    dry_run     boolean NOT NULL,
    parent_id   uuid,
    created     integer NOT NULL,
    skipped     integer NOT NULL,
    updated     integer NOT NULL,
    removed     integer NOT NULL,
    duration_ms bigint NOT NULL,
    outcome     text NOT NULL CONSTRAINT import_runs_outcome CHECK (outcome IN ('completed', 'planned')),
    config      jsonb NOT NULL DEFAULT '{}',
    actor       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- The history, newest first; the id breaks ties, so that the page's cursor is a total order.
CREATE INDEX import_runs_newest ON import_runs (created_at DESC, id DESC);
CREATE INDEX import_runs_of_organisation ON import_runs (org_id, created_at DESC, id DESC);

-- Who sees which rows: see V20261121090000__workspaces.sql. Rows of no organisation are the platform's alone.
ALTER TABLE import_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY import_runs_tenant ON import_runs
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121090100__import_runs.sql
