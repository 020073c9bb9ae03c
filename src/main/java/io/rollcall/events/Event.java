package io.rollcall.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Something that happened, as it is told. */
@RegisterForReflection
@Schema(name = "Event", description = "Something that happened, or where a stream stands")
@JsonInclude(JsonInclude.Include.NON_NULL)
record Event(
        @Schema(description = "Grows from event to event of a stream; the numbers between are other organisations'")
        long id,

        @Schema(
                enumeration = {
                    "WORKSPACE_PROVISIONING",
                    "WORKSPACE_ONLINE",
                    "WORKSPACE_OFFLINE",
                    "WORKSPACE_DEGRADED",
                    "WORKSPACE_AWAITING_AGENT",
                    "WORKSPACE_PAUSED",
                    "WORKSPACE_REMOVED",
                    "WORKSPACE_UPDATED",
                    "DELEGATION_SENT",
                    "DELEGATION_STATUS",
                    "DELEGATION_COMPLETE",
                    "DELEGATION_FAILED",
                    "DELEGATION_STUCK",
                    "ACTIVITY_LOGGED",
                    "ORG_IMPORTED",
                    "INCIDENT_RAISED",
                    "ready",
                    "resync"
                },
                description =
                        "What happened. `ready`: all until here was told, and what follows is told as it happens."
                                + " `resync`: what happened between `Last-Event-ID` and here is not known any more; read all again")
        String event,

        @Nullable @Schema(description = "Absent in `ready` and `resync`")
        UUID orgId,

        @Nullable @Schema(description = "Which workspace it is about; of a delegation the caller. Absent in `ready` and `resync`")
        UUID workspaceId,

        @Nullable String delegationId,

        OffsetDateTime timestamp,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class)
        String payload) {

    static final String READY = "ready";
    static final String RESYNC = "resync";

    static Event ready(long id, OffsetDateTime now) {
        return new Event(id, READY, null, null, null, now, "{}");
    }

    static Event resync(long id, OffsetDateTime now, String reason) {
        return new Event(id, RESYNC, null, null, null, now, "{\"reason\":\"" + reason + "\"}");
    }
}
