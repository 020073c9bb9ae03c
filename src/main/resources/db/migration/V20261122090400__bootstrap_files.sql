-- The files that the agents of a workspace should be started with, by their SHA-256: set by people, all at once. No foreign
-- key here and in the two tables that follow: V20261122090700__drift_forgotten.sql.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE bootstrap_files (
    workspace_id uuid NOT NULL,
    path         text COLLATE "C" NOT NULL
                     CONSTRAINT bootstrap_files_path_length CHECK (char_length(path) BETWEEN 1 AND 500),
    org_id       uuid NOT NULL,
    sha256       bytea NOT NULL CONSTRAINT bootstrap_files_sha256_length CHECK (octet_length(sha256) = 32),
    PRIMARY KEY (workspace_id, path)
);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE bootstrap_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE bootstrap_files FORCE ROW LEVEL SECURITY;
CREATE POLICY bootstrap_files_tenant ON bootstrap_files
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090400__bootstrap_files.sql
