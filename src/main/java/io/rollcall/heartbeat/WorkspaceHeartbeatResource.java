package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.Reply;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The agents of a workspace as they are heard ({@code /workspaces/{id}/heartbeats}). */
@Path("/workspaces/{id}/heartbeats")
@Tag(name = "heartbeats")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.READ, Role.WORKSPACE})
class WorkspaceHeartbeatResource {

    private final HeartbeatViewRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;
    private final Json json;

    WorkspaceHeartbeatResource(
            HeartbeatViewRepository repository, Transactions transactions, CurrentCaller caller, Json json) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @Operation(
            operationId = "listHeartbeats",
            summary = "When a workspace's agents were last heard, and what they said")
    @APIResponse(
            responseCode = "200",
            description = "A page of them, by agent",
            content = @Content(schema = @Schema(implementation = HeartbeatPage.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Response> list(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("stale") @Nullable @Parameter(description = "Only who is silent, or only who is not")
                    Boolean stale,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        AgentCursor after = AgentCursor.decode(cursor);
        int size = Page.limit(limit);
        return transactions
                .read(who, connection -> repository.ofWorkspace(connection, who, workspaceId, stale, after, size))
                .chain(page -> json.largeReply(200, page))
                .map(Reply::toResponse);
    }
}
