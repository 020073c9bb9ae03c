package io.rollcall.access;

import io.rollcall.http.Cursor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of tokens. Times are the database's. */
@ApplicationScoped
class TokenRepository {

    private static final String KNOWN = """
            SELECT id, org_id, workspace_id, name, scope, sha256, changed_at,
                   extract(epoch FROM expires_at - now())::float8 AS seconds_left
              FROM tokens WHERE id = ANY ($1) AND revoked_at IS NULL
            """;

    private static final String CHANGED =
            "SELECT id, changed_at FROM tokens WHERE changed_at > now() - make_interval(secs => $1)";

    /** In the order of ids, as everybody who locks several. */
    private static final String NOTE_USE = """
            WITH used AS (
                SELECT id FROM tokens
                 WHERE id = ANY ($1)
                   AND (last_used_at IS NULL OR last_used_at < now() - make_interval(secs => $2))
                 ORDER BY id FOR NO KEY UPDATE)
            UPDATE tokens t SET last_used_at = now() FROM used WHERE t.id = used.id
            """;

    private static final String HAS_LIVE = """
            SELECT EXISTS (SELECT 1 FROM tokens
                            WHERE workspace_id = $1 AND ($2::uuid IS NULL OR org_id = $2) AND scope = 'workspace'
                              AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) AS has
            """;

    private static final String END =
            "SELECT expires_at FROM tokens WHERE id = $1 AND ($2::uuid IS NULL OR org_id = $2)";

    private static final String PLACE = """
            SELECT w.org_id, w.parent_id IS NULL AS is_root, w.removed_at, now() AS now,
                   (SELECT t.expires_at FROM tokens t WHERE t.id = $3) AS callers_end
              FROM workspaces w WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
            """;

    private static final String END_EARLIER = """
            UPDATE tokens
               SET expires_at = least(expires_at, now() + make_interval(secs => $4)), changed_at = now()
             WHERE id = $1 AND workspace_id = $2 AND (scope = 'workspace') = $3 AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > now())
            RETURNING name, scope
            """;

    private static final String INSERT = """
            INSERT INTO tokens (id, org_id, workspace_id, name, scope, sha256, created_by, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """;

    private static final String PAGE = """
            SELECT id, workspace_id, name, scope, created_by, created_at, expires_at, last_used_at FROM tokens
             WHERE workspace_id = $1 AND (scope = 'workspace') = $2 AND revoked_at IS NULL
               AND ($3::uuid IS NULL OR org_id = $3)
               AND (created_at, id) < ($4, $5)
             ORDER BY created_at DESC, id DESC LIMIT $6
            """;

    /** Repeated, it changes nothing and finds the row all the same. */
    private static final String REVOKE = """
            UPDATE tokens
               SET revoked_at = COALESCE(revoked_at, now()), changed_at = COALESCE(revoked_at, now())
             WHERE id = $1 AND (scope = 'workspace') = ($2::uuid IS NOT NULL)
               AND ($2::uuid IS NULL OR workspace_id = $2) AND ($3::uuid IS NULL OR org_id = $3)
            RETURNING org_id, name, scope, revoked_at = now() AS fresh
            """;

    /**
     * Where a token is to be made.
     *
     * @param callersEnd when the caller's own token expires
     */
    record Place(
            UUID orgId,
            boolean isRoot,
            @Nullable OffsetDateTime removedAt,
            OffsetDateTime now,
            @Nullable OffsetDateTime callersEnd) {}

    /** A token's name and scope. */
    record Kept(String name, TokenScope scope) {}

    /** A token that {@link #revoke} found; fresh: it was live until now. */
    record Revoked(UUID orgId, String name, TokenScope scope, boolean fresh) {}

    Uni<Map<UUID, KnownToken>> known(SqlConnection connection, UUID[] ids) {
        return connection
                .preparedQuery(KNOWN)
                .execute(Tuple.tuple().addArrayOfUUID(ids))
                .map(rows -> {
                    Map<UUID, KnownToken> found = new HashMap<>(rows.size() * 2);
                    rows.forEach(row -> found.put(row.getUUID("id"), known(row)));
                    return found;
                });
    }

    /** Which tokens were revoked or shortened lately, and when. */
    Uni<Map<UUID, OffsetDateTime>> changed(SqlConnection connection, Duration lately) {
        return connection
                .preparedQuery(CHANGED)
                .execute(Tuple.of(seconds(lately)))
                .map(rows -> {
                    Map<UUID, OffsetDateTime> changed = new HashMap<>(rows.size() * 2);
                    rows.forEach(row -> changed.put(row.getUUID("id"), row.getOffsetDateTime("changed_at")));
                    return changed;
                });
    }

