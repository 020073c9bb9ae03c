package io.rollcall.delegation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What was accepted of a delegation's history, or came too late to be. */
@RegisterForReflection
@Schema(name = "DelegationEvent", description = "What happened to a delegation; it stays as it was written")
record DelegationEvent(
        @Schema(description = "Grows with each event of the delegation, not by one")
        long seq,

        @Schema(enumeration = {"transition", "late_result", "cancel_requested"})
        String kind,

        @Nullable @Schema(implementation = DelegationStatus.class, description = "Null for the first")
        String from,

        @Nullable @Schema(implementation = DelegationStatus.class, description = "Of a late result: what it wanted")
        String to,

        String actor,
        long attempt,
        @Nullable String reason,
        OffsetDateTime at,

        @Nullable @JsonRawValue
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(implementation = Object.class, description = "Of a late result: what it said in short")
        String detail) {}
