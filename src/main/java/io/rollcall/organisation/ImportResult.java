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
        UUID importId,
        String org,

        @Schema(
                implementation = String.class,
                enumeration = {"merge", "update", "reconcile"})
        String mode,

        boolean dryRun,
        int count,
        int created,
        int skipped,
        int updated,
        int removed,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Boolean confirmationRequired,
        List<ImportedWorkspace> workspaces,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<KeptWorkspace> kept) {

    /** 201 when something was created, else 200. */
    int status() {
        return created > 0 && !dryRun ? 201 : 200;
    }
}
