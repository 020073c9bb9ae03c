-- The tree. A workspace is a node; a root is an organisation, and every row carries its root's id as org_id.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE workspaces (
    id                   uuid PRIMARY KEY,
    org_id               uuid NOT NULL,
    parent_id            uuid,
    name                 text NOT NULL CONSTRAINT workspaces_name_length CHECK (char_length(name) BETWEEN 1 AND 600),
    role                 text,
    runtime              text,
    tier                 integer NOT NULL DEFAULT 1 CONSTRAINT workspaces_tier CHECK (tier >= 0),
    model                text,
    max_concurrent_tasks integer NOT NULL DEFAULT 1 CONSTRAINT workspaces_max_concurrent_tasks CHECK (max_concurrent_tasks >= 1),
    external             boolean NOT NULL DEFAULT false,
    url                  text,
    status               text NOT NULL DEFAULT 'provisioning' CONSTRAINT workspaces_status CHECK (status IN (
                             'provisioning', 'online', 'degraded', 'offline', 'awaiting_agent',
                             'paused', 'hibernating', 'hibernated', 'failed', 'removed')),
    x                    double precision,
    y                    double precision,
    collapsed            boolean NOT NULL DEFAULT false,
    labels               jsonb NOT NULL DEFAULT '{}',
    required_env         jsonb NOT NULL DEFAULT '[]',
    agents               jsonb NOT NULL DEFAULT '[]',
    config               jsonb NOT NULL DEFAULT '{}',
    -- Which import made this row, of which template, attached where. Null once a person has renamed or moved it.
    template             text,
    template_parent_id   uuid,
    import_id            uuid,
    version              bigint NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    removed_at           timestamptz,
    live                 boolean NOT NULL GENERATED ALWAYS AS (status <> 'removed') STORED,
    parent_live          boolean GENERATED ALWAYS AS (
                             CASE WHEN status <> 'removed' AND parent_id IS NOT NULL THEN true END) STORED,

    CONSTRAINT workspaces_root_is_its_organisation CHECK ((parent_id IS NULL) = (org_id = id)),
    CONSTRAINT workspaces_not_its_own_parent CHECK (parent_id <> id),
    CONSTRAINT workspaces_removed_at CHECK ((status = 'removed') = (removed_at IS NOT NULL)),
    CONSTRAINT workspaces_id_org_live_key UNIQUE (id, org_id, live),
    -- A live row has a live parent of the same organisation: tombstoning a parent under a child that is being inserted
    -- fails here, whoever comes second, and so does pointing into another organisation.
    CONSTRAINT workspaces_parent_fk FOREIGN KEY (parent_id, org_id, parent_live) REFERENCES workspaces (id, org_id, live)
);

-- The arbiter of every import. Roots collide with each other (hence the zero UUID); a tombstone does not block its name.
CREATE UNIQUE INDEX workspaces_parent_name_uniq
    ON workspaces (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
    WHERE status <> 'removed';

-- Children by name; also the foreign key's index. Below a policy PostgreSQL uses an index for leak-proof comparisons alone,
-- and counts COALESCE as leaky: by workspaces_parent_name_uniq a re-select would read every row of a name.
-- Every plain index begins with an id. The foreign key's check is planned once a session, maybe while the table has a
-- single page, when all indexes look alike: by one on org_id it would then read the whole tree for each row of an import.
CREATE INDEX workspaces_children ON workspaces (parent_id, name);

-- An organisation's list, in its order. It begins with org_id all the same: its predicate, which every row fulfils, keeps
-- the foreign key's check away from it.
CREATE INDEX workspaces_of_organisation ON workspaces (org_id, id) WHERE live IS NOT NULL;

-- What no constraint can say: a tombstone stays one, a row never changes its organisation, the tree stays a tree.
-- Two moves at once are taken in turn by the organisation's lock, and the second one looks again.
-- After the row's update, not before: with a BEFORE trigger PostgreSQL counts every generated column as updated, locks
-- each updated row as if its key were, and two moves deadlock on each other's foreign key check.
CREATE FUNCTION workspaces_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'removed' AND NEW.status <> 'removed' THEN
        RAISE EXCEPTION 'workspace % is removed and stays so', OLD.id USING ERRCODE = 'RC001';
    END IF;
    IF OLD.org_id <> NEW.org_id THEN
        RAISE EXCEPTION 'workspace % cannot change its organisation', OLD.id USING ERRCODE = 'RC002';
    END IF;
    IF NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('rollcall tree ' || OLD.org_id, 0));
        IF EXISTS (
            WITH RECURSIVE ancestors (id, parent_id) AS (
                SELECT w.id, w.parent_id FROM workspaces w WHERE w.id = NEW.parent_id
                UNION
                SELECT w.id, w.parent_id FROM workspaces w JOIN ancestors a ON w.id = a.parent_id
            )
            SELECT 1 FROM ancestors WHERE id = NEW.id
        ) THEN
            RAISE EXCEPTION 'workspace % would become its own ancestor', OLD.id USING ERRCODE = 'RC003';
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER workspaces_guard
    AFTER UPDATE ON workspaces
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id
                       OR OLD.org_id <> NEW.org_id
                       OR OLD.status = 'removed' AND NEW.status <> 'removed')
    EXECUTE FUNCTION workspaces_guard();

-- Rows that one statement inserts may name each other as parents: every foreign key holds, and no root is above them.
-- Without nested loops, since the plan is kept from the first statement, which may have had a single row.
CREATE FUNCTION workspaces_guard_inserted() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh child JOIN fresh parent ON parent.id = child.parent_id) AND EXISTS (
        WITH RECURSIVE hung (id) AS (
            SELECT f.id FROM fresh f
             WHERE f.parent_id IS NULL OR NOT EXISTS (SELECT 1 FROM fresh p WHERE p.id = f.parent_id)
            UNION ALL
            SELECT f.id FROM fresh f JOIN hung h ON f.parent_id = h.id
        )
        SELECT 1 FROM fresh f WHERE NOT EXISTS (SELECT 1 FROM hung h WHERE h.id = f.id)
    ) THEN
        RAISE EXCEPTION 'new workspaces would be their own ancestors' USING ERRCODE = 'RC003';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER workspaces_guard_inserted
    AFTER INSERT ON workspaces REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION workspaces_guard_inserted();

-- Who sees which rows: the second wall behind the statements' own predicates (RLS). A transaction says for whom it works in
-- rollcall.tenant: an organisation's id, or * for the platform's admin and the service's own jobs. Unset or empty: no row.
-- Forced, since with a single database URL the service owns its tables. Read once a statement, hence the sub-selects; '*'
-- is taken out before the cast, since nothing promises that the first half of an OR is evaluated first.
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
CREATE POLICY workspaces_tenant ON workspaces
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261121090000__workspaces.sql
