package io.rollcall.drift;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.http.Reply;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What agents are started with ({@code /workspaces/{id}/bootstrap-files}, {@code …/bootstrap-pings}). */
@Path("/workspaces")
@Tag(name = "drift", description = "What agents run on, and where it differs from what it should be")
@Produces(MediaType.APPLICATION_JSON)
class BootstrapResource {

    static final String ID = "The workspace's id";
    static final String REMOVED = "`REMOVED`, with `removed_at`";

    private final Bootstrap bootstrap;
    private final CurrentCaller caller;
    private final Json json;

    BootstrapResource(Bootstrap bootstrap, CurrentCaller caller, Json json) {
        this.bootstrap = bootstrap;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @Path("/{id}/bootstrap-files")
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(
            operationId = "getBootstrapFiles",
            summary = "The files that a workspace's agents should be started with")
    @APIResponse(
            responseCode = "200",
            description = "As they were set last; none at first",
            content = @Content(schema = @Schema(implementation = BootstrapFiles.class)))
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<BootstrapFiles> files(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id) {
        var who = caller.get();
        return bootstrap.wanted(who, OwnWorkspace.fromPath(who, id));
    }

    @PUT
    @Path("/{id}/bootstrap-files")
    @RolesAllowed(Role.WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putBootstrapFiles",
            summary = "Say which files a workspace's agents should be started with",
            description = "All of them: what is not named is not wanted any more. Last write wins. In the audit trail.")
    @APIResponse(
            responseCode = "200",
            description = "As they are now",
            content = @Content(schema = @Schema(implementation = BootstrapFiles.class)))
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<BootstrapFiles> put(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = BootstrapFiles.class))) byte[] body) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return json.read(body, () -> BootstrapFiles.read(body))
                .chain(wanted -> bootstrap.want(who, workspaceId, wanted));
    }

    @POST
    @Path("/{id}/bootstrap-pings")
    @RolesAllowed({Role.ADMIN, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "pingBootstrap",
            summary = "Report the files that an agent was started with",
            description = "The same again only makes it newer. The answer says at once what the agent should have"
                    + " been started with.")
    @APIResponse(
            responseCode = "200",
            description = "All files of the agent, on one page",
            content = @Content(schema = @Schema(implementation = FileReportPage.class)))
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Response> ping(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = BootstrapPing.class))) byte[] body) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return json.read(body, () -> BootstrapPing.read(body))
                .chain(ping -> bootstrap.report(who, workspaceId, ping))
                .chain(reports -> json.largeReply(200, reports))
                .map(Reply::toResponse);
    }

    @GET
    @Path("/{id}/bootstrap-pings")
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(
            operationId = "listBootstrapPings",
            summary = "The files that a workspace's agents were started with, and where they have drifted",
            description = "Of each agent that ever reported a file: what it reported, and what it should have.")
    @APIResponse(
            responseCode = "200",
            description = "A page of the reports",
            content = @Content(schema = @Schema(implementation = FileReportPage.class)))
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Response> pings(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @QueryParam("agent_id")
                    @Nullable @Parameter(
                            description = "Only of this agent",
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agentId,
            @QueryParam("drift")
                    @Nullable @Parameter(
                            description = "`true`: only what has drifted",
                            schema = @Schema(implementation = Boolean.class, defaultValue = "false"))
                    Boolean drift,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String agent = AgentId.fromQuery(agentId);
        int size = Page.limit(limit);
        return bootstrap
                .reports(who, workspaceId, agent, Boolean.TRUE.equals(drift), PairCursor.decode(cursor), size)
                .chain(page -> json.largeReply(200, page))
                .map(Reply::toResponse);
    }
}
