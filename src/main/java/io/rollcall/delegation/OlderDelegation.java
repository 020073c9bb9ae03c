package io.rollcall.delegation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Texts;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A delegation as older agents read it. What went wrong is under both names: their server sent {@code error}, and they read
 * {@code error_detail}.
 */
@RegisterForReflection
@Schema(name = "OlderDelegation", description = "A delegation as older agents read it")
record OlderDelegation(
        String delegationId,
        @Schema(description = "The workspace that asked") UUID sourceId,

        @Schema(description = "The workspace that was asked")
        UUID targetId,

        @Schema(
                enumeration = {"sent", "received"},
                description = "Seen from the workspace of the path")
        String direction,

        @Schema(description = "The beginning of the task, at most 200 characters")
        String summary,

        @Schema(implementation = DelegationStatus.class) String status,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,

        @JsonProperty("_ledger") @Schema(description = "Always `true`")
        boolean ledger,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "The beginning of the result, at most 300 characters")
        String responsePreview,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String error,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(description = "The same as `error`")
        String errorDetail,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) OffsetDateTime lastHeartbeat,

        OffsetDateTime deadline) {

    private static final int SUMMARY = 200;
    private static final int PREVIEW = 300;

    static OlderDelegation of(Delegation row, UUID workspaceId) {
        return new OlderDelegation(
                row.delegationId(),
                row.callerId(),
                row.calleeId(),
                row.callerId().equals(workspaceId) ? "sent" : "received",
                Texts.cut(row.taskPreview(), SUMMARY),
                row.status(),
                row.createdAt(),
                row.updatedAt(),
                true,
                row.resultPreview() == null ? null : Texts.cut(row.resultPreview(), PREVIEW),
                row.errorDetail(),
                row.errorDetail(),
                row.lastHeartbeat(),
                row.deadline());
    }
}
