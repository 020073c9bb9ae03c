-- Undoes V20261121090400__admin_token.sql. Lost: the generated admin token; the next start makes and prints a new one.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM admin_token LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in admin_token would be lost', (SELECT count(*) FROM admin_token);
    END IF;
END
$$;

DROP TABLE admin_token;

