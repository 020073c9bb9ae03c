-- Undoes V20261121090300__idempotency_keys.sql. Lost: the kept replies: a repeated POST with an old key would run again.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM idempotency_keys LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in idempotency_keys would be lost', (SELECT count(*) FROM idempotency_keys);
    END IF;
END
$$;

DROP TABLE idempotency_keys;

