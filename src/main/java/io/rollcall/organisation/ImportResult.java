package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The reply to an import: totals, then every node depth-first in the template's order, then what was removed.
 *
 * @param org the template's name
 * @param count created and skipped together
 * @param confirmationRequired in a dry run: the same import would be refused as {@code RECONCILE_LIMIT}
 * @param kept nodes that the template no longer contains but that others have built upon
 */
@RegisterForReflection
@Schema(name = "ImportResult")
record ImportResult(
        @Schema(description = "For `GET /org/imports/{id}`") UUID importId,

        @Schema(description = "The template's name") String org,

        @Schema(enumeration = {"merge", "update", "reconcile"})
        String mode,

        @Schema(description = "Nothing was done; the rest says what would be")
        boolean dryRun,

        @Schema(description = "`created` and `skipped` together")
        int count,

        int created,

        @Schema(description = "Nodes that were there already and stay as they are")
        int skipped,

        int updated,
        int removed,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "True in a dry run of what would be refused as `RECONCILE_LIMIT`, else absent")
        Boolean confirmationRequired,

        @Schema(description = "Depth-first in the template's order, then what was removed")
        List<ImportedWorkspace> workspaces,

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Schema(description = "What a reconcile left because others have built upon it; absent when there is none")
        List<KeptWorkspace> kept) {

    /** 201 when something was created, else 200. */
    int status() {
        return created > 0 && !dryRun ? 201 : 200;
    }
}
