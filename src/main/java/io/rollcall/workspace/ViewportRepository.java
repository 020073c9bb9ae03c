package io.rollcall.workspace;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** The SQL of viewports: one row an organisation. */
@ApplicationScoped
class ViewportRepository {

    private static final String FIND = "SELECT x, y, zoom FROM canvas_viewports WHERE org_id = $1";

    private static final String STORE = """
            INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES ($1, $2, $3, $4)
            ON CONFLICT (org_id) DO UPDATE
               SET x = excluded.x, y = excluded.y, zoom = excluded.zoom, updated_at = now()
            """;

    /** Where it was left, or where a canvas begins. */
    Uni<Viewport> find(SqlConnection connection, UUID orgId) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(orgId))
                .map(rows -> rows.size() == 0
                        ? Viewport.START
                        : viewport(rows.iterator().next()));
    }

    Uni<Void> store(SqlConnection connection, UUID orgId, Viewport viewport) {
        return connection
                .preparedQuery(STORE)
                .execute(Tuple.of(orgId, viewport.x(), viewport.y(), viewport.zoom()))
                .replaceWithVoid();
    }

    private static Viewport viewport(Row row) {
        return new Viewport(row.getDouble("x"), row.getDouble("y"), row.getDouble("zoom"));
    }
}
