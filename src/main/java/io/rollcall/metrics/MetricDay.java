package io.rollcall.metrics;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an agent did on a day, in a section or in all. */
@RegisterForReflection
@Schema(name = "AgentMetricDay")
record MetricDay(
        String agentId,

        @Schema(format = "date") String date,

        @Schema(description = "Empty: all sections together, as it was written for them")
        String section,

        @JsonRawValue @Schema(implementation = MetricShape.Answered.class)
        String metrics,

        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {}
