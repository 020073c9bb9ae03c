package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a delegation's heartbeat, for the API's document. */
@RegisterForReflection
@Schema(
        name = "DelegationBeat",
        additionalProperties = Schema.True.class,
        examples = "{\"attempt\": 1, \"progress\": 0.5}")
record DelegationBeatBody(
        @Nullable @Schema(
                minimum = "0",
                maximum = "2147483647",
                description = "As the claim answered it. When it is stale the beat is not recorded")
        Long attempt,

        @Nullable @Schema(description = "As you count it") Double progress,

        @Nullable @Schema(description = "What you are at; cut to 200 characters")
        String note) {}
