package io.rollcall.heartbeat;

import io.rollcall.access.Caller;
import io.rollcall.http.SerialCursor;
import io.rollcall.schema.PlannedEachTime;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL by which people read incidents, newest first. */
@ApplicationScoped
class IncidentRepository {

    private static final String OF_WORKSPACE = """
            SELECT w.removed_at, $COLUMNS
              FROM workspaces w
              LEFT JOIN LATERAL (
                   SELECT $COLUMNS FROM incidents i
                    WHERE i.workspace_id = w.id AND i.org_id = w.org_id AND i.id < $3
                      AND ($4::boolean IS NULL OR (i.ended_at IS NULL) = $4)
                    ORDER BY i.workspace_id DESC, i.id DESC LIMIT $5) i ON true
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
             ORDER BY i.id DESC
            """.replace("$COLUMNS", Incident.COLUMNS);

    /**
     * Walks the index of organisation and id. With a plain comparison the order would be that of the id alone, and for whom
     * the newest rows are not, the planner would walk the primary key through everybody else's.
     */
    private static final String OF_ORGANISATION = PlannedEachTime.statement("""
            SELECT $COLUMNS FROM incidents i
             WHERE i.org_id = ANY (ARRAY[$5::uuid]) AND ($1::uuid IS NULL OR i.org_id = $1) AND i.id < $2
               AND ($3::boolean IS NULL OR (i.ended_at IS NULL) = $3)
             ORDER BY i.org_id DESC, i.id DESC LIMIT $4
            """.replace("$COLUMNS", Incident.COLUMNS));

    private static final String OF_ALL = PlannedEachTime.statement("""
            SELECT $COLUMNS FROM incidents i
             WHERE $1::uuid IS NULL AND $5::uuid IS NULL AND i.id < $2 AND ($3::boolean IS NULL OR (i.ended_at IS NULL) = $3)
             ORDER BY i.id DESC LIMIT $4
            """.replace("$COLUMNS", Incident.COLUMNS));

    /**
     * What is open is little among all there was: all of it is taken from its own index, planned without the limit, for
     * which a planner would rather walk through history.
     */
    private static final String OPEN = PlannedEachTime.statement("""
            WITH page AS MATERIALIZED (
                SELECT f.id FROM (
                       SELECT i.id FROM incidents i
                        WHERE i.ended_at IS NULL AND ($1::uuid IS NULL OR i.org_id = $1)
                          AND ($5::uuid IS NULL OR i.org_id = $5) AND i.id < $2 AND $3::boolean
                       OFFSET 0) f
                 ORDER BY f.id DESC LIMIT $4)
            SELECT $COLUMNS FROM page JOIN incidents i ON i.id = page.id ORDER BY i.id DESC
            """.replace("$COLUMNS", Incident.COLUMNS));

    /**
     * Fails with 404, 410.
     *
     * @param open null: both those that ended and those that did not
     */
    Uni<IncidentPage> ofWorkspace(
            SqlClient client, Caller caller, UUID workspaceId, @Nullable Boolean open, SerialCursor before, int limit) {
        return client.preparedQuery(OF_WORKSPACE)
                .execute(Tuple.of(workspaceId, caller.organisation(), before.id(), open, limit + 1))
                .map(rows -> {
                    LiveWorkspace.require(rows, workspaceId);
                    return IncidentPage.of(
                            rows.stream()
                                    .filter(row -> row.getLong("id") != null)
                                    .map(Incident::of)
                                    .toList(),
                            limit);
                });
    }

    /**
     * All that the caller may see, of removed workspaces too.
     *
     * @param asked only this organisation's; null: of all of those
     */
    Uni<IncidentPage> page(
            SqlClient client,
            Caller caller,
            @Nullable UUID asked,
            @Nullable Boolean open,
            SerialCursor before,
            int limit) {
        UUID whose = asked == null ? caller.organisation() : asked;
        return client.preparedQuery(statement(whose, open))
                .execute(Tuple.of(caller.organisation(), before.id(), open, limit + 1, whose))
                .map(rows -> IncidentPage.of(rows.stream().map(Incident::of).toList(), limit));
    }

    private static String statement(@Nullable UUID whose, @Nullable Boolean open) {
        if (Boolean.TRUE.equals(open)) {
            return OPEN;
        }
        return whose == null ? OF_ALL : OF_ORGANISATION;
    }
}
