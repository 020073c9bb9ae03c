package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Page;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of agents. */
@RegisterForReflection
@Schema(name = "AgentHeartbeatPage")
record HeartbeatPage(
        List<Heartbeat> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {

    static HeartbeatPage of(List<Heartbeat> rows, int limit) {
        Page<Heartbeat> page = Page.upTo(rows, limit, last -> last.cursor().encode());
        return new HeartbeatPage(page.items(), page.nextCursor());
    }
}
