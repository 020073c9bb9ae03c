-- Undoes V20261122100100__instances.sql. Lost: which processes serve.
-- Refuses while one does; stop them first.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM instances WHERE seen_at > now() - interval '1 minute') THEN
        RAISE EXCEPTION 'rollback refused: % rows in instances would be lost',
            (SELECT count(*) FROM instances WHERE seen_at > now() - interval '1 minute');
    END IF;
END
$$;

UPDATE schema_version SET version = '20261122100000', phase = 'expanding';
DROP TRIGGER instances_outlived ON schema_version;
DROP FUNCTION instances_outlived();
DROP TABLE instances;
