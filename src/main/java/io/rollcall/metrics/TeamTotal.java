package io.rollcall.metrics;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The days of all agents together, whichever of them are on the page. */
@RegisterForReflection
@Schema(name = "TeamTotal")
record TeamTotal(
        long agents,

        @Schema(description = "Days on which at least one agent has a row")
        long activeDays,

        @JsonRawValue @Schema(implementation = MetricShape.Totals.class)
        String totals,

        @JsonRawValue @Schema(implementation = MetricShape.Averages.class)
        String averages,

        @JsonRawValue @Schema(implementation = MetricShape.Averages.class)
        String weightedAverages) {}
