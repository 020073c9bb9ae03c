package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
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
        String dir,
        @Nullable String name,
        @Nullable String description,
        int workspaces,
        @Schema(implementation = Object[].class) List<EnvRequirement> requiredEnv,
        @Schema(implementation = Object[].class) List<EnvRequirement> recommendedEnv,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String error,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String reason) {

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
