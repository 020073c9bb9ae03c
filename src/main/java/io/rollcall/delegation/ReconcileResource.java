package io.rollcall.delegation;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Json;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What an agent asks after its restart ({@code /delegations/reconcile}). It is a POST for its body: nothing is written. */
@Path("/delegations/reconcile")
@Tag(name = "delegations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.ADMIN, Role.WORKSPACE})
class ReconcileResource {

    private final Reconciliation reconciliation;
    private final Transactions transactions;
    private final CurrentCaller caller;
    private final Json json;

    ReconcileResource(Reconciliation reconciliation, Transactions transactions, CurrentCaller caller, Json json) {
        this.reconciliation = reconciliation;
        this.transactions = transactions;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "reconcileDelegations",
            summary = "After an agent's restart: sort what it believes it runs. Writes nothing")
    @APIResponseSchema(value = Reconciled.class, responseDescription = "What to do with each", responseCode = "200")
    @APIResponse(responseCode = "404", description = "`NOT_FOUND`: no workspace has the `workspace_id`")
    @APIResponse(responseCode = "410", description = "`REMOVED`, with `removed_at`: the workspace")
    public Uni<Reconciled> reconcile(
            @RequestBody(content = @Content(schema = @Schema(implementation = ReconcileRequest.class))) byte[] body) {
        var who = caller.get();
        return json.read(body, () -> ReconcileRequest.read(body)).chain(request -> {
            if (!who.mayActAs(request.workspaceId())) {
                throw Problem.notFound("workspace", request.workspaceId());
            }
            return transactions.read(who, connection -> reconciliation.run(connection, who, request));
        });
    }
}
