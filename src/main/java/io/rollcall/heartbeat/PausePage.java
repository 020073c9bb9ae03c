package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of a workspace's pauses. */
@RegisterForReflection
@Schema(name = "WatchdogPausePage")
record PausePage(
        List<Pause> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
