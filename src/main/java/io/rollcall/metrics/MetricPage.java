package io.rollcall.metrics;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of an agent's days. */
@RegisterForReflection
@Schema(name = "AgentMetricPage")
record MetricPage(
        @Schema(description = "Newest day first, its sections by name")
        List<MetricDay> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
