package io.rollcall.delegation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a callee reported when it no longer counted: kept as evidence, once however often it was sent. */
@RegisterForReflection
@Schema(name = "LateResult", description = "What a callee reported when it no longer counted")
record LateResult(
        @Schema(implementation = DelegationStatus.class, description = "What it wanted the delegation to become")
        String status,

        String actor,

        @Schema(description = "The attempt that it named; the delegation's when it named none")
        long attempt,

        OffsetDateTime at,
        @Nullable String resultPreview,
        @Nullable String errorDetail,

        @Nullable @JsonRawValue @Schema(implementation = Object.class, description = "The whole result, as it was sent")
        String result) {}
