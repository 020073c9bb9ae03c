package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Whose silence is not judged for a while ({@code /workspaces/{id}/watchdog-pauses}). */
@Path("/workspaces/{id}/watchdog-pauses")
@Tag(name = "heartbeats")
@Produces(MediaType.APPLICATION_JSON)
class PauseResource {

    private static final String AGENT = "The agent's name; `*`: all agents of the workspace";

    private final Pauses pauses;
    private final CurrentCaller caller;

    PauseResource(Pauses pauses, CurrentCaller caller) {
        this.pauses = pauses;
        this.caller = caller;
    }

    @GET
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(operationId = "listWatchdogPauses", summary = "The pauses of a workspace that still run, by agent")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content = @Content(schema = @Schema(implementation = PausePage.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<PausePage> list(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return pauses.ofWorkspace(who, workspaceId, AgentCursor.decode(cursor), Page.limit(limit));
    }

    @GET
    @Path("/{agent_id}")
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(operationId = "getWatchdogPause", summary = "A pause that still runs")
    @APIResponse(
            responseCode = "200",
            description = "The pause of this agent, or of all (`*`); the one says nothing of the other",
            content = @Content(schema = @Schema(implementation = Pause.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Pause> get(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("agent_id")
                    @Parameter(
                            description = AGENT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agent) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String agentId = AgentId.fromPath(agent);
        return pauses.find(who, workspaceId, agentId)
                .onItem()
                .ifNull()
                .failWith(() -> Problem.notFound("pause of", agentId));
    }

    @PUT
    @Path("/{agent_id}")
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putWatchdogPause",
            summary = "Do not judge an agent's silence for some minutes",
            description = "Its silence then raises no incident and changes no status. Again: from now, whatever ran.")
    @APIResponse(
            responseCode = "200",
            description = "The pause, with a `note` when `minutes` was out of bounds",
            content = @Content(schema = @Schema(implementation = Pause.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Pause> put(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("agent_id")
                    @Parameter(
                            description = AGENT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agent,
            @RequestBody(content = @Content(schema = @Schema(implementation = NewPause.Body.class))) byte[] body) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return pauses.set(who, workspaceId, AgentId.fromPath(agent), NewPause.read(body));
    }

    @DELETE
    @Path("/{agent_id}")
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Operation(operationId = "deleteWatchdogPause", summary = "Judge an agent's silence again")
    @APIResponse(responseCode = "204", description = "There is no such pause, or no more")
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Void> delete(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("agent_id")
                    @Parameter(
                            description = AGENT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agent) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return pauses.end(who, workspaceId, AgentId.fromPath(agent));
    }
}
