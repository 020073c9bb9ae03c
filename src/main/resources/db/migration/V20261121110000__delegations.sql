-- The ledger: who asked whom to do what, and where it stands. Changes a few times in a row's life; what changes often
-- (delegation_beats) and what is large (delegation_payloads) is elsewhere. Caller and callee are no foreign keys: history
-- outlives workspaces.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE delegations (
    -- The service's own key, and the order of making. The caller's is delegation_id, its own organisation's alone.
    id                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id                 uuid NOT NULL,
    delegation_id          text COLLATE "C" NOT NULL
                               CONSTRAINT delegations_id_length CHECK (char_length(delegation_id) BETWEEN 1 AND 200),
    caller_id              uuid NOT NULL,
    callee_id              uuid NOT NULL,
    task_preview           text NOT NULL CONSTRAINT delegations_task_preview CHECK (octet_length(task_preview) <= 4096),
    status                 text NOT NULL DEFAULT 'queued' CONSTRAINT delegations_status CHECK (status IN (
                               'queued', 'dispatched', 'in_progress', 'completed', 'failed', 'stuck')),
    outcome                text CONSTRAINT delegations_outcome CHECK (outcome IN (
                               'error', 'deadline_exceeded', 'cancelled', 'rejected', 'lost')),
    -- The fencing token: one more with each claim, never less.
    attempt                bigint NOT NULL DEFAULT 0 CONSTRAINT delegations_attempt CHECK (attempt >= 0),
    agent_id               text,
    retry_count            integer NOT NULL DEFAULT 0 CONSTRAINT delegations_retry_count CHECK (retry_count >= 0),
    retry_of               text COLLATE "C",
    parent_delegation_id   text COLLATE "C",
    root_delegation_id     text COLLATE "C" NOT NULL,
    -- As they were at the end; until then delegation_beats has them.
    last_heartbeat         timestamptz,
    progress               double precision,
    deadline               timestamptz NOT NULL DEFAULT now() + interval '6 hours',
    result_preview         text CONSTRAINT delegations_result_preview CHECK (octet_length(result_preview) <= 4096),
    error_detail           text CONSTRAINT delegations_error_detail CHECK (octet_length(error_detail) <= 4096),
    idempotency_key        text COLLATE "C"
                               CONSTRAINT delegations_key_length CHECK (char_length(idempotency_key) BETWEEN 1 AND 255),
    payload_sha256         bytea NOT NULL CONSTRAINT delegations_payload CHECK (octet_length(payload_sha256) = 32),
    labels                 jsonb NOT NULL DEFAULT '{}',
    cancel_requested_at    timestamptz,
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    finished_at            timestamptz,
    -- What the row's last write says of itself for its event. Kind and from are set by the guard.
    event_kind             text,
    event_from             text,
    event_actor            text NOT NULL,
    event_reason           text,

    CONSTRAINT delegations_id_key UNIQUE (delegation_id, org_id),
    CONSTRAINT delegations_not_to_oneself CHECK (caller_id <> callee_id),
    CONSTRAINT delegations_not_its_own_parent CHECK (parent_delegation_id <> delegation_id),
    CONSTRAINT delegations_root CHECK ((parent_delegation_id IS NULL) = (root_delegation_id = delegation_id)),
    CONSTRAINT delegations_deadline CHECK (deadline > created_at),
    -- Stuck is an end (rollcall.delegations.stuck=final) or is not (recoverable), as it was when the row became stuck.
    CONSTRAINT delegations_finished CHECK (CASE status
                               WHEN 'completed' THEN finished_at IS NOT NULL
                               WHEN 'failed' THEN finished_at IS NOT NULL
                               WHEN 'stuck' THEN true
                               ELSE finished_at IS NULL END),
    CONSTRAINT delegations_why CHECK ((outcome IS NOT NULL) = (status IN ('failed', 'stuck')))
);

