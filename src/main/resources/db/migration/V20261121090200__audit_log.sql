-- Every mutation by a person or token, written in the mutation's own transaction. Sealed some time after its commit: an
-- entry's sequence is its place in its organisation's chain, sha256 the hash over it and all before it.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id     uuid,
    actor      text NOT NULL,
    action     text NOT NULL,
    target     text NOT NULL,
    request_id text NOT NULL,
    detail     jsonb NOT NULL DEFAULT '{}',
    at         timestamptz NOT NULL DEFAULT now(),
    sequence   bigint CONSTRAINT audit_log_sequence CHECK (sequence > 0),
    sha256     bytea CONSTRAINT audit_log_sha256 CHECK (octet_length(sha256) = 32),
    CONSTRAINT audit_log_sealed CHECK ((sequence IS NULL) = (sha256 IS NULL))
);

CREATE INDEX audit_log_of_organisation ON audit_log (org_id, id);

-- The chains, each in its order; entries of no organisation are a chain as well.
CREATE UNIQUE INDEX audit_log_chain ON audit_log (org_id, sequence) NULLS NOT DISTINCT WHERE sequence IS NOT NULL;

-- What the next seal takes: as small as what one second wrote.
CREATE INDEX audit_log_unsealed ON audit_log (id) WHERE sequence IS NULL;

-- An entry stays as it was written. The one change is its seal, once; *= compares the rest byte by byte, where jsonb's
-- own comparison takes 1.0 for 1.
CREATE FUNCTION audit_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL THEN
            OLD.sequence := NEW.sequence;
            OLD.sha256 := NEW.sha256;
            IF OLD *= NEW THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries stay as they were written: % refused', TG_OP USING ERRCODE = 'RC101';
END
$$;

CREATE TRIGGER audit_log_guard
    BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_guard();

CREATE TRIGGER audit_log_guard_truncated
    BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_guard();

-- Who sees which rows: see V20261121090000__workspaces.sql. Rows of no organisation are the platform's alone.
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_log_tenant ON audit_log
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121090200__audit_log.sql
