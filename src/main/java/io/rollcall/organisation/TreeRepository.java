package io.rollcall.organisation;

import io.rollcall.access.Caller;
import io.rollcall.http.Ids;
import io.rollcall.workspace.WorkspaceStatus;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The import's SQL: whole levels at a time, from arrays. The conflict target is literal in every statement, since a bound
 * one stops being inferred at the sixth execution; the arrays are sorted by their caller, since random order deadlocks.
 */
@ApplicationScoped
class TreeRepository {

    private static final String ATTACH_POINT = """
            WITH RECURSIVE ancestors (id, org_id, parent_id, name, distance) AS (
                SELECT w.id, w.org_id, w.parent_id, w.name, 0 FROM workspaces w
                 WHERE w.id = $1 AND w.status <> 'removed' AND ($2::uuid IS NULL OR w.org_id = $2)
                UNION ALL
                SELECT w.id, w.org_id, w.parent_id, w.name, a.distance + 1
                  FROM workspaces w JOIN ancestors a ON w.id = a.parent_id)
            SELECT min(org_id::text)::uuid AS org_id, string_agg(name, '/' ORDER BY distance DESC) AS path,
                   count(*) AS depth
              FROM ancestors HAVING count(*) > 0
            """;

    private static final String INSERT_LEVEL = """
            INSERT INTO workspaces (id, org_id, parent_id, name, role, runtime, tier, model, max_concurrent_tasks,
                                    external, url, status, x, y, labels, required_env, agents, config,
                                    template, template_parent_id, import_id)
            SELECT n.id, n.org_id, n.parent_id, n.name, n.role, n.runtime, n.tier, n.model,
                   COALESCE(n.max_concurrent_tasks, 1), COALESCE(n.external, false), n.url, n.status, n.x, n.y,
                   COALESCE(n.labels, '{}')::jsonb, COALESCE(n.required_env, '[]')::jsonb,
                   COALESCE(n.agents, '[]')::jsonb, COALESCE(n.config, '{}')::jsonb, $18, $19, $20
              FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[],
                          $8::text[], $9::int[], $10::bool[], $11::text[], $12::text[], $13::float8[], $14::float8[],
                          $15::text[], $16::text[], $17::text[], $21::text[])
                AS n (id, org_id, parent_id, name, role, runtime, tier, model, max_concurrent_tasks, external, url,
                      status, x, y, labels, required_env, agents, config)
            ON CONFLICT (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
                  WHERE status <> 'removed'
            DO NOTHING
            RETURNING id
            """;

    /** Roots and children apart: below row security only leak-proof comparisons use an index, and COALESCE is none. */
    private static final String RESELECT = """
            SELECT n.ordinal, w.id, w.org_id, w.tier
              FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS n (parent_id, name, ordinal)
              JOIN workspaces w ON w.parent_id = n.parent_id AND w.name = n.name
             WHERE w.status <> 'removed'
             UNION ALL
            SELECT n.ordinal, w.id, w.org_id, w.tier
              FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS n (parent_id, name, ordinal)
              JOIN workspaces w ON w.parent_id IS NULL AND w.name = n.name
             WHERE n.parent_id IS NULL AND w.status <> 'removed'
            """;

