package io.rollcall.delegation;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Ids;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What existing agents read of the ledger ({@code /workspaces/{id}/delegations}). */
@Path("/workspaces/{id}/delegations")
@Tag(name = "delegations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.READ, Role.WORKSPACE})
class OlderDelegationResource {

    private final DelegationRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    OlderDelegationResource(DelegationRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listWorkspaceDelegations",
            summary = "The older form of `GET /delegations`: what a workspace asked and was asked, newest first")
    @APIResponseSchema(
            value = OlderDelegation[].class,
            responseDescription = "The newest; none for a workspace that nobody knows")
    public Uni<List<OlderDelegation>> list(
            @PathParam("id")
                    @Parameter(description = "The workspace's id", schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("limit") @Nullable String limit) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        int size = Page.limit(limit);
        var who = caller.get();
        if (!who.mayActAs(workspaceId)) {
            throw Problem.notFound("workspace", workspaceId);
        }
        var filter = DelegationFilter.of(who).ofWorkspace(workspaceId);
        return transactions
                .read(who, connection -> repository.list(connection, filter, Long.MAX_VALUE, size))
                .map(rows -> rows.stream()
                        .map(row -> OlderDelegation.of(row, workspaceId))
                        .toList());
    }
}
