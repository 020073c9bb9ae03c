package io.rollcall.delegation;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Texts;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /delegations/{id}/status}: what a callee reports. */
@RegisterForReflection
@Schema(name = "DelegationReport", examples = "{\"status\": \"completed\", \"attempt\": 1, \"result\": \"Done.\"}")
record Report(
        @Schema(implementation = DelegationStatus.class) DelegationStatus status,

        @Nullable @Schema(
                minimum = "0",
                maximum = "2147483647",
                description = "As the claim answered it. When it is stale the report is refused")
        Long attempt,

        @Nullable @Schema(description = "As you count it") Double progress,

        @Nullable @Schema(description = "What lists show; cut to 4,096 bytes. Absent: cut from the result")
        String resultPreview,

        @Nullable @Schema(
                implementation = Object.class,
                description = "Any JSON, kept whole as it is sent; with `completed`, `failed` or `stuck`")
        String result,

        @Nullable @Schema(description = "What went wrong; cut to 4,096 bytes")
        String errorDetail,

        @Nullable @Schema(
                enumeration = {"error", "rejected"},
                description = "Why it `failed`: it went wrong (`error`, when absent), or you declined it")
        String outcome) {

    private static final Set<String> FIELDS =
            Set.of("status", "attempt", "progress", "result_preview", "result", "error_detail", "outcome");

    /** Why an agent says that it failed. */
    private enum Failure {
        ERROR,
        REJECTED
    }

    /** @throws io.rollcall.http.Problem naming every bad field */
    static Report read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        DelegationStatus status = document.oneOf("status", DelegationStatus.class);
        if (status == null && document.value("status") == null) {
            document.fault("status", "is required");
        }
        Failure outcome = document.oneOf("outcome", Failure.class);
        if (outcome != null && status != DelegationStatus.FAILED) {
            document.fault("outcome", "is for failed alone");
        }
        JsonNode result = document.value("result");
        if (result != null && status != null && !status.carriesResult()) {
            document.fault("result", "is for completed, failed and stuck; " + status.word() + " has none yet");
        }
        String json = result == null ? null : result.toString();
        String fault = json == null ? null : Texts.fault(json, Integer.MAX_VALUE);
        if (fault != null) {
            document.fault("result", fault);
        }
        String preview = document.text("result_preview", Integer.MAX_VALUE);
        var report = new Report(
                Objects.requireNonNullElse(status, DelegationStatus.QUEUED),
                attempt(document),
                document.number("progress"),
                preview == null ? Preview.of(result) : Preview.of(preview),
                json,
                Preview.of(document.text("error_detail", Integer.MAX_VALUE)),
                outcome == null ? null : outcome.name().toLowerCase(Locale.ROOT));
        document.violations().orElseThrow();
        return report;
    }

    /** Of what it carries, in characters. */
    int length() {
        return result == null ? 0 : result.length();
    }

    static @Nullable Long attempt(Document document) {
        Integer attempt = document.integer("attempt", 0, Integer.MAX_VALUE);
        return attempt == null ? null : attempt.longValue();
    }
}
