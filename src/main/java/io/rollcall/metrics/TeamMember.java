package io.rollcall.metrics;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An agent's days together. */
@RegisterForReflection
@Schema(name = "TeamMember")
record TeamMember(
        String agentId,

        @Schema(description = "Days with a row") long activeDays,

        @JsonRawValue @Schema(implementation = MetricShape.Totals.class)
        String totals,

        @JsonRawValue @Schema(implementation = MetricShape.Averages.class)
        String averages,

        @JsonRawValue @Schema(implementation = MetricShape.Averages.class)
        String weightedAverages) {}
