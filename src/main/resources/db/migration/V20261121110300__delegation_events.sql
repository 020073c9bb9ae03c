-- The history: one row for each accepted transition and cancel request, and each result that came too late. Appended to,
-- never changed; it goes with its delegation.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE delegation_events (
    delegation  bigint NOT NULL,
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    org_id      uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT delegation_events_kind CHECK (kind IN (
                    'transition', 'late_result', 'cancel_requested')),
    from_status text,
    -- Of a late result: what it wanted the delegation to become.
    to_status   text,
    actor       text NOT NULL,
    attempt     bigint NOT NULL,
    reason      text,
    at          timestamptz NOT NULL,
    -- Of a late result: what it said in short, itself (JSON, as it was sent), and the SHA-256 of all it said, so that it is
    -- kept once however often it is sent.
    detail      json,
    result      text,
    sha256      bytea,
    PRIMARY KEY (delegation, seq),
    CONSTRAINT delegation_events_late CHECK ((sha256 IS NOT NULL) = (kind = 'late_result'))
);

CREATE UNIQUE INDEX delegation_events_late_once ON delegation_events (delegation, sha256) WHERE kind = 'late_result';

CREATE FUNCTION delegation_events_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM FROM delegations d WHERE d.id = OLD.delegation;
        IF NOT FOUND THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'events stay as they were written, as long as their delegation: % refused', TG_OP
          USING ERRCODE = 'RC205';
END
$$;

CREATE TRIGGER delegation_events_guard
    BEFORE UPDATE OR DELETE ON delegation_events
    FOR EACH ROW EXECUTE FUNCTION delegation_events_guard();

CREATE TRIGGER delegation_events_guard_truncated
    BEFORE TRUNCATE ON delegation_events
    FOR EACH STATEMENT EXECUTE FUNCTION delegation_events_guard();

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE delegation_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation_events FORCE ROW LEVEL SECURITY;
CREATE POLICY delegation_events_tenant ON delegation_events
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110300__delegation_events.sql
