-- The last sealed entry of each organisation's audit chain, by which a cut tail is noticed. Null: the platform's chain.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE audit_heads (
    org_id    uuid,
    sequence  bigint NOT NULL CONSTRAINT audit_heads_sequence CHECK (sequence > 0),
    sha256    bytea NOT NULL CONSTRAINT audit_heads_sha256 CHECK (octet_length(sha256) = 32),
    sealed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_heads_organisation UNIQUE NULLS NOT DISTINCT (org_id)
);

-- A head moves forward, and nothing else: sealing goes on from it.
CREATE FUNCTION audit_heads_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.org_id IS NOT DISTINCT FROM OLD.org_id AND NEW.sequence > OLD.sequence THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the head of an audit chain moves forward alone: % refused', TG_OP USING ERRCODE = 'RC101';
END
$$;

CREATE TRIGGER audit_heads_guard
    BEFORE UPDATE OR DELETE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_heads_guard();

CREATE TRIGGER audit_heads_guard_truncated
    BEFORE TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_heads_guard();

-- Who sees which rows: see V20261121090000__workspaces.sql. The platform's chain is the platform's alone.
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_heads_tenant ON audit_heads
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121101000__audit_heads.sql