    Uni<Void> noteUse(SqlConnection connection, UUID[] ids, Duration precision) {
        Tuple values = Tuple.tuple().addArrayOfUUID(ids).addDouble(seconds(precision));
        return connection.preparedQuery(NOTE_USE).execute(values).replaceWithVoid();
    }

    /** Whether the workspace has a token that works. */
    Uni<Boolean> hasLive(SqlConnection connection, Caller caller, UUID workspaceId) {
        return connection
                .preparedQuery(HAS_LIVE)
                .execute(Tuple.of(workspaceId, caller.organisation()))
                .map(rows -> rows.iterator().next().getBoolean("has"));
    }

    /** When the token expires; empty: never. */
    Uni<Optional<OffsetDateTime>> end(SqlConnection connection, Caller caller, UUID id) {
        return connection
                .preparedQuery(END)
                .execute(Tuple.of(id, caller.organisation()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.ofNullable(rows.iterator().next().getOffsetDateTime("expires_at")));
    }

    Uni<@Nullable Place> place(SqlConnection connection, Caller caller, UUID workspaceId) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), caller.tokenId());
        return connection.preparedQuery(PLACE).execute(values).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Place(
                    row.getUUID("org_id"),
                    row.getBoolean("is_root"),
                    row.getOffsetDateTime("removed_at"),
                    row.getOffsetDateTime("now"),
                    row.getOffsetDateTime("callers_end"));
        });
    }

    /** Null when the workspace has no such token, or it has ended. */
    Uni<@Nullable Kept> endEarlier(
            SqlConnection connection, UUID id, UUID workspaceId, boolean ofWorkspace, Duration overlap) {
        Tuple values = Tuple.of(id, workspaceId, ofWorkspace, seconds(overlap));
        return connection
                .preparedQuery(END_EARLIER)
                .execute(values)
                .map(rows -> rows.size() == 0 ? null : kept(rows.iterator().next()));
    }

    Uni<Void> insert(
            SqlConnection connection,
            Caller caller,
            Token token,
            UUID orgId,
            UUID workspaceId,
            Kept named,
            @Nullable OffsetDateTime expiresAt) {
        Tuple values = Tuple.tuple()
                .addUUID(token.id())
                .addUUID(orgId)
                .addUUID(workspaceId)
                .addString(named.name())
                .addString(named.scope().word())
                .addBuffer(Buffer.buffer(token.sha256()))
                .addString(caller.actor())
                .addOffsetDateTime(expiresAt);
        return connection.preparedQuery(INSERT).execute(values).replaceWithVoid();
    }

    /** One more than the limit, so that the caller knows whether there is a next page. */
    Uni<List<TokenSummary>> page(
            SqlConnection connection, Caller caller, UUID workspaceId, boolean ofWorkspace, Cursor after, int limit) {
        Tuple values = Tuple.tuple()
                .addUUID(workspaceId)
                .addBoolean(ofWorkspace)
                .addUUID(caller.organisation())
                .addOffsetDateTime(after.at())
                .addUUID(after.id())
                .addInteger(limit + 1);
        return connection.preparedQuery(PAGE).execute(values).map(rows -> rows.stream()
                .map(TokenRepository::summary)
                .toList());
    }

    /**
     * @param workspaceId whose token it is; null: an organisation's
     * @return null when there is none, or it is another's
     */
    Uni<@Nullable Revoked> revoke(SqlConnection connection, Caller caller, UUID id, @Nullable UUID workspaceId) {
        Tuple values = Tuple.of(id, workspaceId, caller.organisation());
        return connection.preparedQuery(REVOKE).execute(values).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Revoked(
                    row.getUUID("org_id"),
                    row.getString("name"),
                    TokenScope.of(row.getString("scope")),
                    row.getBoolean("fresh"));
        });
    }

    private static KnownToken known(Row row) {
        return new KnownToken(
                row.getUUID("id"),
                row.getUUID("org_id"),
                row.getUUID("workspace_id"),
                row.getString("name"),
                TokenScope.of(row.getString("scope")),
                row.getBuffer("sha256").getBytes(),
                row.getOffsetDateTime("changed_at"),
                KnownToken.endsAfter(row.getDouble("seconds_left")));
    }

    private static Kept kept(Row row) {
        return new Kept(row.getString("name"), TokenScope.of(row.getString("scope")));
    }

    private static TokenSummary summary(Row row) {
        TokenScope scope = TokenScope.of(row.getString("scope"));
        UUID id = row.getUUID("id");
        return new TokenSummary(
                id,
                row.getString("name"),
                scope.word(),
                scope.kind().prefix(id),
                row.getString("created_by"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("expires_at"),
                row.getOffsetDateTime("last_used_at"));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
