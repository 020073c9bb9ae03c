package io.rollcall.workspace;

import io.rollcall.access.Caller;
import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Ids;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The canvas' viewport, one an organisation's view; last write wins, since it is where somebody just looked. */
@Path("/canvas/viewport")
@Tag(name = "workspaces")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.READ)
class ViewportResource {

    private final ViewportRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    ViewportResource(ViewportRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(operationId = "getViewport", summary = "Where the canvas was left")
    @APIResponse(
            responseCode = "200",
            description = "Where it was left last; at first the origin, in natural size",
            content = @Content(schema = @Schema(implementation = Viewport.class)))
    public Uni<Viewport> get() {
        var who = caller.get();
        return transactions.read(who, connection -> repository.find(connection, canvasOf(who)));
    }

    @PUT
    @RolesAllowed(Role.WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putViewport", summary = "Leave the canvas here")
    @APIResponse(
            responseCode = "200",
            description = "As it was sent",
            content = @Content(schema = @Schema(implementation = Viewport.class)))
    public Uni<Viewport> put(
            @RequestBody(content = @Content(schema = @Schema(implementation = Viewport.class))) byte[] body) {
        Viewport viewport = Viewport.read(body);
        var who = caller.get();
        return transactions
                .run(who, connection -> repository.store(connection, canvasOf(who), viewport))
                .replaceWith(viewport);
    }

    /** The platform's admin has one canvas, with all organisations on it. */
    private static UUID canvasOf(Caller who) {
        return Objects.requireNonNullElse(who.organisation(), Ids.ZERO);
    }
}
