package io.rollcall.activity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** That a delegation has ended, told to its caller. What it says is the delegation's present row, which no longer changes. */
@RegisterForReflection
@Schema(name = "InboxMessage", description = "That a delegation has ended, told to its caller once")
record InboxMessage(
        @Schema(description = "Its place in the inbox, from 1; without gaps, but for what retention took")
        long seq,

        @Schema(enumeration = "delegation_result") String type,

        String delegationId,

        @Schema(description = "The workspace that was asked")
        UUID calleeId,

        @Schema(enumeration = {"completed", "failed", "stuck"})
        String status,

        @Nullable @Schema(
                enumeration = {"error", "deadline_exceeded", "cancelled", "rejected", "lost"},
                description = "Why it is `failed` or `stuck`; else null")
        String outcome,

        @Nullable @Schema(description = "The beginning of the result, at most 4,096 bytes")
        String resultPreview,

        @Nullable String errorDetail,

        @Schema(description = "Whether a result came after the end; the delegation has it")
        boolean late,

        @Schema(description = "When the delegation ended") OffsetDateTime createdAt) {

    static final String DELEGATION_RESULT = "delegation_result";
}
