package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.workspace.EnvShape;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A template in the list.
 *
 * @param workspaces how many nodes it has
 * @param error what is wrong with it, if it is broken; then the rest is empty
 * @param reason {@code yaml_invalid}, {@code template_invalid} or {@code unreadable}
 */
@RegisterForReflection
@Schema(name = "TemplateSummary")
record TemplateSummary(
        @Schema(description = "The `dir` of an import of it", examples = "product-team")
        String dir,

        @Nullable @Schema(description = "Null when it is broken")
        String name,

        @Nullable String description,

        @Schema(description = "How many nodes it has; 0 when it is broken")
        int workspaces,

        @Schema(implementation = EnvShape[].class) List<EnvRequirement> requiredEnv,

        @Schema(implementation = EnvShape[].class) List<EnvRequirement> recommendedEnv,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "What is wrong with it; absent when nothing is")
        String error,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                enumeration = {"yaml_invalid", "template_invalid", "unreadable"},
                description = "Which kind of `error`; absent when there is none")
        String reason) {

    static TemplateSummary of(String dir, Template template) {
        return new TemplateSummary(
                dir,
                template.name(),
                template.description(),
                template.size(),
                template.requiredEnv(),
                template.recommendedEnv(),
                null,
                null);
    }

    static TemplateSummary broken(String dir, String error, String reason) {
        return new TemplateSummary(dir, null, null, 0, List.of(), List.of(), error, reason);
    }
}
