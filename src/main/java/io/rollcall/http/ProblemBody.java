package io.rollcall.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The {@code application/problem+json} body of every error (RFC 9457). */
@RegisterForReflection
@Schema(
        name = "Problem",
        description = "What went wrong and what to do about it (RFC 9457). Some codes have members of their own.",
        additionalProperties = Schema.True.class)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "error", "code", "violations"})
record ProblemBody(
        @Schema(examples = "about:blank", description = "Always `about:blank`: `code` tells problems apart")
        String type,

        @Schema(description = "The status in words", examples = "Unprocessable Entity")
        String title,

        @Schema(examples = "422") int status,

        @Schema(description = "What happened, for people") String detail,

        @Schema(description = "The path that was called", examples = "/org/import")
        String instance,

        @Schema(description = "The same text as `detail`, for older clients")
        String error,

        @Schema(description = "For programs; never renamed", examples = "VALIDATION_FAILED")
        String code,

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Schema(description = "Every bad field of the request; absent when it is not about fields")
        List<Violation> violations,

        @Schema(hidden = true) @JsonAnyGetter Map<String, Object> members) {}
