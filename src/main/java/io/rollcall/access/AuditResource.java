package io.rollcall.access;

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

/** The audit trail ({@code /org/audit}). */
@Path("/org/audit")
@Tag(name = "access", description = "Who may do what, and who did what")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMIN)
class AuditResource {

    private final AuditRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    AuditResource(AuditRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(operationId = "listAudit", summary = "Who changed what and when, newest first")
    @APIResponseSchema(value = AuditPage.class, responseDescription = "A page of the audit trail")
    public Uni<AuditPage> audit(
            @QueryParam("org_id")
                    @Nullable @Parameter(
                            description = "Only this organisation's entries",
                            schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        UUID asked = Ids.fromQuery("org_id", orgId);
        int size = Page.limit(limit);
        SerialCursor before = SerialCursor.decode(cursor);
        var who = caller.get();
        return transactions
                .read(who, connection -> repository.page(connection, who.organisation(), asked, before, size))
                .map(rows -> Page.ofSerial(rows, size, AuditEntry::id))
                .map(page -> new AuditPage(page.items(), page.nextCursor()));
    }
}
