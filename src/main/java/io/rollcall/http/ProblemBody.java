package io.rollcall.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The {@code application/problem+json} body of every error (RFC 9457). */
@Schema(name = "Problem", description = "What went wrong and what to do about it (RFC 9457)")
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "error", "code", "violations"})
record ProblemBody(
        @Schema(description = "Always about:blank: `code` tells problems apart")
        String type,

        @Schema(description = "The status in words") String title,
        int status,
        @Schema(description = "What happened, for people") String detail,
        @Schema(description = "The path that was called") String instance,

        @Schema(description = "The same text as `detail`, for older clients")
        String error,

        @Schema(description = "Stable, for programs", examples = "VALIDATION_FAILED")
        String code,

        @Schema(description = "Every bad field, with its path in the body")
        List<Violation> violations,

        @Schema(hidden = true) @JsonAnyGetter Map<String, Object> members) {}
