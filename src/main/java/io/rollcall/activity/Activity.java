package io.rollcall.activity;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A row of a workspace's activity log, as that workspace sees it. */
@RegisterForReflection
@Schema(name = "Activity", description = "Something that happened, as one workspace sees it")
record Activity(
        @Schema(description = "Grows; a later id may have been committed earlier")
        long id,

        UUID orgId,

        @Schema(description = "In whose log it stands; the same as `source_id`")
        UUID workspaceId,

        @Schema(description = "Who did it") UUID sourceId,

        @Nullable @Schema(description = "To whom; it stands in the log of this workspace too")
        UUID targetId,

        @Schema(
                enumeration = {"sent", "received", "own"},
                description =
                        "From the workspace that the log was asked of to another, to it from another, or with no other")
        String direction,

        @Schema(description = "`delegation`: the ledger's; all others are agents' own")
        String type,

        @Nullable @Schema(description = "Of the ledger's: `delegate`, `delegate_status` or `delegate_result`")
        String method,

        @Nullable String delegationId,

        @Nullable @Schema(description = "Of the ledger's: what the delegation became")
        String status,

        @Nullable String summary,

        @Nullable @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class)
        String detail,

        @Schema(description = "Whose token it was, or which of the service's jobs")
        String actor,

        OffsetDateTime createdAt) {}
