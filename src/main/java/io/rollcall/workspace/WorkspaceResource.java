package io.rollcall.workspace;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Ids;
import io.rollcall.http.Json;
import io.rollcall.http.Limits;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The tree, node by node ({@code /workspaces}). */
@Path("/workspaces")
@Tag(name = "workspaces", description = "The tree, node by node, and the canvas that shows it")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.READ)
class WorkspaceResource {

    private static final String TOMBSTONES = "Also what was removed";
    private static final String ID = "The workspace's id";
    private static final String REMOVED = "`REMOVED`, with `removed_at`; its tombstone stays";

    private final Tree tree;
    private final WorkspaceRepository repository;
    private final WorkspaceStream stream;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final CurrentCaller caller;
    private final Limits limits;
    private final Json json;

    WorkspaceResource(
            Tree tree,
            WorkspaceRepository repository,
            WorkspaceStream stream,
            Transactions transactions,
            Idempotency idempotency,
            CurrentCaller caller,
            Limits limits,
            Json json) {
        this.tree = tree;
        this.repository = repository;
        this.stream = stream;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.caller = caller;
        this.limits = limits;
        this.json = json;
    }

    @GET
    @Operation(operationId = "listWorkspaces", summary = "The tree as a flat list, in the order of making")
    @APIResponse(
            responseCode = "200",
            description = "All of them at once, streamed; as JSON lines, one node a line",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Workspace[].class)),
                @Content(mediaType = WorkspaceStream.JSON_LINES, schema = @Schema(implementation = Workspace.class))
            })
    public Multi<byte[]> list(
            @QueryParam("parent_id")
                    @Nullable @Parameter(
                            description = "Only the children of this workspace",
                            schema = @Schema(implementation = UUID.class))
                    String parentId,
            @QueryParam("org_id")
                    @Nullable @Parameter(description = "Only this organisation's", schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("roots") @DefaultValue("false") @Parameter(description = "Only the organisations themselves")
                    boolean roots,
            @QueryParam("include_removed") @DefaultValue("false") @Parameter(description = TOMBSTONES)
                    boolean includeRemoved,
            @Context HttpHeaders headers) {
        requireJsonIsAccepted(headers);
        return stream.array(caller.get(), WorkspaceFilter.read(parentId, orgId, roots, includeRemoved));
    }

    /** For a stream, unlike for every other reply, the framework takes any Accept. */
    private static void requireJsonIsAccepted(HttpHeaders headers) {
        if (headers.getAcceptableMediaTypes().stream().noneMatch(MediaType.APPLICATION_JSON_TYPE::isCompatible)) {
            throw new NotAcceptableException();
        }
    }

    /** The same by {@code Accept: application/x-ndjson}; described above. */
    @GET
    @Produces(WorkspaceStream.JSON_LINES + ";qs=0.5")
    @Operation(hidden = true)
    public Multi<byte[]> lines(
            @QueryParam("parent_id") @Nullable String parentId,
            @QueryParam("org_id") @Nullable String orgId,
            @QueryParam("roots") @DefaultValue("false") boolean roots,
            @QueryParam("include_removed") @DefaultValue("false") boolean includeRemoved) {
        return stream.lines(caller.get(), WorkspaceFilter.read(parentId, orgId, roots, includeRemoved));
    }

    @POST
    @RolesAllowed(Role.WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createWorkspace", summary = "Add a node, or an organisation when it has no parent")
    @APIResponse(
            responseCode = "201",
            description = "Made, under the `name` in this reply: where a sibling has the name, a suffix was added",
            headers = {@Header(name = "ETag"), @Header(name = "Location")},
            content = @Content(schema = @Schema(implementation = Workspace.class)))
    @APIResponse(responseCode = "404", description = "`NOT_FOUND`: no workspace has the `parent_id`")
    @APIResponse(responseCode = "409", description = "`NAME_TAKEN`: and so are all suffixes from (2) to (20)")
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Response> create(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewWorkspace.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        var who = caller.get();
        return json.read(
                        body,
                        () -> new Create(
                                NewWorkspace.read(body, limits),
                                IdempotencyKey.of(
                                        who.actor(), "POST", "/workspaces", "", "application/json", key, body)))
                .chain(request -> transactions.run(
                        who,
                        connection -> idempotency.once(
                                connection, request.key(), () -> tree.create(connection, who, request.workspace())
                                        .map(this::created))))
                .map(Reply::toResponse);
    }

    private record Create(NewWorkspace workspace, IdempotencyKey key) {}

    @GET
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Path("/{id}")
    @Operation(operationId = "getWorkspace", summary = "One node")
    @APIResponse(
            responseCode = "200",
            description = "The node",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = Workspace.class)))
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Response> get(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @QueryParam("include_removed") @DefaultValue("false") @Parameter(description = TOMBSTONES)
                    boolean includeRemoved) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        var who = caller.get();
        if (!who.mayActAs(workspaceId)) {
            throw Problem.notFound("workspace", workspaceId);
        }
        return transactions
                .read(who, connection -> repository.find(connection, who, workspaceId))
                .map(found -> found != null && includeRemoved ? found : Tree.requireLive(found, workspaceId))
                .map(WorkspaceResource::ok);
    }

    @PATCH
    @RolesAllowed(Role.WRITE)
    @Path("/{id}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(operationId = "changeWorkspace", summary = "Rename, describe, place or move a node")
    @APIResponse(
            responseCode = "200",
            description = "The node as it is now",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = Workspace.class)))
    @APIResponse(responseCode = "409", description = "`NAME_TAKEN` by a sibling")
    @APIResponse(responseCode = "410", description = REMOVED)
    @APIResponse(responseCode = "422", description = "`CYCLE`: it cannot be moved below itself")
    public Uni<Response> change(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @RequestBody(content = @Content(schema = @Schema(implementation = WorkspacePatch.class))) byte[] body) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        var who = caller.get();
        return json.read(body, () -> WorkspacePatch.read(body, limits))
                .chain(patch ->
                        transactions.run(who, connection -> tree.change(connection, who, workspaceId, patch, ifMatch)))
                .map(WorkspaceResource::ok);
    }

    @DELETE
    @RolesAllowed(Role.WRITE)
    @Path("/{id}")
    @Operation(operationId = "removeWorkspace", summary = "Remove a node and all below it")
    @APIResponse(
            responseCode = "200",
            description = "Removed; the tombstones stay for `include_removed`",
            content = @Content(schema = @Schema(implementation = Removed.class)))
    @APIResponse(
            responseCode = "409",
            description =
                    "`HAS_CHILDREN`, with some of its `children` and their `children_count`; repeat it with `confirm`")
    @APIResponse(responseCode = "410", description = REMOVED)
    public Uni<Removed> remove(
            @PathParam("id") @Parameter(description = ID, schema = @Schema(implementation = UUID.class)) String id,
            @HeaderParam("X-Confirm-Name")
                    @Nullable @Parameter(
                            required = true,
                            description = "The node's name, as it is or percent-encoded UTF-8; 400 when it is another")
                    String confirmName,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("confirm")
                    @DefaultValue("false")
                    @Parameter(description = "Agrees that what is below is removed too")
                    boolean confirmed) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        var who = caller.get();
        return transactions
                .run(who, connection -> tree.remove(connection, who, workspaceId, confirmName, confirmed, ifMatch))
                .map(below -> new Removed(WorkspaceStatus.REMOVED.word(), below));
    }

    private Reply created(Workspace workspace) {
        return json.reply(201, workspace)
                .with("Location", "/workspaces/" + workspace.id())
                .with("ETag", workspace.etag());
    }

    private static Response ok(Workspace workspace) {
        return Response.ok(workspace).header("ETag", workspace.etag()).build();
    }
}
