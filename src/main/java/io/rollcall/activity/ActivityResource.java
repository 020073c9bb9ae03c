package io.rollcall.activity;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.Reply;
import io.rollcall.http.SerialCursor;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The activity log of a workspace ({@code /workspaces/{id}/activity}). */
@Path("/workspaces/{id}/activity")
@Tag(name = "activity", description = "What happened, and what waits to be read")
@Produces(MediaType.APPLICATION_JSON)
class ActivityResource {

    static final String ID = "The workspace's id";
    static final String REMOVED = "`REMOVED`, with `removed_at`";

    private final ActivityRepository repository;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final CurrentCaller caller;
    private final Json json;

    ActivityResource(
            ActivityRepository repository,
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
    @Operation(
            operationId = "listActivity",
            summary = "What a workspace did and what was done to it, newest first",
            description = "The ledger writes a row with every change of a delegation, in the logs of its caller and its"
                    + " callee; agents add their own. One page looks through at most 5,000 rows for `types`.")
    @APIResponse(
            responseCode = "200",
            description = "A page of the log",
            content = @Content(schema = @Schema(implementation = ActivityPage.class)))
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Response> list(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @QueryParam("types")
                    @Nullable @Parameter(
                            description = "Only these, with commas between; 20 at most",
                            schema = @Schema(implementation = String.class, pattern = ActivityTypes.LIST))
                    String types,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String[] wanted = ActivityTypes.parse(types);
        int size = Page.limit(limit);
        SerialCursor before = SerialCursor.decode(cursor);
        return transactions
                .read(who, connection -> repository.page(connection, who, workspaceId, wanted, before, size))
                .chain(page -> json.largeReply(200, page))
                .map(Reply::toResponse);
    }

    @POST
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "addActivity", summary = "Log what the workspace's agent did")
    @APIResponse(
            responseCode = "201",
            description = "The row",
            content = @Content(schema = @Schema(implementation = Activity.class)))
    @APIResponse(responseCode = "403", description = "`SPOOFED_SOURCE`: `source_id` is another workspace")
    @APIResponse(
            responseCode = "404",
            description = "`NOT_FOUND`, also when no live workspace of the organisation is the target")
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Response> add(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = NewActivity.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String path = "/workspaces/" + workspaceId + "/activity";
        return json.read(
                        body,
                        () -> new Add(
                                NewActivity.read(body, workspaceId),
                                IdempotencyKey.of(who.actor(), "POST", path, "", "application/json", key, body)))
                .chain(request -> transactions.run(
                        who,
                        connection -> idempotency.once(connection, request.key(), () -> repository
                                .add(connection, who, workspaceId, request.activity())
                                .map(row -> json.reply(201, row)))))
                .map(Reply::toResponse);
    }

    private record Add(NewActivity activity, IdempotencyKey key) {}
}
