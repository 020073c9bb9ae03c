-- What happens to workspaces is told: those that were made one by one, each changed status, of a removed tree its top with how
-- many went with it, and what a canvas draws. Of an import's rows none, and neither of what one statement changes or removes
-- in more than 100 of them, which imports alone do: ORG_IMPORTED says that all is to be read again.
-- Labels are not told, they may be 256 kB: only that they changed. Texts are cut at what a canvas can show of them.
-- Without nested loops, since plans are kept, and a session's first statement may have had a single row; and the counts are
-- sub-selects that are done once, since joined they were done anew for each of 10,000 rows: 19 s.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE FUNCTION workspaces_tell_made() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO event_outbox (org_id, event, workspace_id, at, payload)
    SELECT f.org_id, 'WORKSPACE_PROVISIONING', f.id, f.created_at,
           json_build_object('name', f.name, 'status', f.status, 'from', NULL, 'parent_id', f.parent_id, 'version', f.version,
               'updated_at', event_time(f.updated_at),
               'changes', json_build_object('name', f.name, 'role', left(f.role, 1000), 'tier', f.tier,
                   'runtime', left(f.runtime, 200), 'model', left(f.model, 200), 'x', f.x, 'y', f.y,
                   'collapsed', f.collapsed, 'parent_id', f.parent_id))
      FROM fresh f WHERE f.import_id IS NULL
     ORDER BY f.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION workspaces_tell_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off AS $$
BEGIN
    WITH RECURSIVE changed AS MATERIALIZED (
        SELECT n.id, n.org_id, n.parent_id, n.name, n.status, n.version, n.updated_at, o.status AS was,
               n.status <> o.status AS moved, n.status = 'removed' AND o.status <> 'removed' AS gone,
               n.labels <> o.labels AS labelled, c.changes
          FROM fresh n JOIN stale o ON o.id = n.id
         CROSS JOIN LATERAL (
               SELECT json_object_agg(v.name, v.value) AS changes FROM (VALUES
                   ('name', to_json(n.name), n.name <> o.name),
                   ('role', to_json(left(n.role, 1000)), n.role IS DISTINCT FROM o.role),
                   ('tier', to_json(n.tier), n.tier <> o.tier),
                   ('runtime', to_json(left(n.runtime, 200)), n.runtime IS DISTINCT FROM o.runtime),
                   ('model', to_json(left(n.model, 200)), n.model IS DISTINCT FROM o.model),
                   ('x', to_json(n.x), n.x IS DISTINCT FROM o.x),
                   ('y', to_json(n.y), n.y IS DISTINCT FROM o.y),
                   ('collapsed', to_json(n.collapsed), n.collapsed <> o.collapsed),
                   ('parent_id', to_json(n.parent_id), n.parent_id IS DISTINCT FROM o.parent_id)) AS v (name, value, differs)
                WHERE v.differs) c
         WHERE (n.status, n.name, n.role, n.tier, n.runtime, n.model, n.x, n.y, n.collapsed, n.parent_id, n.labels)
               IS DISTINCT FROM
               (o.status, o.name, o.role, o.tier, o.runtime, o.model, o.x, o.y, o.collapsed, o.parent_id, o.labels)),
    tops AS MATERIALIZED (
        SELECT c.id FROM changed c
         WHERE c.gone AND NOT EXISTS (SELECT 1 FROM changed p WHERE p.id = c.parent_id AND p.gone)),
    below (top, id) AS (
        SELECT t.id, t.id FROM tops t
        UNION ALL
        SELECT b.top, c.id FROM below b JOIN changed c ON c.parent_id = b.id AND c.gone),
    cascades AS (SELECT b.top, count(*) - 1 AS deleted FROM below b GROUP BY b.top)
    INSERT INTO event_outbox (org_id, event, workspace_id, at, payload)
    SELECT c.org_id,
           CASE WHEN c.moved AND c.status IN ('provisioning', 'online', 'offline', 'degraded', 'awaiting_agent', 'paused',
                                              'removed')
                THEN 'WORKSPACE_' || upper(c.status) ELSE 'WORKSPACE_UPDATED' END,
           c.id, c.updated_at,
           json_build_object('name', c.name, 'status', c.status, 'from', CASE WHEN c.moved THEN c.was END,
               'parent_id', c.parent_id, 'version', c.version, 'updated_at', event_time(c.updated_at),
               'changes', COALESCE(c.changes, '{}'::json), 'labels_changed', c.labelled,
               'cascade_deleted', d.deleted)
      FROM changed c LEFT JOIN cascades d ON d.top = c.id
     WHERE CASE WHEN c.gone THEN d.top IS NOT NULL AND (SELECT count(*) FROM tops) <= 100
                ELSE c.moved OR (SELECT count(*) FROM changed u WHERE NOT u.moved) <= 100 END
     ORDER BY c.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER workspaces_tell_made
    AFTER INSERT ON workspaces REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION workspaces_tell_made();

CREATE TRIGGER workspaces_tell_changed
    AFTER UPDATE ON workspaces REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION workspaces_tell_changed();

UPDATE schema_version SET version = '20261124090500', phase = 'expanding';

-- Rollback: see db/rollback/V20261124090500__workspaces_tell.sql
