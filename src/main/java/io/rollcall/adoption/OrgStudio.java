package io.rollcall.adoption;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * org-studio's settings, metrics and heartbeats, on their old keys, on the new ones or half way. Each of its workspaces
 * becomes an organisation with a root, whose id follows from the old one.
 *
 * @param prefix of its tables' names: its own, or none
 */
record OrgStudio(String prefix) implements ForeignSystem {

    private static final String NAME = "org-studio";
    private static final String LABEL = "org-studio.workspace_id";
    private static final String DEFAULT = "default-workspace";

    /** A UUID of version 8 that follows from the old id, so that whoever runs it again finds the same. */
    private static final String ID =
            "overlay(overlay(md5('rollcall adoption org-studio ' || %s) PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid";

    private static final List<String> COUNTS = List.of(
            "tasks_completed",
            "tasks_started",
            "bounce_count",
            "stall_count",
            "comments_posted",
            "mentions_received",
            "mentions_sent",
            "kudos_count",
            "flag_count",
            "active_minutes",
            "versions_completed");
    private static final List<String> MEASURES =
            List.of("avg_duration_min", "median_duration_min", "avg_gap_min", "throughput", "mention_response_min");
    private static final List<String> RATES =
            List.of("chain_rate", "first_pass_rate", "review_notes_rate", "test_plan_rate");

    /** What our column takes: a number that every JSON client holds exactly. */
    private static final String KEPT = """
            COALESCE((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(%s) e
                       WHERE CASE jsonb_typeof(e.value) WHEN 'number'
                             THEN (e.value)::numeric BETWEEN -9007199254740991 AND 9007199254740991 END), '{}')""";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String schema() {
        return "org_studio";
    }

    @Override
    public boolean isIn(Database database, String schema) throws SQLException {
        return database.hasColumns(schema, metrics(), "id", "agent_id", "date", "section_id", "workspace_id", "data")
                && database.hasColumns(schema, settings(), "id", "data", "workspace_id")
                && database.hasColumns(schema, heartbeats(), "agent_id", "last_heartbeat", "workspace_id");
    }

    @Override
    public List<String> tables(Database database, String schema) {
        return List.of(metrics(), settings(), heartbeats());
    }

    @Override
    public List<Check> checks(Database database, String schema) {
        return List.of(
                collision(schema, metrics(), "agent_id, date, COALESCE(section_id, '')"),
                collision(schema, settings(), "id"),
                collision(schema, heartbeats(), "agent_id"),
                new Check(
                        "workspace_id",
                        "all",
                        "is empty or longer than 600 characters, which no workspace's name may be",
                        true,
                        """
                        SELECT workspace_id, count(*) FROM (%s) w (workspace_id)
                         WHERE char_length(workspace_id) NOT BETWEEN 1 AND 600 GROUP BY 1
                        """.formatted(workspaces(schema))),
                new Check(
                        "values",
                        metrics(),
                        "a count, measure, rate (0 to 1), date, agent's or section's name, or the keys of data are beyond"
                                + " what our columns take: correct them",
                        true,
                        "SELECT id, 1 FROM %s.%s m WHERE (%s) IS NOT TRUE".formatted(schema, metrics(), fits())),
                new Check(
                        "values",
                        settings(),
                        "the key has no, or more than 200, characters, or data is no object, or of more than 1 MiB",
                        true,
                        """
                        SELECT concat_ws('/', workspace_id, id), 1 FROM %s.%s
                         WHERE (char_length(id) BETWEEN 1 AND 200 AND jsonb_typeof(data) = 'object'
                                AND octet_length(data::text) <= 1048576) IS NOT TRUE
                        """.formatted(schema, settings())),
                new Check(
                        "values",
                        heartbeats(),
                        "the agent's name has no, or more than 200, characters, or there is no last heartbeat",
                        true,
                        """
                        SELECT concat_ws('/', workspace_id, agent_id), 1 FROM %s.%s
                         WHERE (char_length(agent_id) BETWEEN 1 AND 200 AND last_heartbeat IS NOT NULL) IS NOT TRUE
                        """.formatted(schema, heartbeats())),
                new Check(
                        "data",
                        metrics(),
                        "what is no number among the further values is not copied",
                        false,
                        """
                        SELECT id, 1 FROM %s.%s m
                         WHERE CASE jsonb_typeof(data) WHEN 'object' THEN data <> %s ELSE false END
                        """.formatted(schema, metrics(), KEPT.formatted("data"))));
    }

    @Override
    public List<Step> repairs() {
        return List.of(
                new Backfill(metrics(), "id", "workspace_id", DEFAULT).step(),
                new Backfill(settings(), "id", "workspace_id", DEFAULT).step(),
                new Backfill(heartbeats(), "agent_id", "workspace_id", DEFAULT).step(),
                new Step("key of " + metrics(), this::swapMetrics),
                new KeySwap(settings(), "workspace_id, id").step(),
                new KeySwap(heartbeats(), "workspace_id, agent_id").step());
    }

