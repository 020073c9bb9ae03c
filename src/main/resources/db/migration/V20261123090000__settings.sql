-- The settings of a workspace: JSON documents by key, each changed whole or by a merge patch. No foreign key here and in
-- agent_metrics: V20261123090200__settings_and_metrics_forgotten.sql.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

-- RFC 7396. Only what the patch names is looked at; what it says null of goes, also where there was nothing.
CREATE FUNCTION json_merge_patch(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    base    jsonb := CASE WHEN jsonb_typeof(target) = 'object' THEN target ELSE '{}' END;
    removed text[];
    merged  jsonb;
BEGIN
    IF jsonb_typeof(patch) IS DISTINCT FROM 'object' THEN
        RETURN patch;
    END IF;
    SELECT COALESCE(array_agg(p.key) FILTER (WHERE jsonb_typeof(p.value) = 'null'), '{}'),
           COALESCE(jsonb_object_agg(p.key, json_merge_patch(base -> p.key, p.value))
                        FILTER (WHERE jsonb_typeof(p.value) <> 'null'), '{}')
      INTO removed, merged
      FROM jsonb_each(patch) p;
    RETURN (base - removed) || merged;
END
$$;

-- The size is that of the text which is answered. The service's own limit is lower: rollcall.settings.max-bytes.
CREATE TABLE settings (
    workspace_id uuid NOT NULL,
    id           text COLLATE "C" NOT NULL
                     CONSTRAINT settings_id_length CHECK (char_length(id) BETWEEN 1 AND 200),
    org_id       uuid NOT NULL,
    data         jsonb NOT NULL CONSTRAINT settings_data_size CHECK (octet_length(data::text) <= 1048576),
    version      bigint NOT NULL DEFAULT 1 CONSTRAINT settings_version CHECK (version > 0),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE settings FORCE ROW LEVEL SECURITY;
CREATE POLICY settings_tenant ON settings
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

UPDATE schema_version SET version = '20261123090000', phase = 'expanding';

-- Rollback: see db/rollback/V20261123090000__settings.sql