    /**
     * What differs from what the template states, per field; locked in the order of ids, as every update does. Fields
     * that do not differ are left out by name: jsonb_strip_nulls would also strip a {@code from} that was empty.
     */
    private static final String DIFFERENCES = """
            SELECT n.ordinal, (SELECT jsonb_object_agg(field.key, field.value) FROM jsonb_each(jsonb_build_object(
                       'role', CASE WHEN n.role IS DISTINCT FROM w.role AND n.role IS NOT NULL
                               THEN jsonb_build_object('from', w.role, 'to', n.role) END,
                       'runtime', CASE WHEN n.runtime IS DISTINCT FROM w.runtime AND n.runtime IS NOT NULL
                               THEN jsonb_build_object('from', w.runtime, 'to', n.runtime) END,
                       'tier', CASE WHEN n.tier <> w.tier
                               THEN jsonb_build_object('from', w.tier, 'to', n.tier) END,
                       'model', CASE WHEN n.model IS DISTINCT FROM w.model AND n.model IS NOT NULL
                               THEN jsonb_build_object('from', w.model, 'to', n.model) END,
                       'max_concurrent_tasks', CASE WHEN n.max_concurrent_tasks <> w.max_concurrent_tasks
                               THEN jsonb_build_object('from', w.max_concurrent_tasks, 'to', n.max_concurrent_tasks) END,
                       'external', CASE WHEN n.external <> w.external
                               THEN jsonb_build_object('from', w.external, 'to', n.external) END,
                       'url', CASE WHEN n.url IS DISTINCT FROM w.url AND n.url IS NOT NULL
                               THEN jsonb_build_object('from', w.url, 'to', n.url) END,
                       'labels', CASE WHEN n.labels::jsonb <> w.labels
                               THEN jsonb_build_object('from', w.labels, 'to', n.labels::jsonb) END,
                       'required_env', CASE WHEN n.required_env::jsonb <> w.required_env
                               THEN jsonb_build_object('from', w.required_env, 'to', n.required_env::jsonb) END,
                       'agents', CASE WHEN n.agents::jsonb <> w.agents
                               THEN jsonb_build_object('from', w.agents, 'to', n.agents::jsonb) END,
                       'config', CASE WHEN n.config::jsonb <> w.config
                               THEN jsonb_build_object('from', w.config, 'to', n.config::jsonb) END
                   )) AS field WHERE field.value <> 'null')::text AS changes
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::bool[], $8::text[],
                          $9::text[], $10::text[], $11::text[], $12::text[]) WITH ORDINALITY
                AS n (id, role, runtime, tier, model, max_concurrent_tasks, external, url,
                      labels, required_env, agents, config, ordinal)
              JOIN workspaces w ON w.id = n.id
             WHERE (n.role IS NOT NULL AND n.role IS DISTINCT FROM w.role)
                OR (n.runtime IS NOT NULL AND n.runtime IS DISTINCT FROM w.runtime)
                OR n.tier <> w.tier
                OR (n.model IS NOT NULL AND n.model IS DISTINCT FROM w.model)
                OR n.max_concurrent_tasks <> w.max_concurrent_tasks
                OR n.external <> w.external
                OR (n.url IS NOT NULL AND n.url IS DISTINCT FROM w.url)
                OR n.labels::jsonb <> w.labels
                OR n.required_env::jsonb <> w.required_env
                OR n.agents::jsonb <> w.agents
                OR n.config::jsonb <> w.config
             ORDER BY w.id
               FOR NO KEY UPDATE OF w
            """;

    private static final String UPDATE = """
            UPDATE workspaces w
               SET role = COALESCE(n.role, w.role),
                   runtime = COALESCE(n.runtime, w.runtime),
                   tier = COALESCE(n.tier, w.tier),
                   model = COALESCE(n.model, w.model),
                   max_concurrent_tasks = COALESCE(n.max_concurrent_tasks, w.max_concurrent_tasks),
                   external = COALESCE(n.external, w.external),
                   url = COALESCE(n.url, w.url),
                   labels = COALESCE(n.labels::jsonb, w.labels),
                   required_env = COALESCE(n.required_env::jsonb, w.required_env),
                   agents = COALESCE(n.agents::jsonb, w.agents),
                   config = COALESCE(n.config::jsonb, w.config),
                   version = w.version + 1,
                   updated_at = now()
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::bool[], $8::text[],
                          $9::text[], $10::text[], $11::text[], $12::text[])
                AS n (id, role, runtime, tier, model, max_concurrent_tasks, external, url,
                      labels, required_env, agents, config)
             WHERE w.id = n.id
            """;

