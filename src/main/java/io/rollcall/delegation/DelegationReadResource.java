package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Ids;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.Reply;
import io.rollcall.http.SerialCursor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as it is read ({@code /delegations}). A workspace's token sees what the workspace asked or was asked, and
 * nothing else of its organisation's.
 */
@Path("/delegations")
@Tag(name = "delegations", description = "Who asked whom to do what, and where it stands")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.READ, Role.WORKSPACE})
class DelegationReadResource {

    static final String STATUS =
            "A status, or in its place `in_flight` (not ended), `overdue` (not ended, and the deadline has"
                    + " passed) or `awaiting_reply` (no answer of the callee's yet, also when it got stuck)";

    private static final String ID = "Its `delegation_id`";
    private static final String AMBIGUOUS =
            "`AMBIGUOUS_ID`, for the platform's admin: several organisations have one of this id";

    private final DelegationRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;
    private final Json json;

    DelegationReadResource(
            DelegationRepository repository, Transactions transactions, CurrentCaller caller, Json json) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @Operation(operationId = "listDelegations", summary = "Delegations, newest first")
    @APIResponseSchema(value = DelegationPage.class, responseDescription = "A page of those that meet all conditions")
    public Uni<DelegationPage> list(
            @QueryParam("status")
                    @Nullable @Parameter(
                            description = STATUS,
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
            @QueryParam("caller_id")
                    @Nullable @Parameter(
                            description = "Only what this workspace asked",
                            schema = @Schema(implementation = UUID.class))
                    String callerId,
            @QueryParam("callee_id")
                    @Nullable @Parameter(
                            description = "Only what this workspace was asked",
                            schema = @Schema(implementation = UUID.class))
                    String calleeId,
            @QueryParam("root_id")
                    @Nullable @Parameter(
                            description = "Only the tree below this delegation, and itself, if it is the top of one",
                            schema = @Schema(implementation = DelegationId.Form.class))
                    String rootId,
            @QueryParam("org_id")
                    @Nullable @Parameter(description = "Only this organisation's", schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        var filter = DelegationFilter.of(who)
                .with(status)
                .between(
                        Ids.fromQuery("org_id", orgId),
                        Ids.fromQuery("caller_id", callerId),
                        Ids.fromQuery("callee_id", calleeId),
                        rootId == null ? null : DelegationId.fromQuery("root_id", rootId));
        int size = Page.limit(limit);
        long before = SerialCursor.decode(cursor).id();
        return transactions
                .read(who, connection -> repository.list(connection, filter, before, size + 1))
                .map(rows -> DelegationPage.of(rows, size));
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getDelegation", summary = "One delegation, with its task, result and late results")
    @APIResponse(
            responseCode = "200",
            description = "The delegation",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = DelegationDetail.class)))
    @APIResponse(responseCode = "409", description = AMBIGUOUS)
    public Uni<Response> get(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = DelegationId.Form.class))
                    String id) {
        String delegationId = DelegationId.fromPath(id);
        Caller who = caller.get();
        return transactions
                .read(who, connection -> repository.find(connection, who, delegationId))
                .chain(found -> json.largeReply(200, found.detail()).map(reply -> reply.with("ETag", found.etag())))
                .map(Reply::toResponse);
    }

    @GET
    @Path("/{id}/events")
    @Operation(operationId = "listDelegationEvents", summary = "The history of one delegation, from its making on")
    @APIResponseSchema(value = DelegationEventPage.class, responseDescription = "A page of the history, oldest first")
    @APIResponse(responseCode = "409", description = AMBIGUOUS)
    public Uni<DelegationEventPage> events(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = DelegationId.Form.class))
                    String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        String delegationId = DelegationId.fromPath(id);
        int size = Page.limit(limit);
        long after = after(cursor);
        Caller who = caller.get();
        return transactions
                .read(who, connection -> repository.events(connection, who, delegationId, after, size + 1))
                .map(rows -> Page.ofSerial(rows, size, DelegationEvent::seq))
                .map(page -> new DelegationEventPage(page.items(), page.nextCursor()));
    }

    @GET
    @Path("/{id}/tree")
    @Operation(operationId = "listDelegationTree", summary = "One delegation and all below it, parents before children")
    @APIResponseSchema(value = DelegationPage.class, responseDescription = "A page of the tree, in the order of making")
    @APIResponse(responseCode = "409", description = AMBIGUOUS)
    public Uni<DelegationPage> tree(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = DelegationId.Form.class))
                    String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        String delegationId = DelegationId.fromPath(id);
        int size = Page.limit(limit);
        long after = after(cursor);
        Caller who = caller.get();
        return transactions
                .read(who, connection -> repository.tree(connection, who, delegationId, after, size + 1))
                .map(rows -> DelegationPage.of(rows, size));
    }

    /** In a list that runs from old to new. */
    private static long after(@Nullable String cursor) {
        return cursor == null ? 0 : SerialCursor.decode(cursor).id();
    }
}
