package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.Ids;
import io.rollcall.http.Page;
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

/** Whose silence is not judged in an organisation, or in all ({@code /watchdog-pauses}). */
@Path("/watchdog-pauses")
@Tag(name = "heartbeats")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.READ)
class FleetPauseResource {

    private final Pauses pauses;
    private final CurrentCaller caller;

    FleetPauseResource(Pauses pauses, CurrentCaller caller) {
        this.pauses = pauses;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listAllWatchdogPauses",
            summary = "The pauses that still run",
            description = "Of the token's organisation; of all for the platform's admin.")
    @APIResponseSchema(value = PausePage.class, responseDescription = "A page of them, by workspace and agent")
    public Uni<PausePage> list(
            @QueryParam("org_id")
                    @Nullable @Parameter(description = "Only this organisation's", schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID asked = Ids.fromQuery("org_id", orgId);
        return pauses.page(who, asked, AgentCursor.decode(cursor), Page.limit(limit));
    }
}
