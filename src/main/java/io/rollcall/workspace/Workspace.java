package io.rollcall.workspace;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A node of the tree as clients see it. The JSON columns are passed on as the database wrote them. */
@RegisterForReflection
@Schema(name = "Workspace", description = "A node of an organisation's tree")
record Workspace(
        UUID id,

        @Schema(description = "The root of its tree; the `id` itself for a root")
        UUID orgId,

        @Nullable @Schema(description = "Null for a root") UUID parentId,

        @Schema(description = "Unique among its siblings that are not removed")
        String name,

        @Nullable String role,
        @Nullable String runtime,
        int tier,
        @Nullable String model,
        int maxConcurrentTasks,

        @Schema(description = "Run elsewhere: it waits for its agent to come")
        boolean external,

        @Nullable String url,

        @Schema(implementation = WorkspaceStatus.class) String status,

        @Nullable @Schema(description = "Where it stands on the canvas; null until it is placed")
        Double x,

        @Nullable Double y,

        @Schema(description = "Whether the canvas hides what is below it")
        boolean collapsed,

        @Schema(description = "Children that are not removed")
        long childrenCount,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = String.class)
        String labels,

        @JsonRawValue @Schema(implementation = EnvShape[].class)
        String requiredEnv,

        @JsonRawValue @Schema(implementation = AgentShape[].class)
        String agents,

        @Nullable @JsonRawValue
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                type = SchemaType.OBJECT,
                additionalProperties = Schema.True.class,
                description = "What its template says beyond these fields; absent in lists")
        String config,

        @Nullable @Schema(description = "The template whose import made it; null once a person renamed or moved it")
        String template,

        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "Absent unless `status` is `removed`")
        OffsetDateTime removedAt,

        @JsonIgnore @Schema(hidden = true) long version) {

    /** The entity tag: changes with every change of the row. */
    public String etag() {
        return "\"" + version + "\"";
    }

    @JsonIgnore
    boolean isRemoved() {
        return removedAt != null;
    }
}
