package io.rollcall.delegation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.access.Caller;
import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.Document;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
import io.rollcall.http.Reply;
import io.rollcall.workspace.OwnWorkspace;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;
import org.jspecify.annotations.Nullable;

/** The ledger's writes as agents that exist already speak them: below the workspace that acts. */
@Path("/workspaces")
@Tag(name = "delegations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Cancellable(false)
class AgentDelegationResource {

    private static final String CALLER = "The caller's id";

    private final DelegationLedger ledger;
    private final HandOvers handOvers;
    private final LedgerSettings settings;
    private final CurrentCaller caller;
    private final Json json;

    AgentDelegationResource(
            DelegationLedger ledger, HandOvers handOvers, LedgerSettings settings, CurrentCaller caller, Json json) {
        this.ledger = ledger;
        this.handOvers = handOvers;
        this.settings = settings;
        this.caller = caller;
        this.json = json;
    }

    /** The body of {@code delegate} and {@code record}, for the API's document. */
    @RegisterForReflection
    @Schema(name = "Delegate")
    record DelegateBody(
            @Schema(description = "The callee") UUID targetId,

            @Schema(minLength = 1) String task,

            @Nullable @Schema(minLength = 1, maxLength = DelegationId.LONGEST, pattern = DelegationId.PATTERN)
            String idempotencyKey) {}

    /** The body of {@code record}, for the API's document. */
    @RegisterForReflection
    @Schema(name = "RecordDelegation")
    record RecordBody(
            @Schema(description = "The callee") UUID targetId,

            @Schema(minLength = 1) String task,

            @Schema(minLength = 1, maxLength = DelegationId.LONGEST, pattern = DelegationId.PATTERN)
            String delegationId) {}

    /** The body of {@code update}, for the API's document. */
    @RegisterForReflection
    @Schema(name = "UpdateDelegation")
    record UpdateBody(
            @Schema(enumeration = {"completed", "failed"}) String status,
            @Nullable String error,

            @Nullable @Schema(description = "Kept whole; lists show 4,096 bytes of it")
            String responsePreview) {}

    /** How a delegation was taken in. */
    @RegisterForReflection
    @Schema(name = "Delegated")
    record Delegated(
            String delegationId,

            @Schema(
                    enumeration = {"delegated", "recorded"},
                    description = "What was done; not the delegation's status")
            String status,

            UUID targetId,

            @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(description = "`true` when it had been before")
            Boolean idempotentHit) {}

    /** What an update left. */
    @RegisterForReflection
    @Schema(name = "DelegationUpdated")
    record Updated(
            @Schema(implementation = DelegationStatus.class) String status, String delegationId) {}

    /** What a callee may say here. */
    private enum End {
        COMPLETED,
        FAILED
    }

    @POST
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Path("/{id}/delegate")
    @Operation(operationId = "delegate", summary = "Ask a workspace to do something (older form)")
    @APIResponse(
            responseCode = "202",
            description = "Queued for its callee",
            content = @Content(schema = @Schema(implementation = Delegated.class)))
    @APIResponse(
            responseCode = "200",
            description = "It was before, by the same `idempotency_key`",
            content = @Content(schema = @Schema(implementation = Delegated.class)))
    @APIResponse(responseCode = "410", description = "`REMOVED`: the caller or callee")
    @APIResponse(responseCode = "422", description = "`IDEMPOTENCY_KEY_REUSED`: for something else")
    public Uni<Response> delegate(
            @PathParam("id") @Parameter(description = CALLER, schema = @Schema(implementation = UUID.class)) String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = DelegateBody.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        var who = caller.get();
        UUID own = OwnWorkspace.fromPath(who, id);
        return json.read(body, () -> asked(who, own, body, "idempotency_key"))
                .chain(asked -> ledger.create(
                        who,
                        asked,
                        IdempotencyKey.of(
                                who.actor(),
                                "POST",
                                "/workspaces/" + own + "/delegate",
                                "",
                                "application/json",
                                key,
                                body),
                        made -> json.reply(made.hit() ? 200 : 202, delegated("delegated", made))))
                .map(Reply::toResponse);
    }

    @POST
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Path("/{id}/delegations/record")
    @Operation(
            operationId = "recordDelegation",
            summary = "Record what you have handed to its callee yourself (older form)")
    @APIResponse(
            responseCode = "202",
            description = "Recorded, and `dispatched`",
            content = @Content(schema = @Schema(implementation = Delegated.class)))
    @APIResponse(responseCode = "410", description = "`REMOVED`: the caller or callee")
    @APIResponse(responseCode = "422", description = "`DELEGATION_ID_REUSED`: for something else")
    public Uni<Response> record(
            @PathParam("id") @Parameter(description = CALLER, schema = @Schema(implementation = UUID.class)) String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = RecordBody.class))) byte[] body) {
        var who = caller.get();
        UUID own = OwnWorkspace.fromPath(who, id);
        return json.read(body, () -> asked(who, own, body, "delegation_id"))
                .chain(asked -> handOvers.record(who, asked))
                .map(made -> json.reply(202, delegated("recorded", made)).toResponse());
    }

    @POST
    @RolesAllowed({Role.ADMIN, Role.WORKSPACE})
    @Path("/{id}/delegations/{delegation_id}/update")
    @Operation(
            operationId = "updateDelegation",
            summary = "Say how it ended (older form)",
            description = "For the workspace that was asked: a delegation is moved by its callee.")
    @APIResponseSchema(value = Updated.class, responseDescription = "As it is now")
    @APIResponse(responseCode = "409", description = "`ILLEGAL_TRANSITION`, with the `delegation` as it is")
    public Uni<Updated> update(
            @PathParam("id") @Parameter(description = "The callee's id", schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("delegation_id")
                    @Parameter(
                            description = DelegationResource.ID,
                            schema = @Schema(implementation = DelegationId.Form.class))
                    String delegation,
            @RequestBody(content = @Content(schema = @Schema(implementation = UpdateBody.class))) byte[] body) {
        var who = caller.get();
        UUID own = OwnWorkspace.fromPath(who, id);
        String delegationId = DelegationId.fromPath(delegation);
        return json.read(body, () -> update(body))
                .chain(report -> ledger.move(who, new Move(delegationId, report, who.actor(), own)))
                .map(moved -> new Updated(moved.delegation().status(), delegationId));
    }

    private Asked asked(Caller who, UUID own, byte[] body, String idField) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("target_id", "task", idField));
        UUID target = NewDelegation.required(document, "target_id");
        String task = NewDelegation.task(document, "task", settings);
        String id = DelegationId.read(document, idField);
        boolean recorded = "delegation_id".equals(idField);
        if (recorded && document.value(idField) == null) {
            document.fault(idField, "is required");
        }
        document.violations().orElseThrow();
        var what = new NewDelegation(recorded ? id : null, own, target, task, null, null, recorded ? null : id, null);
        return Asked.of(who, what.notToOneself(), null, 0);
    }

    private static Report update(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("status", "error", "response_preview"));
        End end = document.oneOf("status", End.class);
        if (end == null && document.value("status") == null) {
            document.fault("status", "is required");
        }
        String error = document.text("error", Integer.MAX_VALUE);
        String response = document.text("response_preview", Integer.MAX_VALUE);
        document.violations().orElseThrow();
        return new Report(
                DelegationStatus.valueOf(Objects.requireNonNull(end).name()),
                null,
                null,
                Preview.of(response),
                response == null
                        ? null
                        : com.fasterxml.jackson.databind.node.TextNode.valueOf(response)
                                .toString(),
                Preview.of(error),
                null);
    }

    private static Delegated delegated(String done, Creation.Made made) {
        Delegation delegation = made.delegation();
        return new Delegated(delegation.delegationId(), done, delegation.calleeId(), made.hit() ? true : null);
    }
}
