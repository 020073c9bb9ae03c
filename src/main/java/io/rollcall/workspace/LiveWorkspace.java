package io.rollcall.workspace;

import io.rollcall.http.Problem;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.UUID;

/** The workspace of a request's path. Every statement finds it along with the rest, in the same round trip and snapshot. */
public final class LiveWorkspace {

    private LiveWorkspace() {}

    /**
     * @param rows of a statement that has {@code removed_at} of the workspace in each row, and one row at least if there is
     *     such a workspace
     * @return the first row
     * @throws Problem 404 when there is none, 410 for a tombstone
     */
    public static Row require(RowSet<Row> rows, UUID id) {
        RowIterator<Row> found = rows.iterator();
        if (!found.hasNext()) {
            throw Problem.notFound("workspace", id);
        }
        Row first = found.next();
        if (first.getValue("removed_at") != null) {
            throw Problem.of(410, "REMOVED", "the workspace was removed")
                    .with("removed_at", first.getOffsetDateTime("removed_at"));
        }
        return first;
    }
}
