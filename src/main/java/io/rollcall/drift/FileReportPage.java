package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of reports, and what holds for all of them. */
@RegisterForReflection
@Schema(name = "FileReportPage")
record FileReportPage(
        @Schema(description = "By agent and path") List<FileReport> items,

        @Schema(description = "Whether any file has drifted, on this page or not; of the agent when one was asked for")
        boolean hasDrift,

        @Nullable @Schema(description = "When the last report came; null when none has, of the agent when one was asked for")
        OffsetDateTime lastPingedAt,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
