package io.rollcall.workspace;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/**
 * Removal of workspaces: the rows stay as tombstones, their names are free at once, their tokens are revoked. All in one
 * statement, locked from
 * the top down as imports lock, so that the two do not deadlock. A child or token that appears
 * meanwhile makes the statement fail on its foreign key, and the transaction is run again.
 */
@ApplicationScoped
public class Tombstones {

    private static final String SUBTREE = """
            WITH RECURSIVE below (org_id, id, level) AS (
                SELECT w.org_id, w.id, 0 FROM workspaces w WHERE w.id = $1 AND w.status <> 'removed'
                UNION ALL
                SELECT w.org_id, w.id, b.level + 1 FROM workspaces w
                  JOIN below b ON w.org_id = b.org_id AND w.parent_id = b.id
                 WHERE w.status <> 'removed')
            SELECT id FROM below ORDER BY level, id
            """;

    private static final String REMOVE = """
            WITH locked AS (
                SELECT w.id FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, ordinal)
                  JOIN workspaces w ON w.id = given.id
                 WHERE w.status <> 'removed'
                 ORDER BY given.ordinal
                   FOR UPDATE OF w),
            revoked AS (
                UPDATE tokens t SET revoked_at = now(), changed_at = now()
                  FROM locked
                 WHERE t.workspace_id = locked.id AND t.revoked_at IS NULL)
            UPDATE workspaces w
               SET status = 'removed', removed_at = now(), updated_at = now(), version = version + 1
              FROM locked
             WHERE w.id = locked.id
            """;

    /** The live nodes of a subtree, its top first. */
    public Uni<List<UUID>> subtree(SqlConnection connection, UUID top) {
        return connection.preparedQuery(SUBTREE).execute(Tuple.of(top)).map(rows -> rows.stream()
                .map(row -> row.getUUID("id"))
                .toList());
    }

    /**
     * @param topDown every node after its parent, and with each node all that is below it
     * @return how many were removed by this call
     */
    public Uni<Integer> remove(SqlConnection connection, List<UUID> topDown) {
        return connection
                .preparedQuery(REMOVE)
                .execute(Tuple.tuple().addArrayOfUUID(topDown.toArray(UUID[]::new)))
                .map(rows -> rows.rowCount());
    }
}