    /** The new key first, then without the old ones: those unique indexes that say nothing of the workspace. */
    private void swapMetrics(Progress progress) throws SQLException {
        Database database = progress.database();
        String name = "ux_agent_metrics_ws_agent_date_section";
        new UniqueIndex(
                        name,
                        metrics(),
                        "CREATE UNIQUE INDEX " + name + " ON public." + metrics()
                                + " USING btree (workspace_id, agent_id, date, COALESCE(section_id, ''::text))")
                .build(progress);
        progress.passed().accept("next key of " + metrics());
        for (String old : database.texts("""
                SELECT format('%I', c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 WHERE i.indrelid = to_regclass(?) AND i.indisunique AND NOT i.indisprimary
                   AND pg_get_indexdef(i.indexrelid) NOT LIKE '%workspace_id%'
                   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
                """, "public." + metrics())) {
            database.execute("DROP INDEX CONCURRENTLY public." + old);
        }
        for (String old : database.texts(
                "SELECT format('%I', conname) FROM pg_constraint WHERE conrelid = to_regclass(?) AND contype = 'u'"
                        + " AND pg_get_constraintdef(oid) NOT LIKE '%workspace_id%'",
                "public." + metrics())) {
            database.patiently("ALTER TABLE public." + metrics() + " DROP CONSTRAINT " + old);
        }
    }

    @Override
    public List<Step> copies() {
        String schema = schema();
        String known = "JOIN public.workspaces w ON w.id = " + ID.formatted("p.workspace_id");
        return List.of(
                new BatchCopy(
                                "workspaces",
                                "SELECT o.workspace_id FROM (" + workspaces(schema) + ") AS o (workspace_id)",
                                "true",
                                List.of(new BatchCopy.Key("o.workspace_id", "workspace_id", "text")),
                                """
                                copied AS (
                                    INSERT INTO public.workspaces (id, org_id, name, status, labels)
                                    SELECT %1$s, %1$s, p.workspace_id, 'offline', jsonb_build_object('%2$s', p.workspace_id)
                                      FROM part p ORDER BY 1
                                    ON CONFLICT (id) DO NOTHING RETURNING 1)
                                """.formatted(ID.formatted("p.workspace_id"), LABEL),
                                List.of())
                        .step(),
                new BatchCopy(
                                "settings",
                                "SELECT s.workspace_id, s.id, s.data, to_jsonb(s) ->> 'updated_at' AS updated_at FROM "
                                        + schema + "." + settings() + " s",
                                "true",
                                List.of(
                                        new BatchCopy.Key("s.workspace_id", "workspace_id", "text"),
                                        new BatchCopy.Key("s.id", "id", "text")),
                                """
                                copied AS (
                                    INSERT INTO public.settings (workspace_id, id, org_id, data, updated_at)
                                    SELECT w.id, p.id, w.org_id, p.data, COALESCE(p.updated_at::timestamptz, now())
                                      FROM part p %s ORDER BY 1, 2
                                    ON CONFLICT (workspace_id, id) DO NOTHING RETURNING 1)
                                """.formatted(known),
                                List.of())
                        .step(),
                // Held to be silent from now on: nobody has beaten here yet, which is no incident.
                new BatchCopy(
                                "heartbeats",
                                "SELECT h.workspace_id, h.agent_id, h.last_heartbeat FROM " + schema + "."
                                        + heartbeats() + " h",
                                "true",
                                List.of(
                                        new BatchCopy.Key("h.workspace_id", "workspace_id", "text"),
                                        new BatchCopy.Key("h.agent_id", "agent_id", "text")),
                                """
                                copied AS (
                                    INSERT INTO public.heartbeats (workspace_id, agent_id, org_id, beat_at, silent_since)
                                    SELECT w.id, p.agent_id, w.org_id, p.last_heartbeat, now()
                                      FROM part p %s ORDER BY 1, 2
                                    ON CONFLICT (workspace_id, agent_id) DO NOTHING RETURNING 1)
                                """.formatted(known),
                                List.of())
                        .step(),
                new BatchCopy(
                                "agent_metrics",
                                "SELECT m.id, m.workspace_id, m.agent_id, m.date, COALESCE(m.section_id, '') AS section, "
                                        + numbers("m.") + ", " + KEPT.formatted("m.data")
                                        + " AS data, m.created_at, m.updated_at FROM " + schema + "." + metrics()
                                        + " m",
                                "true",
                                List.of(new BatchCopy.Key("m.id", "id", "text")),
                                """
                                copied AS (
                                    INSERT INTO public.agent_metrics (workspace_id, agent_id, date, section, org_id, %1$s,
                                                                      data, created_at, updated_at)
                                    SELECT w.id, p.agent_id, p.date, p.section, w.org_id, %2$s, p.data,
                                           COALESCE(p.created_at, p.updated_at, now()),
                                           COALESCE(p.updated_at, p.created_at, now())
                                      FROM part p %3$s ORDER BY 1, 2, 3, 4
                                    ON CONFLICT (workspace_id, agent_id, date, section) DO NOTHING RETURNING 1)
                                """.formatted(columns(""), columns("p."), known),
                                List.of())
                        .step());
    }

