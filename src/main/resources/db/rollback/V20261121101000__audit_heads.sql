-- Undoes V20261121101000__audit_heads.sql. Lost: what shows that the end of an audit chain was cut off.
-- Refuses while there is anything to lose; switch its triggers off and empty it first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_heads LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in audit_heads would be lost', (SELECT count(*) FROM audit_heads);
    END IF;
END
$$;

DROP TABLE audit_heads;
DROP FUNCTION audit_heads_guard();
