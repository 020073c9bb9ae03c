-- Undoes V20261121090200__audit_log.sql. Lost: the audit trail.
-- Refuses while there is anything to lose; switch its triggers off and empty it first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_log LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in audit_log would be lost', (SELECT count(*) FROM audit_log);
    END IF;
END
$$;

DROP TABLE audit_log;
DROP FUNCTION audit_log_guard();
