package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Cursor;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An import in the history.
 *
 * @param outcome {@code completed}, or {@code planned} for a dry run. What was refused wrote nothing, also not here
 */
@RegisterForReflection
@Schema(name = "ImportRun")
record ImportRun(
        UUID importId,

        @Nullable @Schema(description = "The organisation that it went to; null when it had several roots at the top level")
        UUID orgId,

        @Schema(description = "The template's name") String template,

        @Nullable @Schema(description = "The template's directory; null when it was in the request")
        String dir,

        @Schema(enumeration = {"merge", "update", "reconcile"})
        String mode,

        boolean dryRun,

        @Nullable @Schema(description = "The workspace it was attached below; null at the top level")
        UUID parentId,

        int created,
        int skipped,
        int updated,
        int removed,
        long durationMs,

        @Schema(
                enumeration = {"completed", "planned"},
                description = "`planned` for a dry run. A refused import leaves no trace here")
        String outcome,

        OffsetDateTime createdAt,

        @Schema(description = "Whose token it was", examples = "platform admin")
        String actor) {

    @JsonIgnore
    Cursor cursor() {
        return new Cursor(createdAt, importId);
    }
}
