package io.rollcall.adoption;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * molecule-core's tree of workspaces and its ledger of delegations. Ids stay; each root with all below it becomes an
 * organisation. Its other tables, and the columns for which ours have no place, stay where they are set aside.
 */
final class MoleculeCore implements ForeignSystem {

    private static final String NAME = "molecule-core";
    private static final String SCHEMA = "molecule_core";
    private static final String INDEX = "workspaces_parent_name_uniq";
    private static final String TREE = Journal.SCHEMA + ".molecule_core_tree";

    private static final String UNIQUE = "CREATE UNIQUE INDEX " + INDEX + " ON public.workspaces USING btree"
            + " (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name) WHERE ";

    /** From the roots down; what is not below a root is not in it. */
    private static final String PLACES = """
            WITH RECURSIVE tree (id, org_id, depth) AS (
                SELECT id, id, 0 FROM %1$s.workspaces WHERE parent_id IS NULL
                UNION ALL
                SELECT w.id, t.org_id, t.depth + 1 FROM %1$s.workspaces w JOIN tree t ON w.parent_id = t.id)
            """;

    /** The rule of our own sweep: who is not heard is not online. */
    private static final String STATUS = """
            CASE COALESCE(w.status::text, 'provisioning') WHEN 'online' THEN 'offline' WHEN 'degraded' THEN 'offline'
                 ELSE COALESCE(w.status::text, 'provisioning') END""";

    private static final String LABELS = """
            jsonb_strip_nulls(jsonb_build_object(
                'molecule-core.template', nullif(%1$s ->> 'template', ''),
                'molecule-core.source_bundle_id', nullif(%1$s ->> 'source_bundle_id', ''),
                'molecule-core.kind', nullif(%1$s ->> 'kind', 'workspace')))""";

    /** The statuses that our own tables know. */
    static final String STATUSES_OF_WORKSPACES =
            "'provisioning', 'online', 'degraded', 'offline', 'awaiting_agent', 'paused',"
                    + " 'hibernating', 'hibernated', 'failed', 'removed'";

    static final String STATUSES_OF_DELEGATIONS =
            "'queued', 'dispatched', 'in_progress', 'completed', 'failed', 'stuck'";

    /** What our ledger takes; of whom it was and to whom is known from the tree. */
    private static final String FITS = """
            d.caller_id <> d.callee_id AND c.org_id = e.org_id AND d.deadline > d.created_at AND d.retry_count >= 0
            AND char_length(d.delegation_id) BETWEEN 1 AND 200 AND char_length(COALESCE(d.idempotency_key, '')) <= 255
            AND d.status::text IN (%s) AND d.task_preview IS NOT NULL AND d.updated_at IS NOT NULL
            """.formatted(STATUSES_OF_DELEGATIONS);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String schema() {
        return SCHEMA;
    }

    @Override
    public boolean isIn(Database database, String schema) throws SQLException {
        return database.hasColumns(schema, "workspaces", "id", "name", "parent_id", "status", "tier", "url")
                && !database.hasColumns(schema, "workspaces", "org_id")
                && database.hasColumns(
                        schema, "delegations", "delegation_id", "caller_id", "callee_id", "task_preview", "deadline");
    }

    @Override
    public List<String> tables(Database database, String schema) throws SQLException {
        var tables = new ArrayList<>(List.of("workspaces", "delegations"));
        if (database.hasTable(schema, "canvas_layouts")) {
            tables.add("canvas_layouts");
        }
        return tables;
    }

