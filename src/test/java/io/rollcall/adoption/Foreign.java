package io.rollcall.adoption;

import io.rollcall.schema.ScratchDatabase;
import java.sql.SQLException;
import java.util.List;

/** Databases as other systems leave them, in SQL of our own wording. */
final class Foreign {

    private static final String METRICS = """
            CREATE TABLE %1$sagent_metrics (
                id text PRIMARY KEY, agent_id text NOT NULL, date date NOT NULL, section_id text,
                workspace_id text DEFAULT 'default-workspace',
                tasks_completed int DEFAULT 0, tasks_started int DEFAULT 0, bounce_count int DEFAULT 0,
                stall_count int DEFAULT 0, comments_posted int DEFAULT 0, mentions_received int DEFAULT 0,
                mentions_sent int DEFAULT 0, kudos_count int DEFAULT 0, flag_count int DEFAULT 0,
                active_minutes int DEFAULT 0, versions_completed int DEFAULT 0,
                avg_duration_min float8, median_duration_min float8, avg_gap_min float8, chain_rate float8,
                throughput float8, first_pass_rate float8, mention_response_min float8, review_notes_rate float8,
                test_plan_rate float8, data jsonb DEFAULT '{}',
                created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
            CREATE INDEX %1$smetrics_by_day ON %1$sagent_metrics (date DESC);
            CREATE UNIQUE INDEX ux_agent_metrics_agent_date_section
                ON %1$sagent_metrics (agent_id, date, COALESCE(section_id, ''));
            INSERT INTO %1$sagent_metrics (id, agent_id, date, section_id, workspace_id, tasks_completed, bounce_count,
                   avg_duration_min, chain_rate, data, updated_at)
            SELECT format('agent-%%s-%%s-%%s', i %% 40, day, COALESCE(section, 'all')), 'agent-' || i %% 40, day, section,
                   CASE i %% 5 WHEN 0 THEN 'acme' WHEN 1 THEN 'Zürich 日本' WHEN 2 THEN 'default-workspace' END,
                   i, nullif(i %% 7, 3), CASE WHEN i %% 3 > 0 THEN i / 9.0 END, (i %% 11) / 10.0,
                   CASE i %% 4 WHEN 0 THEN '{"custom": 1.5, "note": "text", "big": 3}'::jsonb WHEN 1 THEN NULL ELSE '{}' END,
                   timestamptz '2026-03-01 12:00:00.123456+02' + i * interval '1 second'
              FROM (SELECT i, date '2026-01-01' + i / 120 AS day,
                           CASE i / 40 %% 3 WHEN 0 THEN NULL WHEN 1 THEN 'main' ELSE 'Ünï/b' END AS section
                      FROM generate_series(0, %2$d - 1) i) AS days;
            """;

    private static final String REST = """
            CREATE TABLE %1$ssettings (
                id text PRIMARY KEY DEFAULT 'default', data jsonb NOT NULL DEFAULT '{}', updated_at timestamptz,
                workspace_id text DEFAULT 'default-workspace');
            INSERT INTO %1$ssettings (id, data, updated_at, workspace_id) VALUES
                ('default', '{"missionStatement": "Größer", "teammates": [{"n": 1}], "qaLead": null}', now(), NULL),
                ('extra', '{"loops": []}', NULL, 'acme');
            CREATE TABLE %1$sheartbeats (
                agent_id text PRIMARY KEY, loop_id text, last_heartbeat timestamptz NOT NULL DEFAULT now(),
                last_status text, updated_at timestamptz NOT NULL DEFAULT now(), workspace_id text);
            INSERT INTO %1$sheartbeats (agent_id, loop_id, last_heartbeat, last_status, workspace_id)
            SELECT 'agent-' || i, 'loop', now() - i * interval '1 minute', 'firing',
                   CASE i %% 3 WHEN 0 THEN 'acme' WHEN 1 THEN 'default-workspace' END
              FROM generate_series(1, 40) i;
            CREATE TABLE %1$sprojects (id text PRIMARY KEY, setting text REFERENCES %1$ssettings_of_projects (id));
            """.replace(
                    "CREATE TABLE %1$sprojects",
                    "CREATE TABLE %1$ssettings_of_projects (id text PRIMARY KEY);\n" + "CREATE TABLE %1$sprojects");

