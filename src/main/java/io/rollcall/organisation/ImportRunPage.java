package io.rollcall.organisation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of the history. */
@RegisterForReflection
@Schema(name = "ImportRunPage")
record ImportRunPage(
        List<ImportRun> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
