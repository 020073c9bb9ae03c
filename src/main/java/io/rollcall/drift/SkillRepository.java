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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of installed skills. */
@ApplicationScoped
class SkillRepository {

    /** As {@link BootstrapRepository} keeps reports. */
    private static final String INSTALL = """
            WITH w AS (
                SELECT w.id, w.org_id, w.removed_at FROM workspaces w
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
                   FOR KEY SHARE),
            written AS (
                INSERT INTO skill_installs (workspace_id, agent_id, skill, org_id, commit_hash)
                SELECT w.id, $3, $4, w.org_id, $5 FROM w
                ON CONFLICT (workspace_id, agent_id, skill)
                DO UPDATE SET commit_hash = excluded.commit_hash, installed_at = excluded.installed_at),
            crowded_out AS (
                DELETE FROM skill_installs i
                 USING w, (SELECT o.skill FROM skill_installs o
                            WHERE o.workspace_id = $1 AND o.agent_id = $3 AND o.skill <> $4
                            ORDER BY o.installed_at DESC, o.skill OFFSET $6) o
                 WHERE i.workspace_id = w.id AND i.agent_id = $3 AND i.skill = o.skill)
            SELECT w.removed_at FROM w
            """;

    private static final String PAGE = PlannedEachTime.statement("""
            SELECT w.removed_at, i.agent_id, i.skill, i.commit_hash, i.installed_at, n.commit_hash AS newest_commit,
                   greatest(0, floor(extract(epoch FROM now() - i.installed_at)))::bigint AS age_seconds,
                   i.installed_at < now() - interval '24 hours' AND EXISTS (
                       SELECT 1 FROM heartbeats h
                        WHERE h.workspace_id = w.id AND h.agent_id = i.agent_id
                          AND h.beat_at > now() - interval '1 hour') AS stale
              FROM workspaces w
              LEFT JOIN LATERAL (
                   SELECT i.agent_id, i.skill, i.commit_hash, i.installed_at FROM skill_installs i
                    WHERE i.workspace_id = w.id
                      AND ($3::text IS NULL OR i.agent_id = $3) AND ($4::text IS NULL OR i.skill = $4)
                      AND i.agent_id >= $5 AND (i.agent_id > $5 OR i.skill > $6)
                    ORDER BY i.agent_id, i.skill LIMIT $7) i ON true
              LEFT JOIN LATERAL (
                   SELECT n.commit_hash FROM skill_installs n
                    WHERE n.workspace_id = w.id AND n.skill = i.skill
                    ORDER BY n.installed_at DESC, n.agent_id DESC LIMIT 1) n ON true
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
             ORDER BY i.agent_id, i.skill
            """);

    /** Fails with 404, 410. */
    Uni<Void> install(SqlClient client, Caller caller, UUID workspaceId, SkillPing ping) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), ping.agent(), ping.skill(), ping.commit())
                .addInteger(SkillPing.MOST_SKILLS - 1);
        return client.preparedQuery(INSTALL)
                .execute(values)
                .invoke(rows -> LiveWorkspace.require(rows, workspaceId))
                .replaceWithVoid();
    }

    /**
     * Fails with 404, 410.
     *
     * @param agentId null: all agents
     * @param skill null: all skills
     */
    Uni<Page<SkillInstall>> page(
            SqlClient client,
            Caller caller,
            UUID workspaceId,
            @Nullable String agentId,
            @Nullable String skill,
            PairCursor after,
            int limit) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), agentId, skill, after.first(), after.second())
                .addInteger(limit + 1);
        return client.preparedQuery(PAGE).execute(values).map(rows -> {
            LiveWorkspace.require(rows, workspaceId);
            List<SkillInstall> installs = rows.stream()
                    .filter(row -> row.getString("skill") != null)
                    .map(SkillRepository::install)
                    .toList();
            return Page.ofPairs(installs, limit, last -> new PairCursor(last.agentId(), last.skill()));
        });
    }

    private static SkillInstall install(Row row) {
        String commit = row.getString("commit_hash");
        String newest = row.getString("newest_commit");
        return new SkillInstall(
                row.getString("agent_id"),
                row.getString("skill"),
                commit,
                row.getOffsetDateTime("installed_at"),
                row.getLong("age_seconds"),
                newest,
                !commit.equals(newest),
                row.getBoolean("stale"));
    }
}
