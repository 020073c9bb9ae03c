package io.rollcall.heartbeat;

import io.rollcall.access.Caller;
import io.rollcall.http.Ids;
import io.rollcall.http.Problem;
import java.util.UUID;

/** The workspace of a request's path, for which the caller may speak. */
final class OwnWorkspace {

    static final String ID = "The workspace's id";
    static final String REMOVED = "`REMOVED`, with `removed_at`";

    private OwnWorkspace() {}

    /** @throws Problem 404 for what is not the caller's, or no id at all */
    static UUID fromPath(Caller caller, String id) {
        UUID workspaceId = Ids.fromPath("workspace", id);
        if (!caller.mayActAs(workspaceId)) {
            throw Problem.notFound("workspace", workspaceId);
        }
        return workspaceId;
    }
}
