package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.mutiny.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A time that an agent fell silent. */
@RegisterForReflection
@Schema(name = "Incident", description = "A time that an agent fell silent")
record Incident(
        @Schema(description = "Grows; a later id may have been committed earlier")
        long id,

        UUID orgId,

        UUID workspaceId,

        String agentId,

        @Schema(enumeration = {"agent_silent"}) String type,

        String message,

        @Schema(description = "The beat after which there was none")
        OffsetDateTime lastHeartbeat,

        OffsetDateTime raisedAt,

        @Nullable @Schema(description = "When it was heard again; null while it is silent")
        OffsetDateTime endedAt,

        @Schema(minimum = "0", description = "How many came shortly before it, one after another")
        int streak,

        @Schema(description = "The next one is raised after this at the earliest")
        OffsetDateTime coolDownUntil,

        @Nullable @Schema(description = "When the webhook took it; null when it did not, or there is none")
        OffsetDateTime notifiedAt) {

    /** Of a row named {@code i}. */
    static final String COLUMNS = """
            i.id, i.org_id, i.workspace_id, i.agent_id, i.type, i.message, i.last_heartbeat, i.raised_at, i.ended_at,
            i.streak, i.cool_down_until, i.notified_at""";

    static Incident of(Row row) {
        return new Incident(
                row.getLong("id"),
                row.getUUID("org_id"),
                row.getUUID("workspace_id"),
                row.getString("agent_id"),
                row.getString("type"),
                row.getString("message"),
                row.getOffsetDateTime("last_heartbeat"),
                row.getOffsetDateTime("raised_at"),
                row.getOffsetDateTime("ended_at"),
                row.getInteger("streak"),
                row.getOffsetDateTime("cool_down_until"),
                row.getOffsetDateTime("notified_at"));
    }
}
