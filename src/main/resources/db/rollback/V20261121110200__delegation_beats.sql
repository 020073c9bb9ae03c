-- Undoes V20261121110200__delegation_beats.sql. Lost: when each delegation in flight was last heard of.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM delegation_beats LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in delegation_beats would be lost', (SELECT count(*) FROM delegation_beats);
    END IF;
END
$$;

DROP TABLE delegation_beats;