    static final String MOLECULE = """
            CREATE TYPE workspace_status AS ENUM ('provisioning', 'online', 'offline', 'degraded', 'failed', 'removed',
                                                  'paused', 'hibernated', 'awaiting_agent', 'hibernating');
            CREATE TABLE workspaces (
                id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, role text, tier int DEFAULT 1,
                status workspace_status DEFAULT 'provisioning', source_bundle_id text, agent_card jsonb, url text,
                parent_id uuid REFERENCES workspaces (id), forwarded_to uuid REFERENCES workspaces (id),
                last_heartbeat_at timestamptz, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
                runtime text DEFAULT 'hermes', budget_limit bigint, max_concurrent_tasks int NOT NULL DEFAULT 1,
                platform_inbound_secret text, template text NOT NULL DEFAULT '', kind text NOT NULL DEFAULT 'workspace');
            CREATE TABLE canvas_layouts (workspace_id uuid PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
                x float8, y float8, collapsed boolean DEFAULT false);
            CREATE TABLE workspace_secrets (workspace_id uuid REFERENCES workspaces (id), key text, value bytea);
            -- Node i hangs below node i / 3, but three are roots.
            INSERT INTO workspaces (id, name, role, tier, status, parent_id, created_at, updated_at, max_concurrent_tasks,
                   platform_inbound_secret, template, kind, url)
            SELECT ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'Näme ' || i, nullif('r' || i % 4, 'r0'),
                   nullif(i % 4, 3),
                   CASE WHEN i > 2700 THEN 'removed' WHEN i % 10 = 0 THEN NULL WHEN i % 10 = 1 THEN 'online'
                        WHEN i % 10 = 2 THEN 'degraded' ELSE 'paused' END::workspace_status,
                   CASE WHEN i > 3 THEN ('00000000-0000-4000-8000-' || lpad((i / 3)::text, 12, '0'))::uuid END,
                   now() - i * interval '1 hour', now() - i * interval '1 minute', 1 + i % 3, 'secret-' || i,
                   CASE WHEN i % 2 = 0 THEN 'team' ELSE '' END, CASE WHEN i = 1 THEN 'platform' ELSE 'workspace' END, 'http://w/' || i
              FROM generate_series(1, 3000) i;
            INSERT INTO canvas_layouts SELECT id, 1.5, -2, true FROM workspaces WHERE tier = 2;
            CREATE TABLE delegations (
                delegation_id text PRIMARY KEY, caller_id uuid NOT NULL, callee_id uuid NOT NULL, task_preview text NOT NULL,
                status text NOT NULL DEFAULT 'queued', last_heartbeat timestamptz,
                deadline timestamptz NOT NULL DEFAULT now() + interval '6 hours', result_preview text, error_detail text,
                retry_count int NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now(),
                updated_at timestamptz NOT NULL DEFAULT now(), idempotency_key text);
            CREATE UNIQUE INDEX idx_delegations_idempotency ON delegations (caller_id, idempotency_key)
                WHERE idempotency_key IS NOT NULL;
            INSERT INTO delegations (delegation_id, caller_id, callee_id, task_preview, status, last_heartbeat, result_preview,
                   error_detail, created_at, updated_at, deadline, idempotency_key)
            SELECT gen_random_uuid()::text, c.id, e.id, 'Tâsk ' || i || repeat('é', CASE WHEN i % 100 = 0 THEN 3000 ELSE 0 END),
                   (ARRAY['queued', 'dispatched', 'in_progress', 'completed', 'failed', 'stuck'])[1 + i % 6],
                   CASE WHEN i % 2 = 0 THEN now() - interval '5 minutes' END, CASE WHEN i % 6 = 3 THEN 'done ' || i END,
                   CASE WHEN i % 6 > 3 THEN 'broken' END, now() - interval '2 days', now() - i * interval '1 second',
                   now() + interval '1 day', CASE WHEN i % 3 = 0 THEN 'key ' || i END
              FROM generate_series(1, 4000) i
              JOIN workspaces c ON c.id = ('00000000-0000-4000-8000-' || lpad((9 + i % 18)::text, 12, '0'))::uuid
              JOIN workspaces e ON e.id = c.parent_id;
            -- To nobody, to oneself, and into another organisation.
            INSERT INTO delegations (delegation_id, caller_id, callee_id, task_preview)
            SELECT 'gone-' || i, gen_random_uuid(), id, 't' FROM workspaces, generate_series(1, 30) i WHERE name = 'Näme 9';
            INSERT INTO delegations (delegation_id, caller_id, callee_id, task_preview)
            SELECT 'self', id, id, 't' FROM workspaces WHERE name = 'Näme 9';
            INSERT INTO delegations (delegation_id, caller_id, callee_id, task_preview)
            VALUES ('across', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 't');
            """;

