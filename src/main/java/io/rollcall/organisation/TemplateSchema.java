package io.rollcall.organisation;

import io.rollcall.http.Labels;
import io.rollcall.http.Limits;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentShape;
import io.rollcall.workspace.EnvShape;
import io.rollcall.workspace.WorkspaceFields;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of templates and requests for the OpenAPI document. They are read by {@link TemplateReader}, field by field,
 * since it names every fault at once; a test sends every field of these. Defaults are said in words: of a {@code default},
 * generated clients make a field that one must send, and a field that is sent counts as stated.
 */
final class TemplateSchema {

    private TemplateSchema() {}

    @Schema(
            name = "ImportRequest",
            description = "Has either `dir` or `template`.",
            examples = "{\"dir\": \"product-team\", \"mode\": \"update\", \"dry_run\": true}")
    record Request(
            @Nullable @Schema(
                    maxLength = 100,
                    description = "The name of a template on the server; `GET /org/templates` lists them")
            String dir,

            @Nullable Organisation template,

            @Nullable @Schema(
                    enumeration = {"merge", "update", "reconcile"},
                    description = "`merge`, the default, adds what is missing; `update` also writes changed fields;"
                            + " `reconcile` also removes what an earlier import of this template made here and the"
                            + " template no longer has")
            String mode,

            @Nullable @Schema(description = "Attach below this workspace; absent: at the top level")
            UUID parentId,

            @Nullable @Schema(description = "Say what would be done and do nothing")
            Boolean dryRun,

            @Nullable @Schema(
                    minimum = "0",
                    description = "The most nodes that a reconcile may remove, instead of the usual share of 30 %")
            Integer maxRemovals,

            @Nullable @Schema(description = "A reconcile may remove any number of nodes")
            Boolean confirm) {}

    @Schema(
            name = "OrgTemplate",
            description = "An organisation. Beyond these fields, here and in every node: keys that begin with `x-`, and"
                    + " those of existing templates that this service has no behaviour for (`system_prompt`,"
                    + " `plugins`, `schedules` and others), are kept in `config`; any other key is refused.",
            examples = "{\"name\": \"Acme\", \"defaults\": {\"runtime\": \"claude-code\"}, \"workspaces\": [{\"name\":"
                    + " \"Acme\", \"children\": [{\"name\": \"Engineering\", \"role\": \"Builds it\"}]}]}",
            additionalProperties = Schema.True.class)
    record Organisation(
            @Schema(minLength = 1, maxLength = Limits.NAME, pattern = Texts.NAME)
            String name,

            @Nullable @Schema(maxLength = Limits.TEXT) String description,
            @Nullable Defaults defaults,
            @Schema(minItems = 1) List<Workspace> workspaces,

            @Nullable @Schema(
                    implementation = EnvShape[].class,
                    description = "What the service's environment must have; else the import is refused with 412")
            List<Object> requiredEnv,

            @Nullable @Schema(implementation = EnvShape[].class)
            List<Object> recommendedEnv) {}

    @Schema(
            name = "TemplateDefaults",
            description = "For every node that does not state the field itself",
            additionalProperties = Schema.True.class)
    record Defaults(
            @Nullable @Schema(maxLength = Limits.WORD) String runtime,

            @Nullable @Schema(minimum = "0", maximum = "" + WorkspaceFields.HIGHEST_TIER)
            Integer tier,

            @Nullable @Schema(maxLength = Limits.WORD) String model,
            @Nullable @Schema(maxLength = Limits.ROLE) String role) {}

    @Schema(
            name = "TemplateWorkspace",
            description = "A node. What it does not state has the template's default when it is created, and is left"
                    + " alone when it exists.",
            additionalProperties = Schema.True.class)
    record Workspace(
            @Schema(
                    minLength = 1,
                    maxLength = Limits.NAME,
                    pattern = Texts.NAME,
                    description = "Unique among its siblings")
            String name,

            @Nullable @Schema(maxLength = Limits.ROLE) String role,
            @Nullable @Schema(maxLength = Limits.WORD) String runtime,

            @Nullable @Schema(
                    minimum = "0",
                    maximum = "" + WorkspaceFields.HIGHEST_TIER,
                    description = "1 when the template has no default either")
            Integer tier,

            @Nullable @Schema(maxLength = Limits.WORD) String model,

            @Nullable @Schema(
                    minimum = "1",
                    maximum = "" + WorkspaceFields.MOST_TASKS,
                    description = "1 in a new node that does not state it")
            Integer maxConcurrentTasks,

            @Nullable @Schema(description = "Run elsewhere: it waits for its agent to come")
            Boolean external,

            @Nullable @Schema(
                    maxLength = Limits.TEXT,
                    format = "uri",
                    pattern = WorkspaceFields.URL,
                    description = "Absolute, http or https; kept and shown, never called")
            String url,

            @Nullable @Schema(description = "`false`: neither it nor what is below it is created")
            Boolean spawning,

            @Nullable Canvas canvas,

            @Nullable @Schema(
                    type = SchemaType.OBJECT,
                    propertyNames = Labels.Key.class,
                    additionalProperties = Labels.Value.class,
                    maxProperties = Labels.MOST)
            String labels,

            @Nullable @Schema(implementation = EnvShape[].class)
            List<Object> requiredEnv,

            @Nullable @Schema(implementation = AgentShape[].class, maxItems = 1000)
            List<Object> agents,

            @Nullable List<Workspace> children) {}

    @Schema(name = "TemplateCanvas", description = "Where a new node is put; existing ones are never moved")
    record Canvas(
            @Nullable @Schema(nullable = true) Double x,
            @Nullable @Schema(nullable = true) Double y) {}
}