CREATE UNIQUE INDEX delegations_idempotency ON delegations (caller_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

-- A delegation is tried again once, however often its button is clicked; a third try is one of the second.
CREATE UNIQUE INDEX delegations_retried_once ON delegations (retry_of, org_id) WHERE retry_of IS NOT NULL;

-- What is in flight: what the sweeper takes, fairly between organisations; what a callee claims; what a caller waits for.
CREATE INDEX delegations_in_flight_deadline ON delegations (org_id, deadline) WHERE finished_at IS NULL;
CREATE INDEX delegations_in_flight_callee ON delegations (callee_id, status, id) WHERE finished_at IS NULL;
CREATE INDEX delegations_awaited_by_caller ON delegations (caller_id, id)
    WHERE status IN ('queued', 'dispatched', 'in_progress', 'stuck');
CREATE INDEX delegations_being_cancelled ON delegations (cancel_requested_at)
    WHERE finished_at IS NULL AND cancel_requested_at IS NOT NULL;

-- The lists, from new to old; and the few that went wrong, which in a long list of good ones would be far apart.
CREATE INDEX delegations_of_organisation ON delegations (org_id, id);
CREATE INDEX delegations_of_caller ON delegations (caller_id, id);
CREATE INDEX delegations_of_callee ON delegations (callee_id, id);
CREATE INDEX delegations_gone_wrong ON delegations (org_id, status, id) WHERE status IN ('failed', 'stuck');

-- Trees, without the many that are none.
CREATE INDEX delegations_below_root ON delegations (root_delegation_id, org_id, id)
    WHERE parent_delegation_id IS NOT NULL;

-- The legal moves. The enum DelegationStatus has the same; a test compares all pairs.
CREATE FUNCTION delegation_may_become(was text, becomes text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE was
    WHEN 'queued' THEN becomes IN ('dispatched', 'in_progress', 'completed', 'failed', 'stuck')
    WHEN 'dispatched' THEN becomes IN ('in_progress', 'completed', 'failed', 'stuck')
    WHEN 'in_progress' THEN becomes IN ('completed', 'failed', 'stuck')
    WHEN 'stuck' THEN becomes IN ('completed', 'failed')
    ELSE false END;

-- Forward only, whoever writes. What has ended stays as it ended; missing detail may still be filled in.
-- Times are the clock's, not the transaction's start: a transaction that waited for the row comes after whom it waited for.
CREATE FUNCTION delegations_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.org_id, NEW.delegation_id, NEW.caller_id, NEW.callee_id, NEW.task_preview, NEW.retry_count, NEW.retry_of,
        NEW.parent_delegation_id, NEW.root_delegation_id, NEW.deadline, NEW.idempotency_key, NEW.payload_sha256, NEW.labels,
        NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.org_id, OLD.delegation_id, OLD.caller_id, OLD.callee_id, OLD.task_preview, OLD.retry_count, OLD.retry_of,
        OLD.parent_delegation_id, OLD.root_delegation_id, OLD.deadline, OLD.idempotency_key, OLD.payload_sha256, OLD.labels,
        OLD.created_at) THEN
        RAISE EXCEPTION 'what was asked in delegation % cannot change', OLD.delegation_id USING ERRCODE = 'RC201';
    END IF;
    IF NEW.status = OLD.status AND OLD.finished_at IS NOT NULL THEN
        OLD.result_preview := COALESCE(OLD.result_preview, NEW.result_preview);
        OLD.error_detail := COALESCE(OLD.error_detail, NEW.error_detail);
        OLD.event_kind := NULL;
        OLD.event_from := NULL;
        OLD.event_actor := NEW.event_actor;
        OLD.event_reason := NEW.event_reason;
        NEW.event_kind := NULL;
        NEW.event_from := NULL;
        IF OLD *<> NEW THEN
            RAISE EXCEPTION 'delegation % has ended', OLD.delegation_id USING ERRCODE = 'RC202';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.finished_at IS NOT NULL OR NOT delegation_may_become(OLD.status, NEW.status)) THEN
        RAISE EXCEPTION 'delegation % is %, and cannot become %', OLD.delegation_id, OLD.status, NEW.status
              USING ERRCODE = 'RC202';
    END IF;
    IF NEW.attempt NOT IN (OLD.attempt, OLD.attempt + 1)
       OR OLD.cancel_requested_at IS DISTINCT FROM NEW.cancel_requested_at AND OLD.cancel_requested_at IS NOT NULL THEN
        RAISE EXCEPTION 'attempt and cancel request of delegation % only go forward', OLD.delegation_id
              USING ERRCODE = 'RC203';
    END IF;
    NEW.updated_at := clock_timestamp();
    IF NEW.status <> OLD.status THEN
        NEW.event_kind := 'transition';
        NEW.event_from := OLD.status;
        IF NEW.status IN ('completed', 'failed') OR NEW.finished_at IS NOT NULL THEN
            NEW.finished_at := NEW.updated_at;
            -- Waits for a beat that is being written, so that the last one is what the row keeps.
            DELETE FROM delegation_beats b WHERE b.delegation = OLD.id
            RETURNING b.beat_at, COALESCE(NEW.progress, b.progress) INTO NEW.last_heartbeat, NEW.progress;
        END IF;
    ELSIF NEW.finished_at IS NOT NULL THEN
        RAISE EXCEPTION 'delegation % ends by becoming something', OLD.delegation_id USING ERRCODE = 'RC202';
    ELSE
        NEW.event_kind := CASE WHEN OLD.cancel_requested_at IS NULL AND NEW.cancel_requested_at IS NOT NULL
                               THEN 'cancel_requested' END;
        NEW.event_from := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER delegations_guard
    BEFORE UPDATE ON delegations
    FOR EACH ROW EXECUTE FUNCTION delegations_guard();

-- A delegation begins at the beginning, and is forgotten only when it has ended.
CREATE FUNCTION delegations_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of a delegation refused: it begins queued, and is forgotten only after its end', TG_OP
          USING ERRCODE = 'RC204';
END
$$;

CREATE TRIGGER delegations_begin_queued
    BEFORE INSERT ON delegations
    FOR EACH ROW WHEN (NEW.status <> 'queued' OR NEW.attempt <> 0 OR NEW.cancel_requested_at IS NOT NULL)
    EXECUTE FUNCTION delegations_refuse();

CREATE TRIGGER delegations_end_before_they_go
    BEFORE DELETE ON delegations
    FOR EACH ROW WHEN (OLD.finished_at IS NULL)
    EXECUTE FUNCTION delegations_refuse();

CREATE TRIGGER delegations_are_not_truncated
    BEFORE TRUNCATE ON delegations
    FOR EACH STATEMENT EXECUTE FUNCTION delegations_refuse();

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE delegations ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegations FORCE ROW LEVEL SECURITY;
CREATE POLICY delegations_tenant ON delegations
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121110000__delegations.sql
