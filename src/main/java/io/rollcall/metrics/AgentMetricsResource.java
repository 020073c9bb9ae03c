package io.rollcall.metrics;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.rollcall.http.Texts;
import io.rollcall.metrics.MetricRepository.After;
import io.rollcall.workspace.AgentId;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.LocalDate;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What an agent did, day by day ({@code /workspaces/{id}/agents/{agent_id}/metrics}). */
@Path("/workspaces/{id}/agents/{agent_id}/metrics")
@Tag(name = "metrics", description = "What agents did, by day and section")
@Produces(MediaType.APPLICATION_JSON)
class AgentMetricsResource {

    private static final String AGENT = "The agent's name";
    private static final String DATE = "Which day; whose midnights part the days, you decide";
    private static final String SECTION = "A part of the work; absent: all of it, in a row of its own";

    private final MetricRepository repository;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final CurrentCaller caller;
    private final Json json;

    AgentMetricsResource(
            MetricRepository repository,
            Transactions transactions,
            Idempotency idempotency,
            CurrentCaller caller,
            Json json) {
        this.repository = repository;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(operationId = "listAgentMetrics", summary = "What an agent did, newest day first")
    @APIResponse(
            responseCode = "200",
            description = "A page of its days",
            content = @Content(schema = @Schema(implementation = MetricPage.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<MetricPage> list(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("agent_id")
                    @Parameter(
                            description = AGENT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agent,
            @QueryParam("from")
                    @Nullable @Parameter(description = "The first day", schema = @Schema(implementation = Day.Form.class))
                    String from,
            @QueryParam("to")
                    @Nullable @Parameter(description = "The last day", schema = @Schema(implementation = Day.Form.class))
                    String to,
            @QueryParam("section")
                    @Nullable @Parameter(
                            description =
                                    "Only this section; absent: the rows of all sections together; `*`: every row",
                            schema = @Schema(implementation = Section.Form.class))
                    String section,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String agentId = AgentId.fromPath(agent);
        Days days = Days.ofList(from, to);
        String wanted = Section.toRead(section);
        After after = after(cursor);
        int size = Page.limit(limit);
        return transactions.read(
                who, connection -> repository.page(connection, who, workspaceId, agentId, days, wanted, after, size));
    }

    @PUT
    @Path("/{date}")
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putAgentMetrics",
            summary = "Say what an agent did on a day",
            description =
                    "All of it: what is not named is 0, or null where it is an average or a rate. Last write wins. Not"
                            + " in the audit trail.")
    @APIResponse(
            responseCode = "200",
            description = "The day as it is now",
            content = @Content(schema = @Schema(implementation = MetricDay.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<MetricDay> put(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("agent_id")
                    @Parameter(
                            description = AGENT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agent,
            @PathParam("date") @Parameter(description = DATE, schema = @Schema(implementation = Day.Form.class))
                    String date,
            @QueryParam("section")
                    @Nullable @Parameter(description = SECTION, schema = @Schema(implementation = Section.Form.class))
                    String section,
            @RequestBody(content = @Content(schema = @Schema(implementation = MetricShape.Replacing.class)))
                    byte[] body) {
        var who = caller.get();
        MetricDayOf day = dayToWrite(id, agent, date, section);
        return json.read(body, () -> MetricValues.replacing(body))
                .chain(values -> transactions.run(who, connection -> repository.replace(connection, who, day, values)));
    }

    @POST
    @Path("/{date}/increment")
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "incrementAgentMetrics",
            summary = "Add to what an agent did on a day",
            description =
                    "Of any number at once each is added. A negative number takes away, of a counter not more than there"
                            + " is. Send an `Idempotency-Key`, and what is sent again is not added again. Not in the audit trail.")
    @APIResponse(
            responseCode = "200",
            description = "The day as it is now",
            content = @Content(schema = @Schema(implementation = MetricDay.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    @APIResponse(responseCode = "422", description = "A sum would be below 0 or out of range: nothing was added")
    public Uni<Response> increment(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("agent_id")
                    @Parameter(
                            description = AGENT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agent,
            @PathParam("date") @Parameter(description = DATE, schema = @Schema(implementation = Day.Form.class))
                    String date,
            @QueryParam("section")
                    @Nullable @Parameter(description = SECTION, schema = @Schema(implementation = Section.Form.class))
                    String section,
            @RequestBody(content = @Content(schema = @Schema(implementation = MetricShape.Adding.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        var who = caller.get();
        MetricDayOf day = dayToWrite(id, agent, date, section);
        String path = "/workspaces/" + day.workspaceId() + "/agents/" + day.agentId() + "/metrics/" + day.date()
                + "/increment";
        return json.read(
                        body,
                        () -> new Increment(
                                MetricValues.adding(body),
                                IdempotencyKey.of(
                                        who.actor(), "POST", path, day.section(), "application/json", key, body)))
                .chain(request -> transactions.run(
                        who,
                        connection -> idempotency.once(connection, request.key(), () -> repository
                                .add(connection, who, day, request.values())
                                .map(row -> json.reply(200, row)))))
                .map(Reply::toResponse);
    }

    private record Increment(MetricValues values, IdempotencyKey key) {}

    private MetricDayOf dayToWrite(String id, String agent, String date, @Nullable String section) {
        UUID workspaceId = OwnWorkspace.fromPath(caller.get(), id);
        String agentId = AgentId.fromPath(agent);
        if (AgentId.isAll(agentId)) {
            throw Problem.malformed("agent_id", "must not be *, which stands for all agents");
        }
        return new MetricDayOf(workspaceId, agentId, Day.read("date", date), Section.toWrite(section));
    }

    private static @Nullable After after(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        PairCursor last = PairCursor.decode(cursor);
        LocalDate date = Day.parse(last.first());
        if (date == null) {
            throw Problem.malformed("cursor", "is not a next_cursor of an earlier page");
        }
        return new After(date, last.second());
    }
}
