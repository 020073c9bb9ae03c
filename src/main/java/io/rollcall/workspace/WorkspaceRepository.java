package io.rollcall.workspace;

import io.rollcall.access.Caller;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of single workspaces and of the list. The import has its own, set-based. */
@ApplicationScoped
class WorkspaceRepository {

    private static final int FETCHED_AT_ONCE = 500;

    /**
     * Children are counted by a probe of {@code workspaces_children} for each row, and what is not to be counted is filtered
     * after it: as a condition it would let the planner take a whole partial index for each row, or join, and run the one side
     * again for each row of the other, where statistics are of before the import. 10,000 rows took 11 s so.
     */
    private static final String COLUMNS = """
            w.id, w.org_id, w.parent_id, w.name, w.role, w.runtime, w.tier, w.model, w.max_concurrent_tasks,
            w.external, w.url, w.status, w.x, w.y, w.collapsed,
            (SELECT count(*) FILTER (WHERE c.org_id = w.org_id AND c.status <> 'removed')
               FROM workspaces c WHERE c.parent_id = w.id) AS children_count,
            w.labels::text AS labels, w.required_env::text AS required_env, w.agents::text AS agents,
            w.template, w.created_at, w.updated_at, w.removed_at, w.version
            """;

    private static final String LIST = "SELECT " + COLUMNS + """
             FROM workspaces w
            WHERE ($1::uuid IS NULL OR w.parent_id = $1)
              AND ($2 OR w.status <> 'removed')
            """;

    static final String LIST_ALL = LIST + " ORDER BY w.id";

    static final String LIST_ROOTS =
            LIST + " AND w.parent_id IS NULL AND ($3::uuid IS NULL OR w.org_id = $3) ORDER BY w.id";

    /** {@code live IS NOT NULL} always holds; it is what {@code workspaces_of_organisation} asks for. */
    static final String LIST_OF_ORGANISATION = LIST + " AND w.org_id = $3 AND w.live IS NOT NULL ORDER BY w.id";

    private static final String FIND = "SELECT " + COLUMNS + """
            , w.config::text AS config FROM workspaces w
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
            """;

    private static final String LOCK = FIND + " FOR NO KEY UPDATE OF w";

    private static final String CHILDREN = """
            SELECT id, name FROM workspaces
             WHERE org_id = $1 AND parent_id = $2 AND status <> 'removed'
             ORDER BY name LIMIT 100
            """;

    /** The first free name of the candidates; a twin that takes it meanwhile makes this return no row. */
    private static final String INSERT = """
            INSERT INTO workspaces (id, org_id, parent_id, name, role, runtime, tier, model, max_concurrent_tasks,
                                    external, url, status, x, y, labels)
            SELECT $1, $2, $3::uuid, candidate.name, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::text::jsonb
              FROM unnest($4::text[]) WITH ORDINALITY AS candidate (name, ordinal)
             WHERE NOT EXISTS (
                   SELECT 1 FROM workspaces w
                    WHERE (w.parent_id = $3 AND w.name = candidate.name
                           OR $3::uuid IS NULL AND w.parent_id IS NULL AND w.name = candidate.name)
                      AND w.status <> 'removed')
             ORDER BY candidate.ordinal LIMIT 1
            ON CONFLICT (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name)
                  WHERE status <> 'removed'
            DO NOTHING
            RETURNING id
            """;

    /** A row that a person renames or moves is theirs: it loses the mark of its template. */
    private static final String UPDATE = """
            UPDATE workspaces
               SET name = COALESCE($2, name),
                   role = COALESCE($3, role),
                   tier = COALESCE($4, tier),
                   x = COALESCE($5, x),
                   y = COALESCE($6, y),
                   collapsed = COALESCE($7, collapsed),
                   parent_id = COALESCE($8, parent_id),
                   template = CASE WHEN $9 THEN NULL ELSE template END,
                   template_parent_id = CASE WHEN $9 THEN NULL ELSE template_parent_id END,
                   version = version + 1,
                   updated_at = now()
             WHERE id = $1
            """;

    private static final String DEPTH_OF = """
            WITH RECURSIVE ancestors (id, parent_id) AS (
                SELECT w.id, w.parent_id FROM workspaces w WHERE w.id = $1
                UNION
                SELECT w.id, w.parent_id FROM workspaces w JOIN ancestors a ON w.id = a.parent_id)
            SELECT count(*) AS depth FROM ancestors
            """;

    private static final String HEIGHT_OF = """
            WITH RECURSIVE below (org_id, id, level) AS (
                SELECT w.org_id, w.id, 1 FROM workspaces w WHERE w.id = $1
                UNION ALL
                SELECT w.org_id, w.id, b.level + 1 FROM workspaces w
                  JOIN below b ON w.org_id = b.org_id AND w.parent_id = b.id
                 WHERE w.status <> 'removed')
            SELECT max(level) AS height FROM below
            """;

