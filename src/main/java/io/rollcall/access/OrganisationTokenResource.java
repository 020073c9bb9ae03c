package io.rollcall.access;

import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Ids;
import io.rollcall.http.Limits;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.rollcall.http.Violation;
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
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens of organisations ({@code /org/tokens}). */
@Path("/org/tokens")
@Tag(name = "access", description = "Who may do what, and who did what")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMIN)
class OrganisationTokenResource {

    private static final String ORGANISATION = "org_id";

    static final String SHOWN_ONCE = "The token, shown this once";
    static final String REVOKED = "Revoked: refused by every replica within a second. Repeated, it changes nothing";

    private final Tokens tokens;
    private final CurrentCaller caller;
    private final Limits limits;

    OrganisationTokenResource(Tokens tokens, CurrentCaller caller, Limits limits) {
        this.tokens = tokens;
        this.caller = caller;
        this.limits = limits;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createOrganisationToken", summary = "Hand out a token of an organisation")
    @APIResponse(
            responseCode = "201",
            description = SHOWN_ONCE,
            content = @Content(schema = @Schema(implementation = MintedToken.class)))
    public Uni<Response> create(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewToken.OfOrganisation.class)))
                    byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        var who = caller.get();
        NewToken wanted = NewToken.ofOrganisation(body, limits);
        UUID organisation = wanted.orgId() == null ? who.organisation() : wanted.orgId();
        if (organisation == null) {
            throw Problem.invalid(List.of(new Violation(ORGANISATION, "is required from the platform's admin")));
        }
        var once = IdempotencyKey.of(who.actor(), "POST", "/org/tokens", "", "application/json", key, body);
        return tokens.mint(who, organisation, false, wanted, once, BearerAuthentication.shown(authorization))
                .map(Reply::toResponse);
    }

    @GET
    @Operation(operationId = "listOrganisationTokens", summary = "An organisation's tokens, without their secrets")
    @APIResponse(
            responseCode = "200",
            description = "Newest first, those that are not revoked",
            content = @Content(schema = @Schema(implementation = TokenSummary.Listed.class)))
    public Uni<TokenSummary.Listed> list(
            @QueryParam(ORGANISATION)
                    @Nullable @Parameter(
                            description = "The organisation, named by the platform's admin",
                            schema = @Schema(implementation = UUID.class))
                    String organisation,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID asked = organisation == null ? who.organisation() : Ids.parse(organisation);
        if (asked == null) {
            throw Problem.malformed(ORGANISATION, "must be a UUID; the platform's admin has to name the organisation");
        }
        return tokens.page(who, asked, false, limit, cursor);
    }

    @DELETE
    @Path("/{token_id}")
    @Operation(operationId = "revokeOrganisationToken", summary = "Take a token of an organisation back")
    @APIResponse(responseCode = "204", description = REVOKED)
    public Uni<Void> revoke(
            @PathParam("token_id")
                    @Parameter(description = "The token's id", schema = @Schema(implementation = UUID.class))
                    String tokenId) {
        return tokens.revoke(caller.get(), Ids.fromPath("token", tokenId), null);
    }
}
