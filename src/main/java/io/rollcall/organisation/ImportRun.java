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
        @Nullable @Schema(nullable = true) UUID orgId,
        String template,
        @Nullable @Schema(nullable = true) String dir,
        String mode,
        boolean dryRun,
        @Nullable @Schema(nullable = true) UUID parentId,
        int created,
        int skipped,
        int updated,
        int removed,
        long durationMs,
        @Schema(enumeration = {"completed", "planned"}) String outcome,
        OffsetDateTime createdAt,
        String actor) {

    @JsonIgnore
    Cursor cursor() {
        return new Cursor(createdAt, importId);
    }
}
