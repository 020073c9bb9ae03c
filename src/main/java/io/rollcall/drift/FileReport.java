package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One file of one agent: as it reported it, and as it should be. */
@RegisterForReflection
@Schema(name = "FileReport", description = "A file that an agent reported, or should have")
record FileReport(
        String agentId,
        String path,

        @Nullable @Schema(description = "SHA-256; null when it should have the file and has not reported it")
        String reportedSha,

        @Nullable @Schema(description = "SHA-256; null when the workspace does not name the file")
        String sourceSha,

        @Nullable @Schema(description = "Whether both are the same; null when the workspace does not name the file")
        Boolean match,

        @Schema(description = "The workspace names the file, and the agent reported another one, or none")
        boolean drifted,

        @Nullable OffsetDateTime pingedAt,
        @Nullable Long ageSeconds) {}