    /**
     * What hangs below the nodes of the template without being one of them, where an import of this template made its
     * topmost node. By provenance and place, never by name alone.
     */
    private static final String ORPHANS = """
            WITH RECURSIVE below (id, org_id, parent_id, name, tier, ours, level) AS (
                SELECT w.id, w.org_id, w.parent_id, w.name, w.tier, true, 0
                  FROM unnest($1::uuid[]) AS kept (parent_key)
                  JOIN workspaces w
                    ON w.parent_id = kept.parent_key
                    OR w.parent_id IS NULL AND kept.parent_key = '00000000-0000-0000-0000-000000000000'
                 WHERE w.status <> 'removed'
                   AND w.template = $2 AND w.template_parent_id IS NOT DISTINCT FROM $3::uuid
                   AND NOT EXISTS (SELECT 1 FROM unnest($4::uuid[]) AS ours (id) WHERE ours.id = w.id)
                   AND NOT EXISTS (
                       SELECT 1 FROM unnest($5::uuid[], $6::text[]) AS unspawned (parent_key, name)
                        WHERE unspawned.parent_key = kept.parent_key AND unspawned.name = w.name)
                UNION ALL
                SELECT w.id, w.org_id, w.parent_id, w.name, w.tier,
                       w.template IS NOT DISTINCT FROM $2 AND w.template_parent_id IS NOT DISTINCT FROM $3::uuid,
                       b.level + 1
                  FROM workspaces w JOIN below b ON w.org_id = b.org_id AND w.parent_id = b.id
                 WHERE w.status <> 'removed')
            SELECT id, parent_id, name, tier, ours FROM below ORDER BY level, id
            """;

