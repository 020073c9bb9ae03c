package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A skill of an agent. */
@RegisterForReflection
@Schema(name = "SkillInstall", description = "The commit of a skill that an agent installed last")
record SkillInstall(
        String agentId,
        String skill,
        String commit,
        OffsetDateTime installedAt,
        long ageSeconds,

        @Schema(description = "The commit of this skill that any agent of the workspace installed last")
        String newestCommit,

        @Schema(description = "The agent has another than the newest commit")
        boolean drifted,

        @Schema(description = "Installed more than 24 h ago, by an agent that was heard within the last hour")
        boolean stale) {}
