package io.rollcall.metrics;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A team, and a page of its agents. */
@RegisterForReflection
@Schema(name = "TeamMetricPage")
record TeamPage(
        @Schema(format = "date") String from,
        @Schema(format = "date") String to,
        TeamTotal team,

        @Schema(description = "By agent") List<TeamMember> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
