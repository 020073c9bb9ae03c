-- From PostgreSQL 18 on RETURNING knows an OLD and a NEW of its own, so that a trigger's NEW in it is ambiguous (42702): no
-- delegation could end there.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE OR REPLACE FUNCTION delegations_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beaten delegations.progress%TYPE;
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
            RETURNING b.beat_at, b.progress INTO NEW.last_heartbeat, beaten;
            NEW.progress := COALESCE(NEW.progress, beaten);
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

UPDATE schema_version SET version = '20261122200000', phase = 'expanding';

-- Rollback: see db/rollback/V20261122200000__delegations_end_on_postgresql_18.sql
