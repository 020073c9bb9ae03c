package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of a delegation's history. */
@RegisterForReflection
@Schema(name = "DelegationEventPage")
record DelegationEventPage(
        List<DelegationEvent> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
