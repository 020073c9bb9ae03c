package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A while in which nobody judges an agent's silence. */
@RegisterForReflection
@Schema(name = "WatchdogPause", description = "A while in which an agent's silence is not judged")
record Pause(
        UUID orgId,

        UUID workspaceId,

        @Schema(description = "`*`: all agents of the workspace")
        String agentId,

        @Schema(minimum = "1", maximum = "240") int minutes,

        @Schema(description = "By the database's clock") OffsetDateTime untilAt,

        @Schema(description = "Whose token it was") String pausedBy,

        OffsetDateTime pausedAt,

        @Nullable @Schema(description = "When `minutes` is not what was asked for: what was")
        String note) {

    Pause with(@Nullable String said) {
        return new Pause(orgId, workspaceId, agentId, minutes, untilAt, pausedBy, pausedAt, said);
    }
}
