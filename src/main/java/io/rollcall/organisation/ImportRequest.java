package io.rollcall.organisation;

import io.rollcall.access.Caller;
import io.rollcall.http.Ids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An import that has been read and found valid.
 *
 * @param id the run's own id
 * @param dir where the template came from, when it was not in the body
 * @param parentId attach below this workspace; null at the top level
 * @param maxRemovals how many nodes a reconcile may remove, instead of the share that the settings give
 * @param confirmed whether any number of removals has been agreed to
 */
record ImportRequest(
        UUID id,
        Template template,
        @Nullable String dir,
        ImportMode mode,
        @Nullable UUID parentId,
        boolean dryRun,
        @Nullable Integer maxRemovals,
        boolean confirmed) {

    /** The same import for a caller who is at home in an organisation: without a parent it goes below that one's root. */
    ImportRequest of(Caller caller) {
        return parentId != null || caller.organisation() == null
                ? this
                : new ImportRequest(id, template, dir, mode, caller.organisation(), dryRun, maxRemovals, confirmed);
    }

    /** The parent as it stands in keys, where "none" is the zero UUID. */
    UUID parentKey() {
        return parentId == null ? Ids.ZERO : parentId;
    }
}
