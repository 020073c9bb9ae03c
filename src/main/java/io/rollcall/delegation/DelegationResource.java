package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.delegation.Moves.Moved;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
import io.rollcall.http.Limits;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;
import org.jspecify.annotations.Nullable;

/** The ledger's writes ({@code /delegations}). Who hangs up has asked all the same: none is cancelled with its request. */
@Path("/delegations")
@Tag(name = "delegations", description = "Who asked whom to do what, and the truth about where it stands")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Cancellable(false)
class DelegationResource {

    static final String ID = "The delegation's id";

    private final DelegationLedger ledger;
    private final LedgerSettings settings;
    private final CurrentCaller caller;
    private final Limits limits;
    private final Json json;

    DelegationResource(
            DelegationLedger ledger, LedgerSettings settings, CurrentCaller caller, Limits limits, Json json) {
        this.ledger = ledger;
        this.settings = settings;
        this.caller = caller;
        this.limits = limits;
        this.json = json;
    }

    @POST
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Operation(operationId = "createDelegation", summary = "Ask a workspace to do something")
    @APIResponse(
            responseCode = "201",
            description = "Made, and queued for its callee",
            headers = @Header(name = "Location"),
            content = @Content(schema = @Schema(implementation = DelegationDetail.class)))
    @APIResponse(
            responseCode = "200",
            description = "It was made before, by the same `delegation_id` or `idempotency_key`; as it is now, with"
                    + " `idempotent_hit`",
            content = @Content(schema = @Schema(implementation = DelegationDetail.class)))
    @APIResponse(responseCode = "404", description = "`NOT_FOUND`: no such caller, callee or parent")
    @APIResponse(responseCode = "410", description = "`REMOVED`: the caller or callee")
    @APIResponse(
            responseCode = "422",
            description =
                    "`DELEGATION_ID_REUSED` or `IDEMPOTENCY_KEY_REUSED`: for something else than was asked before")
    public Uni<Response> create(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewDelegation.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        var who = caller.get();
        return json.read(body, () -> {
                    NewDelegation what = NewDelegation.read(body, settings, limits);
                    requireCaller(who, what);
                    return new Create(
                            Asked.of(who, what, null, 0),
                            IdempotencyKey.of(who.actor(), "POST", "/delegations", "", "application/json", key, body));
                })
                .chain(request -> ledger.create(who, request.asked(), request.key(), made -> created(json, made)))
                .map(Reply::toResponse);
    }

    private record Create(Asked asked, IdempotencyKey key) {}

    static Reply created(Json json, Creation.Made made) {
        return made.hit()
                ? json.reply(200, DelegationDetail.hit(made.delegation()))
                : json.reply(201, DelegationDetail.made(made.delegation()))
                        .with(
                                "Location",
                                "/delegations/" + encoded(made.delegation().delegationId()));
    }

    private static String encoded(String delegationId) {
        return URLEncoder.encode(delegationId, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A workspace's token asks for its own workspace alone. */
    static void requireCaller(Caller who, NewDelegation what) {
        if (!who.mayActAs(what.callerId())) {
            throw Problem.of(403, "FORBIDDEN", "caller_id: this token may delegate for its own workspace alone");
        }
    }

    @POST
    @RolesAllowed({Role.ADMIN, Role.WORKSPACE})
    @Path("/{id}/status")
    @Operation(
            operationId = "reportDelegation",
            summary = "Say how far it is, or how it ended",
            description = "Its callee's, or an admin's. Forward only; skipping ahead is allowed. May be repeated.")
    @APIResponseSchema(
            value = Moved.class,
            responseDescription = "What the report did, and the delegation as it is now")
    @APIResponse(
            responseCode = "409",
            description = "`FENCED`: of a stale attempt; `ILLEGAL_TRANSITION`: not from where it stands. With the"
                    + " `delegation` as it is. The end that was reported is kept in its `late_results`")
    public Uni<Moved> report(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = DelegationId.Form.class))
                    String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Report.class))) byte[] body) {
        String delegationId = DelegationId.fromPath(id);
        var who = caller.get();
        return json.read(body, () -> Report.read(body))
                .chain(report -> ledger.move(who, Move.of(who, delegationId, report)));
    }
}
