package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of skills. */
@RegisterForReflection
@Schema(name = "SkillInstallPage")
record SkillInstallPage(
        @Schema(description = "By agent and skill") List<SkillInstall> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
