package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Ids;
import io.rollcall.http.Page;
import io.rollcall.http.SerialCursor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The incidents of an organisation, or of all ({@code /incidents}). */
@Path("/incidents")
@Tag(name = "heartbeats")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.READ)
class IncidentResource {

    static final String OPEN = "Only those whose agent is still silent, or only those that ended";

    private final IncidentRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    IncidentResource(IncidentRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listIncidents",
            summary = "When agents fell silent, newest first",
            description = "Of the token's organisation; of all for the platform's admin. Also of workspaces that were"
                    + " removed since.")
    @APIResponseSchema(value = IncidentPage.class, responseDescription = "A page of incidents")
    public Uni<IncidentPage> list(
            @QueryParam("org_id")
                    @Nullable @Parameter(description = "Only this organisation's", schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("open") @Nullable @Parameter(description = OPEN) Boolean open,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID asked = Ids.fromQuery("org_id", orgId);
        SerialCursor before = SerialCursor.decode(cursor);
        int size = Page.limit(limit);
        return transactions.read(who, connection -> repository.page(connection, who, asked, open, before, size));
    }
}
