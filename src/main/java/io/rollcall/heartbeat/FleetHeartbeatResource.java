package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Ids;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The agents of an organisation, or of all, as they are heard ({@code /heartbeats/stale}, {@code …/summary}). */
@Path("/heartbeats")
@Tag(name = "heartbeats", description = "Who is alive")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.READ)
class FleetHeartbeatResource {

    private final HeartbeatViewRepository repository;
    private final HeartbeatSummaries summaries;
    private final Transactions transactions;
    private final CurrentCaller caller;
    private final Json json;

    FleetHeartbeatResource(
            HeartbeatViewRepository repository,
            HeartbeatSummaries summaries,
            Transactions transactions,
            CurrentCaller caller,
            Json json) {
        this.repository = repository;
        this.summaries = summaries;
        this.transactions = transactions;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @Path("/stale")
    @Operation(
            operationId = "listStaleHeartbeats",
            summary = "Who is silent",
            description = "Of the token's organisation; of all for the platform's admin.")
    @APIResponse(
            responseCode = "200",
            description = "A page of them, by workspace and agent",
            content = @Content(schema = @Schema(implementation = HeartbeatPage.class)))
    public Uni<Response> stale(
            @QueryParam("org_id")
                    @Nullable @Parameter(description = "Only this organisation's", schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID asked = Ids.fromQuery("org_id", orgId);
        AgentCursor after = AgentCursor.decode(cursor);
        int size = Page.limit(limit);
        return transactions
                .read(who, connection -> repository.stale(connection, who, asked, after, size))
                .chain(page -> json.largeReply(200, page))
                .map(Reply::toResponse);
    }

    @GET
    @Path("/summary")
    @Operation(
            operationId = "getHeartbeatSummary",
            summary = "How many workspaces there are of each status, and how many agents are heard",
            description = "Counted once a second at most, for all who ask: made for dashboards.")
    @APIResponseSchema(
            value = HeartbeatSummary.class,
            responseDescription = "Of the token's organisation; of all for the platform's admin")
    public Uni<HeartbeatSummary> summary() {
        return summaries.of(caller.get());
    }
}