    @Override
    public List<Check> checks(Database database, String schema) {
        return List.of(
                OwnChecks.twice(schema, "workspaces"),
                new Check(
                        "live_below_removed",
                        "workspaces",
                        "is not removed, and its parent is: remove it too, or move it",
                        true,
                        """
                        SELECT w.id::text, 1 FROM %1$s.workspaces w JOIN %1$s.workspaces p ON p.id = w.parent_id
                         WHERE w.status IS DISTINCT FROM 'removed' AND p.status = 'removed'
                        """.formatted(schema)),
                new Check(
                        "not_below_a_root",
                        "workspaces",
                        "is its own ancestor, or below one that is: give one of the circle another parent",
                        true,
                        PLACES.formatted(schema) + """
                        SELECT w.id::text, 1 FROM %s.workspaces w WHERE w.id NOT IN (SELECT t.id FROM tree t)
                        """.formatted(schema)),
                new Check(
                        "values",
                        "workspaces",
                        "the name has no, or more than 600, characters, the status is none of ours, or the tier or the most"
                                + " tasks at once is too low",
                        true,
                        """
                        SELECT w.id::text, 1 FROM %s.workspaces w
                         WHERE (char_length(w.name) BETWEEN 1 AND 600) IS NOT TRUE OR w.tier < 0
                            OR (to_jsonb(w) ->> 'max_concurrent_tasks')::int < 1 OR %s NOT IN (%s)
                        """.formatted(schema, STATUS, STATUSES_OF_WORKSPACES)),
                new Check(
                        "idempotency_key",
                        "delegations",
                        "a caller used a key twice: give all but one another",
                        true,
                        """
                        SELECT caller_id || '/' || idempotency_key, count(*) FROM %s.delegations
                         WHERE idempotency_key IS NOT NULL GROUP BY caller_id, idempotency_key HAVING count(*) > 1
                        """.formatted(schema)),
                new Check(
                        "not_of_our_ledger",
                        "delegations",
                        "caller or callee is gone, or they are one, or of two organisations, or what it says is beyond what"
                                + " our columns take",
                        false,
                        PLACES.formatted(schema) + """
                        SELECT d.delegation_id, 1 FROM %s.delegations d
                          LEFT JOIN tree c ON c.id = d.caller_id LEFT JOIN tree e ON e.id = d.callee_id
                         WHERE (%s) IS NOT TRUE
                        """.formatted(schema, FITS)));
    }

    @Override
    public List<Step> repairs() {
        return List.of(new Step("index " + INDEX, this::index));
    }

