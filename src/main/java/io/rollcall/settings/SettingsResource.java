package io.rollcall.settings;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.settings.SettingsRepository.Change;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
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

/** The settings of a workspace ({@code /workspaces/{id}/settings}). */
@Path("/workspaces/{id}/settings")
@Tag(name = "settings", description = "What a workspace's agents are told by people, as JSON documents by key")
@Produces(MediaType.APPLICATION_JSON)
class SettingsResource {

    private static final String KEY = "Which document; yours to choose";
    private static final String ABSENT = "`*`: only if there is no document under this key, else 412 `STALE`";
    private static final String SAME =
            "What would change nothing is not written: the document keeps its `ETag`, and a request whose reply was lost may"
                    + " be sent again, also with the `If-Match` of before.";
    private static final String TOO_MANY = "`TOO_MANY_DOCUMENTS` in this workspace, with `limit` and `value`";

    private final Settings settings;
    private final SettingsLimits limits;
    private final CurrentCaller caller;
    private final Json json;

    SettingsResource(Settings settings, SettingsLimits limits, CurrentCaller caller, Json json) {
        this.settings = settings;
        this.limits = limits;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(operationId = "listSettings", summary = "The documents of a workspace, without their contents")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content = @Content(schema = @Schema(implementation = SettingPage.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<SettingPage> list(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return settings.page(who, workspaceId, PairCursor.decode(cursor), Page.limit(limit));
    }

    @GET
    @Path("/{key}")
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(operationId = "getSettings", summary = "A document")
    @APIResponse(
            responseCode = "200",
            description = "The document itself, its numbers with all their digits",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = SettingsBody.Form.class)))
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Response> get(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("key") @Parameter(description = KEY, schema = @Schema(implementation = SettingKey.Form.class))
                    String key) {
        var who = caller.get();
        return settings.find(who, OwnWorkspace.fromPath(who, id), SettingKey.fromPath(key))
                .map(found -> reply(200, found));
    }

    @PUT
    @Path("/{key}")
    @RolesAllowed(Role.WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putSettings", summary = "Replace a document, or make it", description = SAME)
    @APIResponse(
            responseCode = "200",
            description = "The document as it is now",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = SettingsBody.Form.class)))
    @APIResponse(
            responseCode = "201",
            description = "There was none",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = SettingsBody.Form.class)))
    @APIResponse(responseCode = "409", description = TOO_MANY)
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Response> put(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("key") @Parameter(description = KEY, schema = @Schema(implementation = SettingKey.Form.class))
                    String key,
            @HeaderParam("If-Match") @Parameter(schema = @Schema(implementation = String.class)) List<String> ifMatch,
            @HeaderParam("If-None-Match")
                    @Parameter(description = ABSENT, schema = @Schema(implementation = String.class, enumeration = "*"))
                    List<String> ifNoneMatch,
            @RequestBody(content = @Content(schema = @Schema(implementation = SettingsBody.Form.class))) byte[] body) {
        return change(id, key, Change.REPLACE, Precondition.of(ifMatch, ifNoneMatch), body);
    }

    @PATCH
    @Path("/{key}")
    @RolesAllowed(Role.WRITE)
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(
            operationId = "patchSettings",
            summary = "Merge into a document, or make it",
            description =
                    "A JSON merge patch (RFC 7396): objects are merged, `null` takes away, all else replaces. Of two at"
                            + " once both are merged, one into what the other left. " + SAME)
    @APIResponse(
            responseCode = "200",
            description = "The document as it is now",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = SettingsBody.Form.class)))
    @APIResponse(
            responseCode = "201",
            description = "There was none: merged into an empty object",
            headers = @Header(name = "ETag"),
            content = @Content(schema = @Schema(implementation = SettingsBody.Form.class)))
    @APIResponse(responseCode = "409", description = TOO_MANY)
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Response> patch(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("key") @Parameter(description = KEY, schema = @Schema(implementation = SettingKey.Form.class))
                    String key,
            @HeaderParam("If-Match") @Parameter(schema = @Schema(implementation = String.class)) List<String> ifMatch,
            @HeaderParam("If-None-Match")
                    @Parameter(description = ABSENT, schema = @Schema(implementation = String.class, enumeration = "*"))
                    List<String> ifNoneMatch,
            @RequestBody(content = @Content(schema = @Schema(implementation = SettingsBody.Form.class))) byte[] body) {
        return change(id, key, Change.MERGE, Precondition.of(ifMatch, ifNoneMatch), body);
    }

    @DELETE
    @Path("/{key}")
    @RolesAllowed(Role.WRITE)
    @Operation(operationId = "deleteSettings", summary = "Take a document away")
    @APIResponse(responseCode = "204", description = "There is no such document, or no more")
    @APIResponse(responseCode = "410", description = OwnWorkspace.REMOVED)
    public Uni<Void> delete(
            @PathParam("id") @Parameter(description = OwnWorkspace.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @PathParam("key") @Parameter(description = KEY, schema = @Schema(implementation = SettingKey.Form.class))
                    String key,
            @HeaderParam("If-Match") @Parameter(schema = @Schema(implementation = String.class)) List<String> ifMatch,
            @HeaderParam("If-None-Match")
                    @Parameter(description = ABSENT, schema = @Schema(implementation = String.class, enumeration = "*"))
                    List<String> ifNoneMatch) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        return settings.delete(who, workspaceId, SettingKey.fromPath(key), Precondition.of(ifMatch, ifNoneMatch));
    }

    private Uni<Response> change(String id, String key, Change change, Precondition precondition, byte[] body) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String document = SettingKey.fromPath(key);
        return json.read(body, () -> SettingsBody.read(body, limits))
                .chain(text -> settings.change(who, workspaceId, document, change, text, precondition))
                .map(changed -> reply(changed.created() ? 201 : 200, changed.setting()));
    }

    private static Response reply(int status, Setting setting) {
        return Response.status(status)
                .entity(setting.data())
                .type(MediaType.APPLICATION_JSON)
                .header("ETag", setting.etag())
                .build();
    }
}
