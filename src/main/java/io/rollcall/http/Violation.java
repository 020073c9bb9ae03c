package io.rollcall.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One bad field of a request.
 *
 * @param path where it stands in the body ({@code template.workspaces[2].name}), or the parameter's or header's name
 * @param message what is wrong with it and what would be right, with the limit where there is one
 */
@RegisterForReflection
@Schema(name = "Violation")
public record Violation(
        @Schema(
                description = "Where it stands in the body, or the parameter's or header's name",
                examples = "template.workspaces[2].name")
        String path,

        @Schema(description = "What is wrong with it and what would be right", examples = "must not be empty")
        String message) {}
