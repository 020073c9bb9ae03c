package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.delegation.Cancellation.Cancelled;
import io.rollcall.http.Document;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
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
import java.util.Objects;
import java.util.Set;
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

/** What a caller does with what it asked for: cancel it, or ask again. */
@Path("/delegations")
@Tag(name = "delegations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.WRITE, Role.WORKSPACE})
@Cancellable(false)
class CallerResource {

    private static final int LONGEST_REASON = 500;
    private static final byte[] NOTHING = {'{', '}'};

    private final Cancellation cancellation;
    private final Retries retries;
    private final CurrentCaller caller;
    private final Json json;

    CallerResource(Cancellation cancellation, Retries retries, CurrentCaller caller, Json json) {
        this.cancellation = cancellation;
        this.retries = retries;
        this.caller = caller;
        this.json = json;
    }

    /** The body of a cancel, for the API's document. */
    @RegisterForReflection
    @Schema(name = "CancelDelegation", examples = "{\"reason\": \"no longer needed\"}")
    record CancelBody(
            @Nullable @Schema(maxLength = LONGEST_REASON, description = "For the events, and the one who works on it")
            String reason) {}

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "cancelDelegation",
            summary = "Cancel a delegation and all below it",
            description =
                    "Its caller's. At once or not at all: what is queued fails, what runs is asked to stop, and fails after"
                            + " `rollcall.delegations.cancel-grace` (30 s). What is asked below it later is settled at once.")
    @APIResponseSchema(value = Cancelled.class, responseDescription = "How many; all zero when nothing was in flight")
    public Uni<Cancelled> cancel(
            @PathParam("id")
                    @Parameter(
                            description = DelegationResource.ID,
                            schema = @Schema(implementation = DelegationId.Form.class))
                    String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = CancelBody.class))) byte[] body) {
        String delegationId = DelegationId.fromPath(id);
        var who = caller.get();
        return json.read(body, () -> reason(body)).chain(reason -> cancellation.cancel(who, delegationId, reason));
    }

    private static String reason(byte[] body) {
        Document document = Document.parse(body.length == 0 ? NOTHING : body);
        document.allowOnly(Set.of("reason"));
        String reason = document.text("reason", LONGEST_REASON);
        document.violations().orElseThrow();
        return Objects.requireNonNullElse(reason, "cancelled by its caller");
    }

    @POST
    @Path("/{id}/retry")
    @Operation(
            operationId = "retryDelegation",
            summary = "Ask the same again",
            description =
                    "Its caller's, when the delegation has ended or is stuck. Once for each: asked again, the same retry is"
                            + " answered. It stands below the same parent while that is open, else alone.")
    @APIResponse(
            responseCode = "201",
            description = "The new delegation, with `retry_of`",
            headers = @Header(name = "Location"),
            content = @Content(schema = @Schema(implementation = DelegationDetail.class)))
    @APIResponse(
            responseCode = "200",
            description = "It was retried before; that retry as it is now, with `idempotent_hit`",
            content = @Content(schema = @Schema(implementation = DelegationDetail.class)))
    @APIResponse(responseCode = "409", description = "`IN_FLIGHT`: it has not ended")
    @APIResponse(responseCode = "410", description = "`REMOVED`: the caller or callee")
    public Uni<Response> retry(
            @PathParam("id")
                    @Parameter(
                            description = DelegationResource.ID,
                            schema = @Schema(implementation = DelegationId.Form.class))
                    String id,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        String delegationId = DelegationId.fromPath(id);
        var who = caller.get();
        var once = IdempotencyKey.of(
                who.actor(), "POST", "/delegations/" + delegationId + "/retry", "", "", key, new byte[0]);
        return retries.retry(who, delegationId, once, made -> DelegationResource.created(json, made))
                .map(Reply::toResponse);
    }
}
