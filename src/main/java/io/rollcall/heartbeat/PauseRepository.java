package io.rollcall.heartbeat;

import io.rollcall.access.Caller;
import io.rollcall.schema.PlannedEachTime;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of pauses. A pause whose end has passed is as good as none, whether its row is still there or not. */
@ApplicationScoped
class PauseRepository {

    private static final String WORKSPACE = """
            WITH w AS (
                SELECT w.id, w.org_id, w.removed_at FROM workspaces w
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2))
            """;

    private static final String COLUMNS = "p.org_id, p.workspace_id, p.agent_id, p.until_at, p.paused_by, p.paused_at";

    private static final String SET = WORKSPACE + """
            , p AS (
                INSERT INTO watchdog_pauses AS p (workspace_id, agent_id, org_id, until_at, paused_by, paused_at)
                SELECT w.id, $3, w.org_id, now() + make_interval(mins => $4), $5, now() FROM w WHERE w.removed_at IS NULL
                    ON CONFLICT (workspace_id, agent_id) DO UPDATE
                   SET until_at = excluded.until_at, paused_by = excluded.paused_by, paused_at = excluded.paused_at
                RETURNING $COLUMNS)
            SELECT w.removed_at, $COLUMNS FROM w LEFT JOIN p ON true
            """.replace("$COLUMNS", COLUMNS);

    private static final String FIND = WORKSPACE + """
            SELECT w.removed_at, $COLUMNS FROM w
              LEFT JOIN watchdog_pauses p ON p.workspace_id = w.id AND p.agent_id = $3 AND p.until_at > now()
            """.replace("$COLUMNS", COLUMNS);

    private static final String PAGE = WORKSPACE + """
            SELECT w.removed_at, $COLUMNS FROM w
              LEFT JOIN LATERAL (
                   SELECT $COLUMNS FROM watchdog_pauses p
                    WHERE p.workspace_id = w.id AND p.agent_id > $3 AND p.until_at > now()
                    ORDER BY p.agent_id LIMIT $4) p ON true
             ORDER BY p.agent_id
            """.replace("$COLUMNS", COLUMNS);

    /**
     * No index has the organisation: its workspaces have one, and each is looked up; or, where few are paused in all, each pause's
     * workspace. Hence planned each time.
     */
    private static final String OF_ALL = PlannedEachTime.statement("""
            SELECT $COLUMNS
              FROM watchdog_pauses p
              JOIN workspaces w ON w.id = p.workspace_id
             WHERE ($1::uuid IS NULL OR w.org_id = $1) AND ($2::uuid IS NULL OR w.org_id = $2)
               AND w.live IS NOT NULL AND w.live AND p.until_at > now()
               AND p.workspace_id >= $3 AND (p.workspace_id > $3 OR p.agent_id > $4)
             ORDER BY p.workspace_id, p.agent_id LIMIT $5
            """.replace("$COLUMNS", COLUMNS));

    private static final String END = WORKSPACE + """
            , p AS (
                DELETE FROM watchdog_pauses p USING w
                 WHERE p.workspace_id = w.id AND p.agent_id = $3 AND w.removed_at IS NULL
                RETURNING p.until_at)
            SELECT w.removed_at, w.org_id, COALESCE(p.until_at > now(), false) AS ended FROM w LEFT JOIN p ON true
            """;

    /** What was changed, in which organisation. */
    record Set(UUID orgId, Pause pause) {}

    /** In which organisation; whether there was one that ran. */
    record Ended(UUID orgId, boolean ended) {}

    /** Fails with 404, 410. */
    Uni<Set> set(SqlClient client, Caller caller, UUID workspaceId, String agentId, int minutes) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), agentId, minutes, caller.actor());
        return client.preparedQuery(SET).execute(values).map(rows -> {
            Row row = LiveWorkspace.require(rows, workspaceId);
            return new Set(row.getUUID("org_id"), Objects.requireNonNull(pause(row)));
        });
    }

    /** Null when none runs. Fails with 404, 410 for the workspace. */
    Uni<@Nullable Pause> find(SqlClient client, Caller caller, UUID workspaceId, String agentId) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(workspaceId, caller.organisation(), agentId))
                .map(rows -> pause(LiveWorkspace.require(rows, workspaceId)));
    }

    /** Fails with 404, 410. */
    Uni<PausePage> ofWorkspace(SqlClient client, Caller caller, UUID workspaceId, AgentCursor after, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(workspaceId, caller.organisation(), after.agentId(), limit + 1))
                .map(rows -> {
                    LiveWorkspace.require(rows, workspaceId);
                    return PausePage.of(pauses(rows), limit);
                });
    }

    /**
     * Of all that the caller may see, by workspace and agent.
     *
     * @param asked only this organisation's; null: of all of those
     */
    Uni<PausePage> page(SqlClient client, Caller caller, @Nullable UUID asked, AgentCursor after, int limit) {
        return client.preparedQuery(OF_ALL)
                .execute(Tuple.of(caller.organisation(), asked, after.workspaceId(), after.agentId(), limit + 1))
                .map(rows -> PausePage.of(pauses(rows), limit));
    }

    /** Fails with 404, 410. */
    Uni<Ended> end(SqlClient client, Caller caller, UUID workspaceId, String agentId) {
        return client.preparedQuery(END)
                .execute(Tuple.of(workspaceId, caller.organisation(), agentId))
                .map(rows -> {
                    Row row = LiveWorkspace.require(rows, workspaceId);
                    return new Ended(row.getUUID("org_id"), row.getBoolean("ended"));
                });
    }

    private static List<Pause> pauses(RowSet<Row> rows) {
        return rows.stream()
                .map(PauseRepository::pause)
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable Pause pause(Row row) {
        if (row.getString("agent_id") == null) {
            return null;
        }
        var from = row.getOffsetDateTime("paused_at");
        var until = row.getOffsetDateTime("until_at");
        int minutes = (int) java.time.Duration.between(from, until).toMinutes();
        return new Pause(
                row.getUUID("org_id"),
                row.getUUID("workspace_id"),
                row.getString("agent_id"),
                minutes,
                until,
                row.getString("paused_by"),
                from,
                null);
    }
}
