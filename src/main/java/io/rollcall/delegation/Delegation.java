package io.rollcall.delegation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger as clients see it.
 *
 * @param id the service's own key, which clients do not see; it orders lists
 */
@RegisterForReflection
@Schema(name = "Delegation", description = "Who asked whom to do what, and where it stands")
record Delegation(
        @JsonIgnore @Schema(hidden = true) long id,

        @Schema(description = "Unique within the organisation", minLength = 1, maxLength = 200)
        String delegationId,

        UUID orgId,

        @Schema(description = "The workspace that asked") UUID callerId,

        @Schema(description = "The workspace that was asked")
        UUID calleeId,

        @Schema(description = "The beginning of the task, at most 4,096 bytes")
        String taskPreview,

        @Schema(implementation = DelegationStatus.class) String status,

        @Nullable @Schema(
                enumeration = {"error", "deadline_exceeded", "cancelled", "rejected", "lost"},
                description = "Why it is `failed` or `stuck`; else null")
        String outcome,

        @Schema(
                description =
                        "The fencing token: one more with each claim. A callee sends it along, and is refused when it is stale")
        long attempt,

        @Nullable @Schema(description = "Which of the callee's agents claimed it, if it said so")
        String agentId,

        int retryCount,

        @Nullable @Schema(description = "The delegation that this one tries again")
        String retryOf,

        @Nullable String parentDelegationId,

        @Schema(description = "The top of its tree; itself for one without parent")
        String rootDelegationId,

        @Nullable OffsetDateTime lastHeartbeat,

        @Nullable @Schema(description = "As the callee counts it")
        Double progress,

        @Schema(
                enumeration = {"alive", "silent", "unknown"},
                description = "Whether its callee was heard of lately: by the database's clock, apart from its status;"
                        + " `unknown` when it never was, and at the end")
        String liveness,

        OffsetDateTime deadline,

        @Nullable @Schema(description = "The beginning of the result, at most 4,096 bytes")
        String resultPreview,

        @Nullable String errorDetail,
        @Nullable String idempotencyKey,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = String.class)
        String labels,

        @Nullable OffsetDateTime cancelRequestedAt,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,
        @Nullable OffsetDateTime finishedAt) {}
