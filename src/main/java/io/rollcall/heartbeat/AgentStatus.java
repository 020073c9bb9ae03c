package io.rollcall.heartbeat;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an agent says that it does. The database's CHECK has the same words; a test compares them. */
@Schema(
        name = "AgentStatus",
        enumeration = {"idle", "running", "paused", "error"})
enum AgentStatus {
    IDLE,
    RUNNING,
    PAUSED,
    ERROR
}
