package io.rollcall.activity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of an activity log. */
@RegisterForReflection
@Schema(name = "ActivityPage")
record ActivityPage(
        @Schema(description = "With `types` it may have fewer items than `limit`, even none, and not be the last")
        List<Activity> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
