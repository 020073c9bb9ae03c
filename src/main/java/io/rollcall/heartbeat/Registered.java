package io.rollcall.heartbeat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The reply to a registration. */
@RegisterForReflection
@Schema(name = "AgentRegistered")
record Registered(
        @Schema(description = "`registered`") String status,
        UUID workspaceId,
        String agentId,

        @Schema(ref = "#/components/schemas/WorkspaceStatus")
        String workspaceStatus,

        @Nullable String deliveryMode,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable @Schema(description = "A token of the workspace, shown this once; absent when the workspace has one that works")
        String authToken,

        @Schema(description = "When to beat for the first time")
        long nextHeartbeatMs) {}
