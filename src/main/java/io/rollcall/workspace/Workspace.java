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
public record Workspace(
        UUID id,

        @Schema(description = "The root of its tree; equals `id` for a root")
        UUID orgId,

        @Nullable @Schema(nullable = true) UUID parentId,
        String name,
        @Nullable @Schema(nullable = true) String role,
        @Nullable @Schema(nullable = true) String runtime,
        int tier,
        @Nullable @Schema(nullable = true) String model,
        int maxConcurrentTasks,
        boolean external,
        @Nullable @Schema(nullable = true) String url,

        @Schema(implementation = WorkspaceStatusWord.class) String status,

        @Nullable @Schema(nullable = true) Double x,
        @Nullable @Schema(nullable = true) Double y,
        boolean collapsed,

        @Schema(description = "Children that are not removed")
        long childrenCount,

        @JsonRawValue @Schema(implementation = Object.class, type = SchemaType.OBJECT)
        String labels,

        @JsonRawValue @Schema(implementation = Object[].class)
        String requiredEnv,

        @JsonRawValue @Schema(implementation = Object[].class)
        String agents,

        @Nullable @JsonRawValue
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                implementation = Object.class,
                type = SchemaType.OBJECT,
                description = "What the template carries beyond the fields above; not in lists")
        String config,

        @Nullable @Schema(nullable = true, description = "The template whose import made it; null once renamed or moved by hand")
        String template,

        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) OffsetDateTime removedAt,
        @JsonIgnore @Schema(hidden = true) long version) {

    /** The entity tag: changes with every change of the row. */
    public String etag() {
        return "\"" + version + "\"";
    }

    boolean isRemoved() {
        return removedAt != null;
    }
}
