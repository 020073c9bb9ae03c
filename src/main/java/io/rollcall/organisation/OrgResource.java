package io.rollcall.organisation;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Cursor;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Ids;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.rollcall.http.Worker;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Import, export, templates and the history of imports ({@code /org}). */
@Path("/org")
@Tag(name = "organisation", description = "Whole trees: import and its history, templates, export")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.READ)
class OrgResource {

    private static final String YAML = "application/yaml";
    private static final String TEXT_YAML = "text/yaml";
    private static final String X_YAML = "application/x-yaml";
    private static final String IN_BODY =
            "As the field of `ImportRequest`, which must not say otherwise where both are given";

    private final OrgImporter importer;
    private final OrgExporter exporter;
    private final ImportGate gate;
    private final ImportRequestReader reader;
    private final ImportRuns runs;
    private final TemplateLibrary library;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final CurrentCaller caller;
    private final Json json;

    OrgResource(
            OrgImporter importer,
            OrgExporter exporter,
            ImportGate gate,
            ImportRequestReader reader,
            ImportRuns runs,
            TemplateLibrary library,
            Transactions transactions,
            Idempotency idempotency,
            CurrentCaller caller,
            Json json) {
        this.importer = importer;
        this.exporter = exporter;
        this.gate = gate;
        this.reader = reader;
        this.runs = runs;
        this.library = library;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @RolesAllowed(Role.WRITE)
    @Path("/import")
    @Consumes({MediaType.APPLICATION_JSON, YAML, TEXT_YAML, X_YAML})
    @Operation(
            operationId = "importOrganisation",
            summary = "Import a tree of workspaces, in one transaction and as often as you like")
    @APIResponse(
            responseCode = "201",
            description = "Done; at least one workspace was created",
            content = @Content(schema = @Schema(implementation = ImportResult.class)))
    @APIResponse(
            responseCode = "200",
            description = "Done without creating any, since all were there; or a dry run",
            content = @Content(schema = @Schema(implementation = ImportResult.class)))
    @APIResponse(
            responseCode = "409",
            description =
                    "`PARENT_NOT_FOUND`. `RECONCILE_LIMIT`: would remove more than allowed (`removals` of `existing`)."
                            + " `IMPORT_CONTENTION`: the tree kept changing, try again")
    @APIResponse(
            responseCode = "412",
            description = "`MISSING_ENV`: the service's environment does not have what `missing_env` lists")
    public Uni<Response> importOrganisation(
            @RequestBody(
                            required = true,
                            description = "In YAML, which may also be called `text/yaml` or `application/x-yaml`, the"
                                    + " template may stand alone",
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = TemplateSchema.Request.class)),
                                @Content(
                                        mediaType = YAML,
                                        schema =
                                                @Schema(
                                                        anyOf = {
                                                            TemplateSchema.Request.class,
                                                            TemplateSchema.Organisation.class
                                                        }))
                            })
                    byte[] body,
            @QueryParam("mode")
                    @Nullable @Parameter(
                            description = IN_BODY,
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"merge", "update", "reconcile"}))
                    String mode,
            @QueryParam("parent_id")
                    @Nullable @Parameter(description = IN_BODY, schema = @Schema(implementation = UUID.class))
                    String parentId,
            @QueryParam("dry_run")
                    @Nullable @Parameter(description = IN_BODY, schema = @Schema(implementation = Boolean.class))
                    String dryRun,
            @QueryParam("max_removals")
                    @Nullable @Parameter(description = IN_BODY, schema = @Schema(implementation = Integer.class, minimum = "0"))
                    String maxRemovals,
            @QueryParam("confirm")
                    @Nullable @Parameter(description = IN_BODY, schema = @Schema(implementation = Boolean.class))
                    String confirm,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        var who = caller.get();
        var query = new ImportRequestReader.Query(mode, parentId, dryRun, maxRemovals, confirm);
        String type =
                headers.getMediaType() == null ? "" : headers.getMediaType().getSubtype();
        String parameters = String.valueOf(uri.getRequestUri().getRawQuery());
        return gate.pass(who.organisation(), () -> Worker.run(() -> new Import(
                                reader.read(body, type.contains("yaml"), query).of(who),
                                IdempotencyKey.of(who.actor(), "POST", "/org/import", parameters, type, key, body)))
                        .chain(call -> transactions.run(
                                who,
                                connection -> idempotency.once(
                                        connection, call.key(), () -> importer.run(connection, who, call.request())
                                                .chain(result -> json.largeReply(result.status(), result))))))
                .onFailure(Transactions::isContention)
                .transform(exhausted -> OrgImporter.contention())
                .map(Reply::toResponse);
    }

    private record Import(ImportRequest request, IdempotencyKey key) {}

    @GET
    @Path("/imports")
    @Operation(operationId = "listImports", summary = "The history of imports, newest first")
    @APIResponseSchema(value = ImportRunPage.class, responseDescription = "A page of the history")
    public Uni<ImportRunPage> imports(
            @QueryParam("org_id")
                    @Nullable @Parameter(
                            description =
                                    "Only into this organisation; a preview of one that is not there yet is nobody's",
                            schema = @Schema(implementation = UUID.class))
                    String orgId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        UUID organisation = Ids.fromQuery("org_id", orgId);
        int size = Page.limit(limit);
        Cursor after = Cursor.decode(cursor);
        var who = caller.get();
        return transactions
                .read(who, connection -> runs.page(connection, who, organisation, after, size))
                .map(rows -> Page.of(rows, size, ImportRun::cursor))
                .map(page -> new ImportRunPage(page.items(), page.nextCursor()));
    }

    @GET
    @Path("/imports/{id}")
    @Operation(operationId = "getImport", summary = "One import of the history")
    @APIResponseSchema(value = ImportRun.class, responseDescription = "The import")
    public Uni<ImportRun> importRun(
            @PathParam("id")
                    @Parameter(
                            description = "The `import_id` of its reply",
                            schema = @Schema(implementation = UUID.class))
                    String id) {
        UUID runId = Ids.fromPath("import", id);
        var who = caller.get();
        return transactions
                .read(who, connection -> runs.find(connection, who, runId))
                .map(found -> {
                    if (found == null) {
                        throw Problem.notFound("import", runId);
                    }
                    return found;
                });
    }

    @GET
    @Path("/templates")
    @Operation(
            operationId = "listTemplates",
            summary = "The templates that an import can name, broken ones with their error")
    @APIResponseSchema(
            value = TemplateSummary[].class,
            responseDescription = "All of them, by name: those shipped and those under `ROLLCALL_TEMPLATES_DIR`")
    public Uni<List<TemplateSummary>> templates() {
        return Worker.run(library::list);
    }

    @GET
    @Path("/export")
    @Produces({MediaType.APPLICATION_JSON, YAML, TEXT_YAML, X_YAML})
    @Operation(operationId = "exportOrganisation", summary = "A subtree as a template that re-imports to the same tree")
    @APIResponse(
            responseCode = "200",
            description = "The template, as JSON or as YAML, whichever `Accept` names first",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = TemplateSchema.Organisation.class)),
                @Content(mediaType = YAML, schema = @Schema(implementation = TemplateSchema.Organisation.class))
            })
    public Uni<Response> export(
            @QueryParam("root")
                    @Nullable @Parameter(
                            description =
                                    "The topmost workspace to export; absent: the root of the token's organisation",
                            schema = @Schema(implementation = UUID.class))
                    String root,
            @Context HttpHeaders headers) {
        var who = caller.get();
        UUID top = root != null
                ? Ids.fromPath("workspace", root)
                : Optional.ofNullable(who.organisation())
                        .orElseThrow(() -> Problem.malformed(
                                "root", "is required from the platform's admin: the id of the topmost workspace"));
        boolean yaml = headers.getAcceptableMediaTypes().stream()
                .findFirst()
                .map(type -> type.getSubtype().contains("yaml"))
                .orElse(false);
        return transactions
                .read(who, connection -> exporter.export(connection, who, top, yaml))
                .map(bytes -> Response.ok(bytes, yaml ? YAML : MediaType.APPLICATION_JSON)
                        .build());
    }
}
