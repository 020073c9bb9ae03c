package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Page;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of pauses. */
@RegisterForReflection
@Schema(name = "WatchdogPausePage")
record PausePage(
        List<Pause> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {

    static PausePage of(List<Pause> rows, int limit) {
        Page<Pause> page = Page.upTo(rows, limit, last -> new AgentCursor(last.workspaceId(), last.agentId()).encode());
        return new PausePage(page.items(), page.nextCursor());
    }
}
