package io.rollcall.workspace;

import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The life of a workspace. The database's CHECK and the API's document have the same words; a test compares them. */
@Schema(
        name = "WorkspaceStatus",
        description = "`provisioning` and `awaiting_agent` wait for an agent; `removed` is a tombstone",
        enumeration = {
            "provisioning", "online", "degraded", "offline", "awaiting_agent",
            "paused", "hibernating", "hibernated", "failed", "removed"
        })
public enum WorkspaceStatus {
    PROVISIONING,
    ONLINE,
    DEGRADED,
    OFFLINE,
    AWAITING_AGENT,
    PAUSED,
    HIBERNATING,
    HIBERNATED,
    FAILED,
    /** A tombstone: kept for history, never revived, its name free again. */
    REMOVED;

    /** As it stands in SQL and JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A new workspace waits for its machine, or, when it is run elsewhere, for its agent to come. */
    public static WorkspaceStatus initial(boolean external) {
        return external ? AWAITING_AGENT : PROVISIONING;
    }
}