    /** What the caller may see of them, streamed in the order of making. Needs a transaction for its cursor. */
    Multi<Workspace> list(SqlConnection connection, Caller caller, WorkspaceFilter wanted) {
        UUID own = caller.organisation();
        if (own != null && wanted.orgId() != null && !own.equals(wanted.orgId())) {
            return Multi.createFrom().empty();
        }
        UUID organisation = own == null ? wanted.orgId() : own;
        Tuple filter = Tuple.tuple().addUUID(wanted.parentId()).addBoolean(wanted.includeRemoved());
        if (wanted.roots() || organisation != null) {
            filter.addUUID(organisation);
        }
        return connection
                .prepare(wanted.roots() ? LIST_ROOTS : organisation == null ? LIST_ALL : LIST_OF_ORGANISATION)
                .onItem()
                .transformToMulti(statement ->
                        statement.createStream(FETCHED_AT_ONCE, filter).toMulti())
                .map(row -> map(row, null));
    }

    Uni<@Nullable Workspace> find(SqlClient client, Caller caller, UUID id) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(id, caller.organisation()))
                .map(WorkspaceRepository::firstOrNull);
    }

    Uni<@Nullable Workspace> lock(SqlClient client, Caller caller, UUID id) {
        return client.preparedQuery(LOCK)
                .execute(Tuple.of(id, caller.organisation()))
                .map(WorkspaceRepository::firstOrNull);
    }

    Uni<List<Child>> children(SqlClient client, Workspace parent) {
        return client.preparedQuery(CHILDREN)
                .execute(Tuple.of(parent.orgId(), parent.id()))
                .map(rows -> rows.stream()
                        .map(row -> new Child(row.getUUID("id"), row.getString("name")))
                        .toList());
    }

    /** @return whether a row was written */
    Uni<Boolean> insert(
            SqlClient client,
            UUID id,
            UUID orgId,
            @Nullable UUID parentId,
            NewWorkspace fresh,
            String[] candidateNames) {
        boolean external = Boolean.TRUE.equals(fresh.external());
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addUUID(orgId)
                .addUUID(parentId)
                .addArrayOfString(candidateNames)
                .addString(fresh.role())
                .addString(fresh.runtime())
                .addInteger(fresh.tier() == null ? 1 : fresh.tier())
                .addString(fresh.model())
                .addInteger(fresh.maxConcurrentTasks() == null ? 1 : fresh.maxConcurrentTasks())
                .addBoolean(external)
                .addString(fresh.url())
                .addString(WorkspaceStatus.initial(external).word())
                .addDouble(fresh.x())
                .addDouble(fresh.y())
                .addString(fresh.labels() == null ? "{}" : fresh.labels());
        return client.preparedQuery(INSERT).execute(values).map(rows -> rows.size() == 1);
    }

    Uni<Void> update(SqlClient client, UUID id, WorkspacePatch patch, boolean takenOver) {
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addString(patch.name())
                .addString(patch.role())
                .addInteger(patch.tier())
                .addDouble(patch.x())
                .addDouble(patch.y())
                .addBoolean(patch.collapsed())
                .addUUID(patch.parentId())
                .addBoolean(takenOver);
        return client.preparedQuery(UPDATE).execute(values).replaceWithVoid();
    }

    /** How many nodes there are from the root to this one, both counted. */
    Uni<Integer> depth(SqlClient client, UUID id) {
        return client.preparedQuery(DEPTH_OF)
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getInteger("depth"));
    }

    /** How many levels the subtree has, its top counted. */
    Uni<Integer> height(SqlClient client, UUID id) {
        return client.preparedQuery(HEIGHT_OF)
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getInteger("height"));
    }

    private static @Nullable Workspace firstOrNull(RowSet<Row> rows) {
        RowIterator<Row> found = rows.iterator();
        if (!found.hasNext()) {
            return null;
        }
        Row row = found.next();
        return map(row, row.getString("config"));
    }

    private static Workspace map(Row row, @Nullable String config) {
        return new Workspace(
                row.getUUID("id"),
                row.getUUID("org_id"),
                row.getUUID("parent_id"),
                row.getString("name"),
                row.getString("role"),
                row.getString("runtime"),
                row.getInteger("tier"),
                row.getString("model"),
                row.getInteger("max_concurrent_tasks"),
                row.getBoolean("external"),
                row.getString("url"),
                row.getString("status"),
                row.getDouble("x"),
                row.getDouble("y"),
                row.getBoolean("collapsed"),
                row.getLong("children_count"),
                row.getString("labels"),
                row.getString("required_env"),
                row.getString("agents"),
                config,
                row.getString("template"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"),
                row.getOffsetDateTime("removed_at"),
                row.getLong("version"));
    }
}
