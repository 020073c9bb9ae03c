package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How an organisation stands, in numbers of one moment. */
@RegisterForReflection
@Schema(name = "HeartbeatSummary")
record HeartbeatSummary(
        @Schema(description = "Without those that were removed")
        Workspaces workspaces,

        Agents agents,

        @Schema(description = "When this was counted, by the database's clock")
        OffsetDateTime asOf) {

    /** Of each status. */
    @RegisterForReflection
    @Schema(name = "WorkspacesByStatus")
    record Workspaces(
            long provisioning,
            long online,
            long degraded,
            long offline,
            long awaitingAgent,
            long paused,
            long hibernating,
            long hibernated,
            long failed) {}

    /** Of each liveness. */
    @RegisterForReflection
    @Schema(name = "AgentsByLiveness")
    record Agents(
            long alive,
            long silent,

            @Schema(description = "Whose silence is not judged now; each of them is alive or silent as well")
            long paused) {}
}