    Uni<@Nullable AttachPoint> attachPoint(SqlConnection connection, Caller caller, UUID id) {
        Tuple values = Tuple.of(id, caller.organisation());
        return connection.preparedQuery(ATTACH_POINT).execute(values).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new AttachPoint(id, row.getUUID("org_id"), row.getString("path"), row.getInteger("depth"));
        });
    }

    /** @return the ids of the rows that were written; the others' keys exist */
    Uni<Set<UUID>> insert(SqlConnection connection, ImportPlan plan, List<Node> sorted, ImportRequest request) {
        Tuple values = Tuple.tuple()
                .addArrayOfUUID(column(sorted, UUID[]::new, node -> node.id))
                .addArrayOfUUID(column(sorted, UUID[]::new, node -> node.orgId))
                .addArrayOfUUID(column(sorted, UUID[]::new, plan::parentId))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.name()))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.role()))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.runtime()))
                .addArrayOfInteger(column(sorted, Integer[]::new, node -> node.tier))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.model()))
                .addArrayOfInteger(column(sorted, Integer[]::new, node -> node.template.maxConcurrentTasks()))
                .addArrayOfBoolean(column(sorted, Boolean[]::new, node -> node.template.external()))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.url()))
                .addArrayOfString(column(sorted, String[]::new, TreeRepository::initialStatus))
                .addArrayOfDouble(column(sorted, Double[]::new, node -> node.template.x()))
                .addArrayOfDouble(column(sorted, Double[]::new, node -> node.template.y()))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.labels()))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.requiredEnv()))
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.agents()))
                .addString(request.template().name())
                .addUUID(request.parentId())
                .addUUID(request.id())
                .addArrayOfString(column(sorted, String[]::new, node -> node.template.config()));
        return connection.preparedQuery(INSERT_LEVEL).execute(values).map(rows -> {
            Set<UUID> written = new HashSet<>(rows.size() * 2);
            rows.forEach(row -> written.add(row.getUUID(0)));
            return written;
        });
    }

    /**
     * Looks up the nodes' keys and fills in id and tier of those that exist.
     *
     * @return the nodes that do not
     */
    Uni<List<Node>> resolve(SqlConnection connection, ImportPlan plan, List<Node> nodes) {
        Tuple keys = Tuple.tuple()
                .addArrayOfUUID(column(nodes, UUID[]::new, plan::parentId))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.name()));
        return connection.preparedQuery(RESELECT).execute(keys).map(rows -> {
            boolean[] found = new boolean[nodes.size()];
            rows.forEach(row -> {
                int index = row.getInteger("ordinal") - 1;
                found[index] = true;
                nodes.get(index).resolve(row.getUUID("id"), row.getUUID("org_id"), row.getInteger("tier"));
            });
            return nodes.stream().filter(node -> !node.exists()).toList();
        });
    }

    /** Marks the nodes whose rows differ from what the template states as updated, with their changes. */
    Uni<Void> compare(SqlConnection connection, List<Node> existing) {
        return connection
                .preparedQuery(DIFFERENCES)
                .execute(stated(existing))
                .invoke(rows -> rows.forEach(row -> {
                    Node node = existing.get(row.getInteger("ordinal") - 1);
                    node.action = Action.UPDATED;
                    node.changes = row.getString("changes");
                }))
                .replaceWithVoid();
    }

    Uni<Void> update(SqlConnection connection, List<Node> changed) {
        return connection.preparedQuery(UPDATE).execute(stated(changed)).replaceWithVoid();
    }

    /** @param paths the path of each kept node by its id, from which the orphans' are built */
    Uni<List<Orphan>> orphans(
            SqlConnection connection, ImportPlan plan, ImportRequest request, Function<UUID, String> paths) {
        List<Node> kept = plan.nodes.stream().filter(Node::exists).toList();
        List<Node> unspawned = plan.nodes.stream()
                .filter(node -> !node.spawned && isTopmost(node))
                .toList();
        UUID[] ids = column(kept, UUID[]::new, node -> node.id);
        UUID[] parents = Arrays.copyOf(ids, ids.length + 1);
        parents[ids.length] = request.parentKey();
        Tuple values = Tuple.tuple()
                .addArrayOfUUID(parents)
                .addString(request.template().name())
                .addUUID(request.parentId())
                .addArrayOfUUID(plan.nodes.stream()
                        .filter(n -> n.spawned)
                        .map(n -> n.id)
                        .toArray(UUID[]::new))
                .addArrayOfUUID(column(unspawned, UUID[]::new, node -> orZero(plan.parentId(node))))
                .addArrayOfString(column(unspawned, String[]::new, node -> node.template.name()));
        return connection.preparedQuery(ORPHANS).execute(values).map(rows -> {
            var found = new ArrayList<Orphan>(rows.size());
            var known = new HashMap<UUID, String>();
            rows.forEach(row -> {
                UUID parent = row.getUUID("parent_id");
                String above = parent == null ? "" : known.getOrDefault(parent, paths.apply(parent));
                String path = above.isEmpty() ? row.getString("name") : above + "/" + row.getString("name");
                known.put(row.getUUID("id"), path);
                found.add(new Orphan(
                        row.getUUID("id"),
                        parent,
                        row.getString("name"),
                        path,
                        row.getInteger("tier"),
                        row.getBoolean("ours")));
            });
            return found;
        });
    }

    private static Tuple stated(List<Node> nodes) {
        return Tuple.tuple()
                .addArrayOfUUID(column(nodes, UUID[]::new, node -> node.id))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.role()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.runtime()))
                .addArrayOfInteger(column(nodes, Integer[]::new, node -> node.template.tier()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.model()))
                .addArrayOfInteger(column(nodes, Integer[]::new, node -> node.template.maxConcurrentTasks()))
                .addArrayOfBoolean(column(nodes, Boolean[]::new, node -> node.template.external()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.url()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.labels()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.requiredEnv()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.agents()))
                .addArrayOfString(column(nodes, String[]::new, node -> node.template.config()));
    }

    private static boolean isTopmost(Node unspawned) {
        return unspawned.parent == null || unspawned.parent.spawned;
    }

    private static String initialStatus(Node node) {
        return WorkspaceStatus.initial(Boolean.TRUE.equals(node.template.external()))
                .word();
    }

    private static UUID orZero(@Nullable UUID id) {
        return id == null ? Ids.ZERO : id;
    }

    private static <T> T[] column(List<Node> nodes, IntFunction<T[]> array, Function<Node, @Nullable T> value) {
        T[] column = array.apply(nodes.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(nodes.get(i));
        }
        return column;
    }
}
