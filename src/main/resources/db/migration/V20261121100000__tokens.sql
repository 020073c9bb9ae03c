-- Bearer tokens. Each belongs to one workspace: an organisation's to its root. The secret is not here, only its SHA-256.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE tokens (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL,
    workspace_id uuid NOT NULL,
    name         text NOT NULL CONSTRAINT tokens_name_length CHECK (char_length(name) BETWEEN 1 AND 600),
    scope        text NOT NULL CONSTRAINT tokens_scope CHECK (scope IN ('admin', 'write', 'read', 'workspace')),
    sha256       bytea NOT NULL CONSTRAINT tokens_sha256_length CHECK (octet_length(sha256) = 32),
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    -- When it was revoked, or given an earlier end: what replicas ask for, several times a second.
    changed_at   timestamptz,
    live         boolean GENERATED ALWAYS AS (CASE WHEN revoked_at IS NULL THEN true END) STORED,

    CONSTRAINT tokens_of_an_organisation_are_its_roots CHECK (scope = 'workspace' OR workspace_id = org_id),
    -- A live token has a live workspace of its own organisation: removing one without revoking its tokens fails here.
    CONSTRAINT tokens_workspace_fk FOREIGN KEY (workspace_id, org_id, live) REFERENCES workspaces (id, org_id, live)
) WITH (fillfactor = 80);

CREATE INDEX tokens_of_workspace ON tokens (workspace_id, id);
CREATE INDEX tokens_changed ON tokens (changed_at) WHERE changed_at IS NOT NULL;

-- What no constraint can say: a revoked token stays revoked, an end only comes nearer, nothing else about it changes.
CREATE FUNCTION tokens_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'token % can only be revoked or end earlier', OLD.id USING ERRCODE = 'RC004';
END
$$;

CREATE TRIGGER tokens_guard
    AFTER UPDATE ON tokens
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
                       OR COALESCE(NEW.expires_at, 'infinity') > COALESCE(OLD.expires_at, 'infinity')
                       OR (NEW.id, NEW.org_id, NEW.workspace_id, NEW.name, NEW.scope, NEW.sha256, NEW.created_by, NEW.created_at)
                           <> (OLD.id, OLD.org_id, OLD.workspace_id, OLD.name, OLD.scope, OLD.sha256, OLD.created_by, OLD.created_at))
    EXECUTE FUNCTION tokens_guard();

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY tokens_tenant ON tokens
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121100000__tokens.sql
