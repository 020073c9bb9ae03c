package io.rollcall.heartbeat;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An agent: when it was last heard, and what it last said of itself. */
@RegisterForReflection
@Schema(name = "AgentHeartbeat", description = "When an agent was last heard, and what it last said of itself")
record Heartbeat(
        UUID workspaceId,

        String agentId,

        UUID orgId,

        @Nullable @Schema(
                enumeration = {"idle", "running", "paused", "error"},
                description = "What it says that it does; null when it never said")
        String status,

        @Schema(
                enumeration = {"alive", "silent"},
                description =
                        "Silent: no beat for longer than `rollcall.heartbeats.offline-after`, by the database's clock")
        String liveness,

        OffsetDateTime lastHeartbeat,

        @Nullable @Schema(description = "Since when the sweep holds it to be silent; null until it has looked")
        OffsetDateTime silentSince,

        @Nullable OffsetDateTime startedAt,

        @Nullable @Schema(minimum = "0", description = "From `started_at` to its last beat")
        Long uptimeSeconds,

        @Nullable @Schema(minimum = "0", maximum = "1") Double errorRate,

        @Nullable String sampleError,

        @Nullable @Schema(minimum = "0") Integer activeTasks,

        @Nullable String currentTask,

        @Nullable String loopId,

        @Nullable @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class)
        String detail,

        @Nullable String url,

        @Nullable String deliveryMode,

        @Nullable OffsetDateTime registeredAt,

        @Nullable @Schema(description = "Until when its silence is not judged, by its own pause or its workspace's")
        OffsetDateTime pausedUntil) {

    AgentCursor cursor() {
        return new AgentCursor(workspaceId, agentId);
    }
}
