package io.rollcall.organisation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The shapes of templates and requests for the OpenAPI document. They are read by {@link TemplateReader}, field by field,
 * since it names every fault at once; a test imports a template that has every field of these.
 */
@RegisterForReflection
final class TemplateSchema {

    private TemplateSchema() {}

    @Schema(
            name = "ImportRequest",
            description = "Give `dir` or `template`. A YAML body may also be the bare template.")
    record Request(
            @Schema(description = "The name of a shipped or mounted template", examples = "product-team")
            String dir,

            Organisation template,

            @Schema(
                    enumeration = {"merge", "update", "reconcile"},
                    defaultValue = "merge",
                    description = "merge adds what is missing; update also writes changed fields;"
                            + " reconcile also removes what the template no longer contains")
            String mode,

            @Schema(description = "Attach below this workspace; absent: the top level")
            UUID parentId,

            @Schema(defaultValue = "false", description = "Say what would be done and do nothing")
            boolean dryRun,

            @Schema(description = "The most nodes that a reconcile may remove, instead of a share of them")
            Integer maxRemovals,

            @Schema(defaultValue = "false", description = "Any number of removals is agreed to")
            boolean confirm) {}

    @Schema(
            name = "OrgTemplate",
            description = "An organisation. Keys that begin with x-, and those of existing templates that this service"
                    + " has no behaviour for, are kept in `config`; any other key is refused.",
            additionalProperties = Schema.True.class)
    record Organisation(
            @Schema(required = true, examples = "Product Team")
            String name,

            String description,
            Defaults defaults,
            @Schema(required = true) List<Workspace> workspaces,

            @Schema(implementation = Object[].class, description = "A variable's name, or {any_of: [NAME, NAME]}")
            List<Object> requiredEnv,

            @Schema(implementation = Object[].class) List<Object> recommendedEnv) {}

    @Schema(
            name = "TemplateDefaults",
            description = "For every node that does not state the field itself",
            additionalProperties = Schema.True.class)
    record Defaults(String runtime, Integer tier, String model, String role) {}

    @Schema(name = "TemplateWorkspace", additionalProperties = Schema.True.class)
    record Workspace(
            @Schema(required = true, description = "Unique among its siblings")
            String name,

            String role,
            String runtime,
            @Schema(defaultValue = "1") Integer tier,
            String model,
            @Schema(defaultValue = "1") Integer maxConcurrentTasks,

            @Schema(defaultValue = "false", description = "Run elsewhere: waits for its agent to come")
            Boolean external,

            String url,

            @Schema(defaultValue = "true", description = "false: neither this node nor those below it are created")
            Boolean spawning,

            Canvas canvas,
            Map<String, String> labels,
            @Schema(implementation = Object[].class) List<Object> requiredEnv,

            @Schema(implementation = Object[].class, description = "Ids, or objects with an id")
            List<Object> agents,

            List<Workspace> children) {}

    @Schema(name = "TemplateCanvas")
    record Canvas(double x, double y) {}
}
