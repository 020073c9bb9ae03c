package io.rollcall.workspace;

import io.rollcall.access.Caller;
import io.rollcall.http.Ids;
import io.rollcall.http.Problem;
import java.util.UUID;

/** The workspace of a request's path, for which the caller may speak. */
public final class OwnWorkspace {

    public static final String ID = "The workspace's id";
    public static final String REMOVED = "`REMOVED`, with `removed_at`";

    private OwnWorkspace() {}

    /** @throws Problem 404 for what is not the caller's, or no id at all */
    public static UUID fromPath(Caller caller, String id) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        if (!caller.mayActAs(workspaceId)) {
            throw Problem.notFound("workspace", workspaceId);
        }
        return workspaceId;
    }
}
