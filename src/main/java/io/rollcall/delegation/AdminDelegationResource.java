package io.rollcall.delegation;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What existing operators' pages read of the ledger ({@code /admin/delegations}). */
@Path("/admin/delegations")
@Tag(name = "delegations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMIN)
class AdminDelegationResource {

    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final DelegationRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    AdminDelegationResource(DelegationRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listAdminDelegations",
            summary = "The older form of `GET /delegations`: the newest of a status, in one reply")
    @APIResponseSchema(value = AdminDelegations.class, responseDescription = "The newest")
    public Uni<AdminDelegations> list(
            @QueryParam("status")
                    @DefaultValue(DelegationFilter.IN_FLIGHT)
                    @Parameter(
                            description = DelegationReadResource.STATUS,
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {
                                                "queued",
                                                "dispatched",
                                                "in_progress",
                                                "completed",
                                                "failed",
                                                "stuck",
                                                "in_flight",
                                                "overdue",
                                                "awaiting_reply"
                                            }))
                    String status,
            @QueryParam("limit")
                    @Nullable @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "" + MOST,
                                            defaultValue = "" + USUAL))
                    String limit) {
        if (!DelegationFilter.WORDS.contains(status)) {
            throw Problem.malformed("status", "must be one of " + String.join(", ", DelegationFilter.WORDS))
                    .with("allowed", DelegationFilter.WORDS)
                    .with("requested_status", status);
        }
        int size = Page.limit(limit, USUAL, MOST);
        var who = caller.get();
        var filter = DelegationFilter.of(who).with(status);
        return transactions
                .read(who, connection -> repository.list(connection, filter, Long.MAX_VALUE, size))
                .map(rows -> new AdminDelegations(rows, rows.size(), status, size));
    }

    @GET
    @Path("/stats")
    @Operation(operationId = "getDelegationStats", summary = "How many delegations there are of each status")
    @APIResponseSchema(
            value = DelegationStats.class,
            responseDescription = "Of the token's organisation; of all for the platform's admin")
    public Uni<DelegationStats> stats() {
        var who = caller.get();
        return transactions.read(who, connection -> repository.count(connection, who));
    }
}
