package io.rollcall.workspace;

import io.rollcall.access.Role;
import io.rollcall.http.Ids;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The canvas' viewport, one an organisation's view; last write wins, since it is where somebody just looked. */
@Path("/canvas/viewport")
@Tag(name = "workspaces")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMIN)
class ViewportResource {

    private static final String FIND = "SELECT x, y, zoom FROM canvas_viewports WHERE org_id = $1";

    private static final String STORE = """
            INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES ($1, $2, $3, $4)
            ON CONFLICT (org_id) DO UPDATE
               SET x = excluded.x, y = excluded.y, zoom = excluded.zoom, updated_at = now()
            """;

    private final Pool pool;

    ViewportResource(Pool pool) {
        this.pool = pool;
    }

    @GET
    @Operation(operationId = "getViewport", summary = "Where the canvas was left")
    public Uni<Viewport> get() {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(Ids.ZERO))
                .map(rows -> rows.size() == 0
                        ? Viewport.START
                        : viewport(rows.iterator().next()));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putViewport", summary = "Leave the canvas here")
    public Uni<Viewport> put(
            @RequestBody(content = @Content(schema = @Schema(implementation = Viewport.class))) byte[] body) {
        Viewport viewport = Viewport.read(body);
        return pool.preparedQuery(STORE)
                .execute(Tuple.of(Ids.ZERO, viewport.x(), viewport.y(), viewport.zoom()))
                .replaceWith(viewport);
    }

    private static Viewport viewport(Row row) {
        return new Viewport(row.getDouble("x"), row.getDouble("y"), row.getDouble("zoom"));
    }
}