    private static final String FORGE = """
            CREATE TABLE db_forge_agents (id text PRIMARY KEY, slug text NOT NULL DEFAULT '', name text NOT NULL,
                CONSTRAINT db_forge_agents_name CHECK (name <> ''));
            CREATE UNIQUE INDEX idx_forge_agents_slug ON db_forge_agents (slug);
            CREATE TABLE db_forge_history (id bigserial PRIMARY KEY,
                agent_id text NOT NULL REFERENCES db_forge_agents (id) ON DELETE CASCADE, session_date text, entry text);
            CREATE INDEX idx_forge_history_agent_date ON db_forge_history (agent_id, session_date);
            CREATE TABLE db_forge_content (agent_id text REFERENCES db_forge_agents (id) ON DELETE CASCADE,
                content_type text, content text DEFAULT '', PRIMARY KEY (agent_id, content_type));
            CREATE TABLE db_identities (id text PRIMARY KEY, name text UNIQUE, is_blank int NOT NULL DEFAULT 0);
            CREATE INDEX idx_identities_is_blank ON db_identities (is_blank);
            CREATE TABLE db_identity_bindings (identity_id text REFERENCES db_identities (id) ON DELETE CASCADE, provider text);
            INSERT INTO db_forge_agents SELECT 'a' || i, 's' || i, 'Ägent ' || i FROM generate_series(1, 2000) i;
            INSERT INTO db_forge_history (agent_id, session_date, entry)
            SELECT 'a' || (1 + i % 2000), '2026-01-01', 'entry ' || i FROM generate_series(1, 5000) i;
            INSERT INTO db_forge_content SELECT 'a' || i, 'soul', 'Söul' FROM generate_series(1, 500) i;
            INSERT INTO db_identities VALUES ('blank', '__blank__', 1), ('i1', 'One', 0);
            INSERT INTO db_identity_bindings VALUES ('i1', 'github');
            """;

    private Foreign() {}

    static void orgStudio(ScratchDatabase database, String prefix, int metrics) throws SQLException {
        database.script(METRICS.formatted(prefix, metrics));
        database.script(REST.formatted(prefix));
    }

    /** As the original's migration leaves it when it ends between its steps: rows that the new key cannot take. */
    static void collideOrgStudio(ScratchDatabase database, String prefix) throws SQLException {
        database.script("""
                DROP INDEX ux_agent_metrics_agent_date_section;
                CREATE UNIQUE INDEX ux_agent_metrics_ws_agent_date_section
                    ON %1$sagent_metrics (workspace_id, agent_id, date, COALESCE(section_id, ''));
                INSERT INTO %1$sagent_metrics (id, agent_id, date, section_id, workspace_id)
                SELECT id || '-twin', agent_id, date, section_id, 'default-workspace'
                  FROM %1$sagent_metrics WHERE workspace_id IS NULL ORDER BY id LIMIT 30;
                """.formatted(prefix));
    }

    static void moleculeCore(ScratchDatabase database) throws SQLException {
        database.script(MOLECULE);
    }

    static void agentmux(ScratchDatabase database) throws SQLException {
        database.script(FORGE);
    }

    /** Everything of ours that an adoption writes, but for the times at which it did. */
    static List<String> adopted(ScratchDatabase database) {
        return database.rows("""
                SELECT line FROM (
                    SELECT (to_jsonb(w) - 'created_at' - 'updated_at' - 'removed_at')::text FROM public.workspaces w
                    UNION ALL SELECT (to_jsonb(s) - 'updated_at')::text FROM public.settings s
                    UNION ALL SELECT (to_jsonb(h) - 'silent_since')::text FROM public.heartbeats h
                    UNION ALL SELECT to_jsonb(m)::text FROM public.agent_metrics m
                    UNION ALL SELECT (to_jsonb(d) - 'id')::text FROM public.delegations d
                    UNION ALL SELECT count(*)::text FROM public.delegation_events
                    UNION ALL SELECT count(*)::text FROM public.delegation_payloads
                    UNION ALL SELECT count(*)::text FROM public.delegation_beats
                    UNION ALL SELECT count(*)::text FROM public.activity_logs
                    UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
                ) AS lines (line) ORDER BY 1
                """);
    }
}
