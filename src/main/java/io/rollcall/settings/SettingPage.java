package io.rollcall.settings;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of a workspace's documents. */
@RegisterForReflection
@Schema(name = "SettingPage")
record SettingPage(
        @Schema(description = "By key") List<SettingSummary> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
