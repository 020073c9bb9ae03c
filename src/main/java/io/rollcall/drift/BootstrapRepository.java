package io.rollcall.drift;

import io.rollcall.access.Caller;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.schema.PlannedEachTime;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of bootstrap files: those that agents should be started with, and those that they report. */
@ApplicationScoped
class BootstrapRepository {

    private static final String FILES = """
            SELECT w.removed_at, f.path, encode(f.sha256, 'hex') AS sha
              FROM workspaces w
              LEFT JOIN bootstrap_files f ON f.workspace_id = w.id
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
            """;

    /** Two who replace take turns here; reports go on meanwhile, a removal does not. */
    private static final String LOCK = """
            SELECT w.org_id, w.removed_at FROM workspaces w
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
               FOR NO KEY UPDATE
            """;

    /** A statement of its own behind {@link #LOCK}, so that it sees what whoever was waited for has written. */
    private static final String REPLACE = """
            WITH wanted AS (
                SELECT f.path, decode(f.sha, 'hex') AS sha256 FROM unnest($3::text[], $4::text[]) AS f (path, sha)),
            before AS (
                SELECT f.path, f.sha256 FROM bootstrap_files f WHERE f.workspace_id = $1),
            dropped AS (
                DELETE FROM bootstrap_files f WHERE f.workspace_id = $1 AND f.path <> ALL ($3)),
            written AS (
                INSERT INTO bootstrap_files AS f (workspace_id, path, org_id, sha256)
                SELECT $1, n.path, $2, n.sha256 FROM wanted n ORDER BY n.path
                ON CONFLICT (workspace_id, path) DO UPDATE SET sha256 = excluded.sha256
                 WHERE f.sha256 <> excluded.sha256)
            SELECT count(*) FILTER (WHERE b.path IS NULL) AS added,
                   count(*) FILTER (WHERE b.sha256 <> n.sha256) AS changed,
                   count(*) FILTER (WHERE n.path IS NULL) AS removed
              FROM wanted n FULL JOIN before b ON b.path = n.path
            """;

    /**
     * The lock keeps a removal out until these rows are there to be taken away with the rest. One that came first is waited
     * for and seen: what is written for a tombstone goes with the transaction, which its 410 ends. Of the agent's other files the oldest go when there would be too many.
     */
    private static final String REPORT = """
            WITH w AS (
                SELECT w.id, w.org_id, w.removed_at FROM workspaces w
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
                   FOR KEY SHARE),
            written AS (
                INSERT INTO bootstrap_pings (workspace_id, agent_id, path, org_id, sha256)
                SELECT w.id, $3, f.path, w.org_id, decode(f.sha, 'hex')
                  FROM w CROSS JOIN unnest($4::text[], $5::text[]) AS f (path, sha)
                 ORDER BY f.path
                ON CONFLICT (workspace_id, agent_id, path)
                DO UPDATE SET sha256 = excluded.sha256, pinged_at = excluded.pinged_at),
            crowded_out AS (
                DELETE FROM bootstrap_pings p
                 USING w, (SELECT o.path FROM bootstrap_pings o
                            WHERE o.workspace_id = $1 AND o.agent_id = $3 AND o.path <> ALL ($4)
                            ORDER BY o.pinged_at DESC, o.path OFFSET $6) o
                 WHERE p.workspace_id = w.id AND p.agent_id = $3 AND p.path = o.path)
            SELECT w.removed_at FROM w
            """;

    /**
     * One look over all reports counts for each agent, from which follow the sums and whose rows the page needs; only theirs
     * are then put together. The id is a parameter everywhere, since the planner knows how many rows it has, which it would
     * not of a joined one: it took a thousand agents' files for a handful and compared each with each. {@code OFFSET} makes it look up the few
     * reports of a page by their key.
     */
    private static final String PAGE = PlannedEachTime.statement("""
            WITH w AS MATERIALIZED (
                SELECT w.removed_at, (SELECT count(*) FROM bootstrap_files f WHERE f.workspace_id = $1) AS named
                  FROM workspaces w WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)),
            agents AS MATERIALIZED (
                SELECT p.agent_id, max(p.pinged_at) AS pinged_at,
                       w.named - count(*) FILTER (WHERE f.sha256 = p.sha256) AS drifted,
                       w.named + count(*) FILTER (WHERE f.path IS NULL) AS reports
                  FROM w CROSS JOIN bootstrap_pings p
                  LEFT JOIN bootstrap_files f ON f.workspace_id = $1 AND f.path = p.path
                 WHERE p.workspace_id = $1 AND ($3::text IS NULL OR p.agent_id = $3)
                 GROUP BY p.agent_id, w.named),
            needed AS MATERIALIZED (
                SELECT c.agent_id FROM (
                    SELECT a.agent_id, sum(CASE WHEN a.agent_id = $4 THEN 0 WHEN $6 THEN a.drifted ELSE a.reports END)
                                           OVER (ORDER BY a.agent_id
                                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                      FROM agents a
                     WHERE a.agent_id >= $4 AND (a.drifted > 0 OR NOT $6)) c
                 WHERE c.before IS NULL OR c.before < $7)
            SELECT w.removed_at, t.has_drift, t.last_pinged_at, r.agent_id, r.path,
                   encode(r.reported, 'hex') AS reported_sha, encode(r.source, 'hex') AS source_sha, r.pinged_at,
                   r.source IS NOT NULL AND r.source IS DISTINCT FROM r.reported AS drifted,
                   CASE WHEN r.pinged_at IS NOT NULL
                        THEN greatest(0, floor(extract(epoch FROM now() - r.pinged_at)))::bigint END AS age_seconds
              FROM w
             CROSS JOIN (SELECT COALESCE(bool_or(a.drifted > 0), false) AS has_drift,
                                max(a.pinged_at) AS last_pinged_at FROM agents a) t
              LEFT JOIN (
                   SELECT u.agent_id, u.path, u.reported, u.source, u.pinged_at FROM (
                       SELECT n.agent_id, f.path, p.sha256 AS reported, f.sha256 AS source, p.pinged_at
                         FROM needed n CROSS JOIN bootstrap_files f
                         LEFT JOIN LATERAL (
                              SELECT p.sha256, p.pinged_at FROM bootstrap_pings p
                               WHERE p.workspace_id = $1 AND p.agent_id = n.agent_id AND p.path = f.path
                              OFFSET 0) p ON true
                        WHERE f.workspace_id = $1
                        UNION ALL
                       SELECT p.agent_id, p.path, p.sha256, NULL, p.pinged_at
                         FROM needed n JOIN bootstrap_pings p ON p.workspace_id = $1 AND p.agent_id = n.agent_id
                        WHERE NOT $6 AND NOT EXISTS (
                              SELECT 1 FROM bootstrap_files f WHERE f.workspace_id = $1 AND f.path = p.path)) u
                    WHERE (u.agent_id > $4 OR u.path > $5) AND (NOT $6 OR u.source IS DISTINCT FROM u.reported)
                    ORDER BY u.agent_id, u.path LIMIT $7) r ON true
             ORDER BY r.agent_id, r.path
            """);

