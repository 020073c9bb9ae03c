package io.rollcall.settings;

import io.rollcall.access.Caller;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of settings. */
@ApplicationScoped
class SettingsRepository {

    /** With the content in it: a document that was deleted and made anew has the versions of the one before. */
    private static final String ETAG =
            "'\"' || s.version || '-' || left(encode(sha256(convert_to(s.data::text, 'UTF8')), 'hex'), 16) || '\"' AS etag";

    private static final String WORKSPACE = """
            WITH w AS (
                SELECT w.id, w.org_id, w.removed_at FROM workspaces w
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2))
            """;

    /** The lock keeps a removal out until the document is there to be taken away with the rest. */
    private static final String LOCKED_WORKSPACE = WORKSPACE.replace("))", ")\n       FOR KEY SHARE)");

    private static final String FIND = WORKSPACE + """
            SELECT w.removed_at, s.data::text AS data, s.version, $ETAG
              FROM w LEFT JOIN settings s ON s.workspace_id = w.id AND s.id = $3
            """.replace("$ETAG", ETAG);

    private static final String PAGE = WORKSPACE + """
            SELECT w.removed_at, s.id AS key, s.version, s.etag, s.bytes, s.updated_at
              FROM w LEFT JOIN LATERAL (
                   SELECT s.id, s.version, s.updated_at, octet_length(s.data::text) AS bytes, $ETAG
                     FROM settings s WHERE s.workspace_id = w.id AND s.id > $3 ORDER BY s.id LIMIT $4) s ON true
             ORDER BY s.id
            """.replace("$ETAG", ETAG);

    /** Whoever says what it must be, holds it from the look until the change. */
    private static final String LOCK = LOCKED_WORKSPACE + """
            SELECT w.removed_at, s.data::text AS data, s.version, $ETAG,
                   s.data::text = ($CHANGED)::text AS reflected
              FROM w LEFT JOIN LATERAL (
                   SELECT s.id, s.version, s.data FROM settings s
                    WHERE s.workspace_id = w.id AND s.id = $3 FOR UPDATE) s ON true
            """.replace("$ETAG", ETAG);

    /**
     * One statement: who comes second merges into what the first one left. What is the same already, to the last digit, is
     * not written. Judged by its text, since to jsonb 1.0 is 1.
     */
    private static final String WRITE = LOCKED_WORKSPACE + """
            , written AS (
                INSERT INTO settings AS s (workspace_id, id, org_id, data)
                SELECT w.id, $3, w.org_id, $FRESH FROM w
                    ON CONFLICT (workspace_id, id) DO UPDATE
                   SET data = $CHANGED, version = s.version + 1, updated_at = now()
                 WHERE s.data::text <> ($CHANGED)::text
                RETURNING s.data, s.version)
            SELECT w.removed_at, w.org_id, s.data::text AS data, s.version, octet_length(s.data::text) AS bytes, $ETAG
              FROM w LEFT JOIN written s ON true
            """.replace("$ETAG", ETAG);

    private static final String CREATE = LOCKED_WORKSPACE + """
            , written AS (
                INSERT INTO settings AS s (workspace_id, id, org_id, data)
                SELECT w.id, $3, w.org_id, $FRESH FROM w
                    ON CONFLICT (workspace_id, id) DO NOTHING
                RETURNING s.data, s.version)
            SELECT w.removed_at, w.org_id, s.data::text AS data, s.version, octet_length(s.data::text) AS bytes, $ETAG
              FROM w LEFT JOIN written s ON true
            """.replace("$ETAG", ETAG);

    private static final String DELETE = LOCKED_WORKSPACE + """
            , gone AS (
                DELETE FROM settings s USING w WHERE s.workspace_id = w.id AND s.id = $3
                RETURNING s.version)
            SELECT w.removed_at, w.org_id, g.version FROM w LEFT JOIN gone g ON true
            """;

    /** Those who add a document to one workspace count one after the other, each with what the ones before left. */
    private static final String COUNT_IN_TURN =
            "SELECT pg_advisory_xact_lock(hashtextextended('rollcall settings ' || $1::uuid, 0))";

    private static final String COUNT = "SELECT count(*) AS documents FROM settings s WHERE s.workspace_id = $1";

    /** How a document becomes the next one. */
    enum Change {
        REPLACE("settings.replaced", "$4::text::jsonb", "$4::text::jsonb"),
        MERGE(
                "settings.merged",
                "json_merge_patch(NULL, $4::text::jsonb)",
                "json_merge_patch(s.data, $4::text::jsonb)");

        private final String action;
        private final String create;
        private final String write;
        private final String lock;

