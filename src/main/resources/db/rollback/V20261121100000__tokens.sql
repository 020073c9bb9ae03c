-- Undoes V20261121100000__tokens.sql. Lost: every token of an organisation or workspace; their holders are locked out.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM tokens LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in tokens would be lost', (SELECT count(*) FROM tokens);
    END IF;
END
$$;

DROP TABLE tokens;
DROP FUNCTION tokens_guard();