    /** What a {@link #replace} changed. */
    record Replaced(long added, long changed, long removed) {

        boolean isAnything() {
            return added + changed + removed > 0;
        }
    }

    /** Fails with 404, 410. */
    Uni<BootstrapFiles> files(SqlClient client, Caller caller, UUID workspaceId) {
        return client.preparedQuery(FILES)
                .execute(Tuple.of(workspaceId, caller.organisation()))
                .map(rows -> {
                    LiveWorkspace.require(rows, workspaceId);
                    var files = new TreeMap<String, String>();
                    for (Row row : rows) {
                        if (row.getString("path") != null) {
                            files.put(row.getString("path"), row.getString("sha"));
                        }
                    }
                    return new BootstrapFiles(files);
                });
    }

    /** Its organisation. Fails with 404, 410. */
    Uni<UUID> lock(SqlClient client, Caller caller, UUID workspaceId) {
        return client.preparedQuery(LOCK)
                .execute(Tuple.of(workspaceId, caller.organisation()))
                .map(rows -> LiveWorkspace.require(rows, workspaceId).getUUID("org_id"));
    }

    Uni<Replaced> replace(SqlClient client, UUID workspaceId, UUID orgId, SortedMap<String, String> files) {
        Tuple values = Tuple.of(workspaceId, orgId, paths(files), hashes(files));
        return client.preparedQuery(REPLACE).execute(values).map(rows -> {
            Row row = rows.iterator().next();
            return new Replaced(row.getLong("added"), row.getLong("changed"), row.getLong("removed"));
        });
    }

    /** Fails with 404, 410. */
    Uni<Void> report(SqlClient client, Caller caller, UUID workspaceId, BootstrapPing ping) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), ping.agent(), paths(ping.files()))
                .addArrayOfString(hashes(ping.files()))
                .addInteger(FileHashes.MOST - ping.files().size());
        return client.preparedQuery(REPORT)
                .execute(values)
                .invoke(rows -> LiveWorkspace.require(rows, workspaceId))
                .replaceWithVoid();
    }

    /**
     * Fails with 404, 410.
     *
     * @param agentId null: all agents
     */
    Uni<FileReportPage> page(
            SqlClient client,
            Caller caller,
            UUID workspaceId,
            @Nullable String agentId,
            boolean driftedOnly,
            PairCursor after,
            int limit) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), agentId, after.first(), after.second())
                .addBoolean(driftedOnly)
                .addInteger(limit + 1);
        return client.preparedQuery(PAGE).execute(values).map(rows -> {
            Row first = LiveWorkspace.require(rows, workspaceId);
            List<FileReport> reports = rows.stream()
                    .filter(row -> row.getString("path") != null)
                    .map(BootstrapRepository::report)
                    .toList();
            Page<FileReport> page = Page.ofPairs(reports, limit, last -> new PairCursor(last.agentId(), last.path()));
            return new FileReportPage(
                    page.items(),
                    first.getBoolean("has_drift"),
                    first.getOffsetDateTime("last_pinged_at"),
                    page.nextCursor());
        });
    }

    private static FileReport report(Row row) {
        String reported = row.getString("reported_sha");
        String source = row.getString("source_sha");
        return new FileReport(
                row.getString("agent_id"),
                row.getString("path"),
                reported,
                source,
                source == null ? null : (Boolean) Objects.equals(source, reported),
                row.getBoolean("drifted"),
                row.getOffsetDateTime("pinged_at"),
                row.getLong("age_seconds"));
    }

    private static String[] paths(SortedMap<String, String> files) {
        return files.keySet().toArray(String[]::new);
    }

    private static String[] hashes(SortedMap<String, String> files) {
        return files.values().toArray(String[]::new);
    }
}
