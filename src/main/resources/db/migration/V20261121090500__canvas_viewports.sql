-- Where each canvas was left. The zero UUID is the platform admin's view over all organisations.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE canvas_viewports (
    org_id     uuid PRIMARY KEY,
    x          double precision NOT NULL,
    y          double precision NOT NULL,
    zoom       double precision NOT NULL CONSTRAINT canvas_viewports_zoom CHECK (zoom > 0),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE canvas_viewports ENABLE ROW LEVEL SECURITY;
ALTER TABLE canvas_viewports FORCE ROW LEVEL SECURITY;
CREATE POLICY canvas_viewports_tenant ON canvas_viewports
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121090500__canvas_viewports.sql