        Change(String action, String fresh, String changed) {
            this.action = action;
            this.create = CREATE.replace("$FRESH", fresh);
            this.write = WRITE.replace("$FRESH", fresh).replace("$CHANGED", changed);
            this.lock = LOCK.replace("$CHANGED", changed);
        }

        /** For the audit trail. */
        String action() {
            return action;
        }
    }

    /**
     * What a change left.
     *
     * @param setting null when nothing was written
     * @param bytes of the document as it is answered
     */
    record Written(UUID orgId, @Nullable Setting setting, int bytes) {}

    /**
     * A document that nobody else can change now.
     *
     * @param reflected whether it is already what the change would make of it
     */
    record Locked(Setting setting, boolean reflected) {}

    /** Null when there is none. Fails with 404, 410 for the workspace. */
    Uni<@Nullable Setting> find(SqlClient client, Caller caller, UUID workspaceId, String key) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(workspaceId, caller.organisation(), key))
                .map(rows -> setting(LiveWorkspace.require(rows, workspaceId)));
    }

    /** Fails with 404, 410. */
    Uni<SettingPage> page(SqlClient client, Caller caller, UUID workspaceId, PairCursor after, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(workspaceId, caller.organisation(), after.first(), limit + 1))
                .map(rows -> {
                    LiveWorkspace.require(rows, workspaceId);
                    List<SettingSummary> found = rows.stream()
                            .filter(row -> row.getString("key") != null)
                            .map(SettingsRepository::summary)
                            .toList();
                    Page<SettingSummary> page = Page.ofPairs(found, limit, last -> new PairCursor(last.key(), ""));
                    return new SettingPage(page.items(), page.nextCursor());
                });
    }

    /** Null when there is none. Fails with 404, 410 for the workspace. */
    Uni<@Nullable Locked> lock(
            SqlClient client, Caller caller, UUID workspaceId, String key, Change change, String body) {
        return client.preparedQuery(change.lock)
                .execute(Tuple.of(workspaceId, caller.organisation(), key, body))
                .map(rows -> {
                    Row row = LiveWorkspace.require(rows, workspaceId);
                    Setting setting = setting(row);
                    return setting == null ? null : new Locked(setting, row.getBoolean("reflected"));
                });
    }

    /** Nothing written: it is so already. Fails with 404, 410. */
    Uni<Written> write(SqlClient client, Caller caller, UUID workspaceId, String key, Change change, String body) {
        return written(client, change.write, caller, workspaceId, key, body);
    }

    /** Nothing written: there is one. Fails with 404, 410. */
    Uni<Written> create(SqlClient client, Caller caller, UUID workspaceId, String key, Change change, String body) {
        return written(client, change.create, caller, workspaceId, key, body);
    }

    /** Its organisation and the version that is gone; null when there was none. Fails with 404, 410. */
    Uni<Gone> delete(SqlClient client, Caller caller, UUID workspaceId, String key) {
        return client.preparedQuery(DELETE)
                .execute(Tuple.of(workspaceId, caller.organisation(), key))
                .map(rows -> {
                    Row row = LiveWorkspace.require(rows, workspaceId);
                    return new Gone(row.getUUID("org_id"), row.getLong("version"));
                });
    }

    /** @param version null when there was none */
    record Gone(UUID orgId, @Nullable Long version) {}

    /** With those that others have added and not committed, for which it waits. */
    Uni<Long> count(SqlClient client, UUID workspaceId) {
        return client.preparedQuery(COUNT_IN_TURN)
                .execute(Tuple.of(workspaceId))
                .chain(() -> client.preparedQuery(COUNT).execute(Tuple.of(workspaceId)))
                .map(rows -> rows.iterator().next().getLong("documents"));
    }

    private static Uni<Written> written(
            SqlClient client, String sql, Caller caller, UUID workspaceId, String key, String body) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(workspaceId, caller.organisation(), key, body))
                .map(rows -> {
                    Row row = LiveWorkspace.require(rows, workspaceId);
                    Setting setting = setting(row);
                    return new Written(row.getUUID("org_id"), setting, setting == null ? 0 : row.getInteger("bytes"));
                });
    }

    private static @Nullable Setting setting(Row row) {
        String data = row.getString("data");
        return data == null
                ? null
                : new Setting(data, Objects.requireNonNull(row.getString("etag")), row.getLong("version"));
    }

    private static SettingSummary summary(Row row) {
        return new SettingSummary(
                row.getString("key"),
                row.getLong("version"),
                row.getString("etag"),
                row.getInteger("bytes"),
                row.getOffsetDateTime("updated_at"));
    }
}
