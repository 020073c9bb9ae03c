package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Page;
import io.rollcall.http.SerialCursor;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The incidents of a workspace ({@code /workspaces/{id}/incidents}). */
@Path("/workspaces/{id}/incidents")
@Tag(name = "heartbeats")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.READ, Role.WORKSPACE})
class WorkspaceIncidentResource {

    private final IncidentRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    WorkspaceIncidentResource(IncidentRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(operationId = "listWorkspaceIncidents", summary = "When a workspace's agents fell silent, newest first")
    @APIResponse(
            responseCode = "200",
            description = "A page of its incidents",
            content = @Content(schema = @Schema(implementation = IncidentPage.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<IncidentPage> list(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("open") @Nullable @Parameter(description = IncidentResource.OPEN) Boolean open,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        SerialCursor before = SerialCursor.decode(cursor);
        int size = Page.limit(limit);
        return transactions.read(
                who, connection -> repository.ofWorkspace(connection, who, workspaceId, open, before, size));
    }
}