    /** All that is copied. Where they had no time, ours is the copy's, which nothing can be compared with. */
    @Override
    public List<Proof> proofs(Database database) {
        String old = "w.labels ->> '" + LABEL + "'";
        return List.of(
                new Proof(
                        "settings",
                        "SELECT jsonb_build_array(workspace_id, id, data, (to_jsonb(t) ->> 'updated_at')::timestamptz)::text"
                                + " FROM " + schema() + "." + settings() + " t",
                        "SELECT jsonb_build_array(" + old + ", s.id, s.data,"
                                + " CASE WHEN to_jsonb(t) ->> 'updated_at' IS NOT NULL THEN s.updated_at END)::text"
                                + " FROM public.settings s"
                                + " JOIN public.workspaces w ON w.id = s.workspace_id AND w.org_id = s.org_id"
                                + " LEFT JOIN " + schema() + "." + settings() + " t ON t.workspace_id = " + old
                                + " AND t.id = s.id"),
                new Proof(
                        "heartbeats",
                        "SELECT jsonb_build_array(workspace_id, agent_id, last_heartbeat)::text FROM " + schema() + "."
                                + heartbeats(),
                        "SELECT jsonb_build_array(" + old + ", h.agent_id, h.beat_at)::text FROM public.heartbeats h"
                                + " JOIN public.workspaces w ON w.id = h.workspace_id AND w.org_id = h.org_id"),
                new Proof(
                        "agent_metrics",
                        "SELECT jsonb_build_array(workspace_id, agent_id, date, COALESCE(section_id, ''), "
                                + numbers("").replaceAll(" AS \\w+", "") + ", " + KEPT.formatted("data")
                                + ", COALESCE(created_at, updated_at), COALESCE(updated_at, created_at))::text FROM "
                                + schema() + "." + metrics(),
                        "SELECT jsonb_build_array(" + old + ", m.agent_id, m.date, m.section, " + columns("m.")
                                + ", m.data, CASE WHEN t.timed THEN m.created_at END,"
                                + " CASE WHEN t.timed THEN m.updated_at END)::text FROM public.agent_metrics m"
                                + " JOIN public.workspaces w ON w.id = m.workspace_id AND w.org_id = m.org_id"
                                + " LEFT JOIN (SELECT workspace_id, agent_id, date, COALESCE(section_id, '') AS section,"
                                + " COALESCE(created_at, updated_at) IS NOT NULL AS timed FROM " + schema() + "."
                                + metrics() + ") t ON t.workspace_id = " + old
                                + " AND t.agent_id = m.agent_id AND t.date = m.date AND t.section = m.section"));
    }

    private String metrics() {
        return prefix + "agent_metrics";
    }

    private String settings() {
        return prefix + "settings";
    }

    private String heartbeats() {
        return prefix + "heartbeats";
    }

    private String workspaces(String schema) {
        return Stream.of(metrics(), settings(), heartbeats())
                .map(table -> "SELECT workspace_id FROM " + schema + "." + table + " WHERE workspace_id IS NOT NULL")
                .collect(Collectors.joining(" UNION "));
    }

    /** Rows that are the same under the new key, a workspace that is missing being the default one. */
    private static Check collision(String schema, String table, String key) {
        String shown = key.replace("COALESCE(section_id, '')", "section_id");
        return new Check(
                "new_key",
                table,
                "the same under (workspace_id, " + shown + "): remove all but one, or give them other workspaces",
                true,
                """
                SELECT concat_ws('/', COALESCE(workspace_id, '%1$s'), %2$s), count(*) FROM %3$s.%4$s
                 GROUP BY COALESCE(workspace_id, '%1$s'), %2$s HAVING count(*) > 1
                """.formatted(DEFAULT, key, schema, table));
    }

    private static String fits() {
        var conditions = Stream.of(
                Stream.of(
                        "char_length(agent_id) BETWEEN 1 AND 200",
                        "char_length(COALESCE(section_id, '')) <= 200",
                        "date BETWEEN '2000-01-01' AND '9999-12-31'",
                        "CASE jsonb_typeof(COALESCE(data, '{}')) WHEN 'object' THEN"
                                + " (SELECT count(*) FROM jsonb_object_keys(" + KEPT.formatted("data")
                                + ")) <= 100 ELSE false END"),
                COUNTS.stream().map(column -> "COALESCE(" + column + ", 0) >= 0"),
                MEASURES.stream().map(column -> "COALESCE(" + column + ", 0) BETWEEN 0 AND 9007199254740991"),
                RATES.stream().map(column -> "COALESCE(" + column + ", 0) BETWEEN 0 AND 1"));
        return conditions.flatMap(all -> all).collect(Collectors.joining(" AND "));
    }

    private static String columns(String from) {
        return Stream.of(COUNTS, MEASURES, RATES)
                .flatMap(List::stream)
                .map(column -> from + column)
                .collect(Collectors.joining(", "));
    }

    /** A count that is missing is none. */
    private static String numbers(String from) {
        return Stream.concat(
                        COUNTS.stream().map(column -> "COALESCE(" + from + column + ", 0) AS " + column),
                        Stream.of(MEASURES, RATES).flatMap(List::stream).map(column -> from + column))
                .collect(Collectors.joining(", "));
    }
}
