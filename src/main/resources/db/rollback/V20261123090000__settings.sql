-- Undoes V20261123090000__settings.sql. Lost: the settings of all workspaces.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM settings LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in settings would be lost', (SELECT count(*) FROM settings);
    END IF;
END
$$;

DROP TABLE settings;
DROP FUNCTION json_merge_patch(jsonb, jsonb);
UPDATE schema_version SET version = '20261122200000', phase = 'expanding';
