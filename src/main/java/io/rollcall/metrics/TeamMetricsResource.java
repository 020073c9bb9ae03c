package io.rollcall.metrics;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the agents of a workspace did together ({@code /workspaces/{id}/metrics/team}). */
@Path("/workspaces/{id}/metrics/team")
@Tag(name = "metrics")
@Produces(MediaType.APPLICATION_JSON)
class TeamMetricsResource {

    private final MetricRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    TeamMetricsResource(MetricRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(
            operationId = "getTeamMetrics",
            summary = "What a workspace's agents did together and each",
            description =
                    "Of the rows that speak of all sections together; those of single sections are not counted again."
                            + " `averages` are plain means of the days that have one, a 0 counting as 0. In `weighted_averages` a day"
                            + " weighs as much as it has `tasks_completed`; for `throughput`, `active_minutes`; for"
                            + " `mention_response_min`, `mentions_received`. Keys of your own are not added up.")
    @APIResponse(
            responseCode = "200",
            description = "The sums of all, and a page of those of each",
            content = @Content(schema = @Schema(implementation = TeamPage.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<TeamPage> team(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("from")
                    @Nullable @Parameter(
                            required = true,
                            description = "The first day",
                            schema = @Schema(implementation = Day.Form.class))
                    String from,
            @QueryParam("to")
                    @Nullable @Parameter(
                            required = true,
                            description = "The last day, at most " + Days.MOST_OF_TEAM + " with the first",
                            schema = @Schema(implementation = Day.Form.class))
                    String to,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        Days days = Days.ofTeam(from, to);
        PairCursor after = PairCursor.decode(cursor);
        int size = Page.limit(limit);
        return transactions.read(who, connection -> repository.team(connection, who, workspaceId, days, after, size));
    }
}
