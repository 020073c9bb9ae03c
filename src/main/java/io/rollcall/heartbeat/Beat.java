package io.rollcall.heartbeat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent's sign of life.
 *
 * @param organisation in which alone its workspace may be; null: in any
 * @param said null when it says nothing of itself: then what it said before stays
 * @param uptimeSeconds since when it runs, by its own count
 */
record Beat(
        UUID workspaceId,
        String agentId,
        @Nullable UUID organisation,
        @Nullable Said said,
        @Nullable Long uptimeSeconds) {

    /** An agent has one row. */
    record Key(UUID workspaceId, String agentId) {}

    Key key() {
        return new Key(workspaceId, agentId);
    }
}
