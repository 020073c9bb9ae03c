package io.rollcall.access;

import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Ids;
import io.rollcall.http.Limits;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
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

/** Tokens of workspaces ({@code /workspaces/{id}/tokens}). */
@Path("/workspaces/{id}/tokens")
@Tag(name = "access", description = "Who may do what, and who did what")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMIN)
class WorkspaceTokenResource {

    private static final String WORKSPACE_ID = "The workspace's id";

    private final Tokens tokens;
    private final CurrentCaller caller;
    private final Limits limits;

    WorkspaceTokenResource(Tokens tokens, CurrentCaller caller, Limits limits) {
        this.tokens = tokens;
        this.caller = caller;
        this.limits = limits;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createWorkspaceToken", summary = "Hand out a token of a workspace, for its agent")
    @APIResponse(
            responseCode = "201",
            description = OrganisationTokenResource.SHOWN_ONCE,
            content = @Content(schema = @Schema(implementation = MintedToken.class)))
    public Uni<Response> create(
            @PathParam("id") @Parameter(description = WORKSPACE_ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = NewToken.OfWorkspace.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        var who = caller.get();
        UUID workspaceId = Ids.fromPath("workspace", id);
        NewToken wanted = NewToken.ofWorkspace(body, limits);
        String path = "/workspaces/" + workspaceId + "/tokens";
        var once = IdempotencyKey.of(who.actor(), "POST", path, "", "application/json", key, body);
        return tokens.mint(who, workspaceId, true, wanted, once, BearerAuthentication.shown(authorization))
                .map(Reply::toResponse);
    }

    @GET
    @Operation(operationId = "listWorkspaceTokens", summary = "A workspace's tokens, without their secrets")
    @APIResponse(
            responseCode = "200",
            description = "Newest first, those that are not revoked",
            content = @Content(schema = @Schema(implementation = TokenSummary.Listed.class)))
    public Uni<TokenSummary.Listed> list(
            @PathParam("id") @Parameter(description = WORKSPACE_ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return tokens.page(caller.get(), Ids.fromPath("workspace", id), true, limit, cursor);
    }

    @DELETE
    @Path("/{token_id}")
    @Operation(operationId = "revokeWorkspaceToken", summary = "Take a token of a workspace back")
    @APIResponse(responseCode = "204", description = OrganisationTokenResource.REVOKED)
    public Uni<Void> revoke(
            @PathParam("id") @Parameter(description = WORKSPACE_ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("token_id")
                    @Parameter(description = "The token's id", schema = @Schema(implementation = UUID.class))
                    String tokenId) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        return tokens.revoke(caller.get(), Ids.fromPath("token", tokenId), workspaceId);
    }
}
