package io.rollcall.workspace;

import io.rollcall.http.Ids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which workspaces a list is of; conditions that are absent hold for all.
 *
 * @param parentId only the children of this one
 * @param orgId only this organisation's; whoever may see but its own names it or none
 * @param roots only organisations themselves
 */
record WorkspaceFilter(@Nullable UUID parentId, @Nullable UUID orgId, boolean roots, boolean includeRemoved) {

    static WorkspaceFilter read(
            @Nullable String parentId, @Nullable String orgId, boolean roots, boolean includeRemoved) {
        return new WorkspaceFilter(
                Ids.fromQuery("parent_id", parentId), Ids.fromQuery("org_id", orgId), roots, includeRemoved);
    }
}