    /** The definition has the status as their type says it, which is an enum or text. */
    private void index(Progress progress) throws SQLException {
        String type = progress.database()
                .texts("SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                        + " WHERE attrelid = 'public.workspaces'::regclass AND attname = 'status'")
                .get(0);
        new UniqueIndex(INDEX, "workspaces", UNIQUE + "(status <> 'removed'::" + type + ")").build(progress);
    }

    @Override
    public List<Step> copies() {
        return List.of(
                new Step("tree", MoleculeCore::plan),
                new BatchCopy(
                                "workspaces",
                                "SELECT t.depth, t.id, t.org_id, w.parent_id, w.name, w.role, w.tier, w.url, w.created_at,"
                                        + " w.updated_at, to_jsonb(w) AS row, " + STATUS + " AS status, l.place FROM "
                                        + TREE + " t JOIN " + SCHEMA + ".workspaces w ON w.id = t.id"
                                        + " LEFT JOIN " + TREE + "_places l ON l.id = t.id",
                                "true",
                                List.of(
                                        new BatchCopy.Key("t.depth", "depth", "int"),
                                        new BatchCopy.Key("t.id", "id", "uuid")),
                                """
                                copied AS (
                                    INSERT INTO public.workspaces (id, org_id, parent_id, name, role, runtime, tier,
                                           max_concurrent_tasks, url, status, x, y, collapsed, labels, created_at, updated_at,
                                           removed_at)
                                    SELECT p.id, p.org_id, p.parent_id, p.name, p.role, p.row ->> 'runtime',
                                           COALESCE(p.tier, 1), COALESCE((p.row ->> 'max_concurrent_tasks')::int, 1), p.url,
                                           p.status, (p.place ->> 'x')::float8, (p.place ->> 'y')::float8,
                                           COALESCE((p.place ->> 'collapsed')::boolean, false),
                                           %s,
                                           COALESCE(p.created_at, p.updated_at, now()),
                                           COALESCE(p.updated_at, p.created_at, now()),
                                           CASE WHEN p.status = 'removed'
                                                THEN COALESCE(p.updated_at, p.created_at, now()) END
                                      FROM part p ORDER BY p.depth, p.id
                                    ON CONFLICT (id) DO NOTHING RETURNING 1)
                                """.formatted(LABELS.formatted("p.row")),
                                List.of())
                        .step(),
                new BatchCopy(
                                "delegations",
                                "SELECT d.delegation_id, c.org_id, d.caller_id, d.callee_id, d.task_preview, d.status,"
                                        + " d.last_heartbeat, d.deadline, d.result_preview, d.error_detail, d.retry_count,"
                                        + " d.created_at, d.updated_at, d.idempotency_key FROM " + SCHEMA
                                        + ".delegations d JOIN " + TREE + " c ON c.id = d.caller_id JOIN " + TREE
                                        + " e ON e.id = d.callee_id",
                                FITS,
                                List.of(new BatchCopy.Key("d.delegation_id", "delegation_id", "text")),
                                LEDGER,
                                // Theirs have begun long ago, and most have ended: no new message for each.
                                List.of(
                                        "ALTER TABLE public.delegations DISABLE TRIGGER USER",
                                        "ALTER TABLE public.delegations ENABLE TRIGGER USER"))
                        .step());
    }

    private static final String LEDGER =
            """
            fresh AS (
                INSERT INTO public.delegations (org_id, delegation_id, caller_id, callee_id, task_preview, status, outcome,
                       retry_count, root_delegation_id, last_heartbeat, deadline, result_preview, error_detail,
                       idempotency_key, payload_sha256, created_at, updated_at, finished_at, event_kind, event_actor,
                       event_reason)
                SELECT p.org_id, p.delegation_id, p.caller_id, p.callee_id, %1$s, p.status,
                       CASE p.status WHEN 'failed' THEN 'error' WHEN 'stuck' THEN 'lost' END, p.retry_count, p.delegation_id,
                       CASE WHEN p.status IN ('completed', 'failed') THEN p.last_heartbeat END, p.deadline, %2$s, %3$s,
                       nullif(p.idempotency_key, ''), sha256(convert_to(p.task_preview, 'UTF8')), p.created_at, p.updated_at,
                       CASE WHEN p.status IN ('completed', 'failed') THEN p.updated_at END, 'transition', '%4$s', 'adopted'
                  FROM part p ORDER BY p.created_at, p.delegation_id
                ON CONFLICT (delegation_id, org_id) DO NOTHING
                RETURNING id, org_id, delegation_id, status, updated_at, finished_at),
            tasks AS (
                INSERT INTO public.delegation_payloads (delegation, kind, org_id, body)
                SELECT f.id, 'task', f.org_id, p.task_preview
                  FROM fresh f JOIN part p ON p.delegation_id = f.delegation_id),
            beats AS (
                INSERT INTO public.delegation_beats (delegation, org_id, beat_at)
                SELECT f.id, f.org_id, p.last_heartbeat
                  FROM fresh f JOIN part p ON p.delegation_id = f.delegation_id WHERE f.finished_at IS NULL),
            copied AS (
                INSERT INTO public.delegation_events (delegation, org_id, kind, to_status, actor, attempt, reason, at)
                SELECT f.id, f.org_id, 'transition', f.status, '%4$s', 0, 'adopted', f.updated_at FROM fresh f
                 ORDER BY f.id
                RETURNING 1)
            """.formatted(preview("p.task_preview"), preview("p.result_preview"), preview("p.error_detail"), NAME);

    /** Whose organisation each is of, how deep, and where it is on the canvas: of nobody's use but the copy's. */
    private static void plan(Progress progress) throws SQLException {
        Database database = progress.database();
        if (progress.journal().isDone("tree")) {
            return;
        }
        String places = database.hasColumns(SCHEMA, "canvas_layouts", "workspace_id", "x", "y")
                ? "SELECT l.workspace_id, to_jsonb(l) FROM " + SCHEMA + ".canvas_layouts l"
                : "SELECT NULL::uuid, NULL::jsonb WHERE false";
        database.together(() -> {
            database.execute("DROP TABLE IF EXISTS " + TREE + ", " + TREE + "_places;"
                    + "CREATE TABLE " + TREE + " (id uuid PRIMARY KEY, org_id uuid NOT NULL, depth int NOT NULL);"
                    + "CREATE TABLE " + TREE + "_places (id uuid PRIMARY KEY, place jsonb);"
                    + "INSERT INTO " + TREE + " (id, org_id, depth) " + PLACES.formatted(SCHEMA)
                    + " SELECT id, org_id, depth FROM tree; CREATE UNIQUE INDEX ON " + TREE + " (depth, id);"
                    + "INSERT INTO " + TREE + "_places (id, place) " + places + ";"
                    + "ANALYZE " + TREE + ", " + TREE + "_places");
            progress.journal().write("tree", null, 0, true);
            return true;
        });
    }

    /** All that is copied. Where they had no time, ours is the copy's, which nothing can be compared with. */
    @Override
    public List<Proof> proofs(Database database) {
        return List.of(
                new Proof(
                        "workspaces",
                        """
                        SELECT jsonb_build_array(w.id, t.org_id, w.parent_id, w.name, w.role, COALESCE(w.tier, 1), w.url, %s,
                                                 r.row ->> 'runtime', COALESCE((r.row ->> 'max_concurrent_tasks')::int, 1),
                                                 %s, (l.place ->> 'x')::float8, (l.place ->> 'y')::float8,
                                                 COALESCE((l.place ->> 'collapsed')::boolean, false),
                                                 COALESCE(w.created_at, w.updated_at), COALESCE(w.updated_at, w.created_at),
                                                 CASE WHEN w.status::text = 'removed'
                                                      THEN COALESCE(w.updated_at, w.created_at) END)::text
                          FROM %s.workspaces w
                          CROSS JOIN LATERAL (SELECT to_jsonb(w) AS row) r
                          LEFT JOIN %s t ON t.id = w.id LEFT JOIN %s_places l ON l.id = w.id
                        """.formatted(STATUS, LABELS.formatted("r.row"), SCHEMA, TREE, TREE),
                        """
                        SELECT jsonb_build_array(o.id, o.org_id, o.parent_id, o.name, o.role, o.tier, o.url, o.status, o.runtime,
                                                 o.max_concurrent_tasks, o.labels, o.x, o.y, o.collapsed,
                                                 CASE WHEN w.timeless THEN NULL ELSE o.created_at END,
                                                 CASE WHEN w.timeless THEN NULL ELSE o.updated_at END,
                                                 CASE WHEN w.timeless THEN NULL ELSE o.removed_at END)::text
                          FROM public.workspaces o
                          LEFT JOIN (SELECT id, created_at IS NULL AND updated_at IS NULL AS timeless
                                       FROM %s.workspaces) w ON w.id = o.id
                        """.formatted(SCHEMA)),
                new Proof(
                        "delegations",
                        """
                        SELECT jsonb_build_array(d.delegation_id, c.org_id, d.caller_id, d.callee_id, d.status, d.task_preview,
                                                 %s, d.last_heartbeat, d.deadline, d.created_at, d.updated_at,
                                                 CASE d.status::text WHEN 'failed' THEN 'error' WHEN 'stuck' THEN 'lost' END,
                                                 d.retry_count, d.delegation_id, %s, %s, nullif(d.idempotency_key, ''),
                                                 CASE WHEN d.status::text IN ('completed', 'failed') THEN d.updated_at END)::text
                          FROM %s.delegations d JOIN %s c ON c.id = d.caller_id JOIN %s e ON e.id = d.callee_id
                         WHERE %s
                        """.formatted(
                                        preview("d.task_preview"),
                                        preview("d.result_preview"),
                                        preview("d.error_detail"),
                                        SCHEMA,
                                        TREE,
                                        TREE,
                                        FITS),
                        """
                        SELECT jsonb_build_array(o.delegation_id, o.org_id, o.caller_id, o.callee_id, o.status, p.body,
                                                 o.task_preview, COALESCE(o.last_heartbeat, b.beat_at), o.deadline,
                                                 o.created_at, o.updated_at, o.outcome, o.retry_count, o.root_delegation_id,
                                                 o.result_preview, o.error_detail, o.idempotency_key, o.finished_at)::text
                          FROM public.delegations o
                          JOIN public.delegation_payloads p ON p.delegation = o.id AND p.kind = 'task'
                          LEFT JOIN public.delegation_beats b ON b.delegation = o.id
                        """));
    }

    /** 4,096 octets, as ours; they cut theirs there too, by whole characters or not at all. */
    private static String preview(String column) {
        return "CASE WHEN octet_length(%1$s) <= 4096 THEN %1$s ELSE left(%1$s, 1024) END".formatted(column);
    }
}
