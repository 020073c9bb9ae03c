-- Undoes V20261121090500__canvas_viewports.sql. Lost: where each canvas was left.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM canvas_viewports LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in canvas_viewports would be lost', (SELECT count(*) FROM canvas_viewports);
    END IF;
END
$$;

DROP TABLE canvas_viewports;

