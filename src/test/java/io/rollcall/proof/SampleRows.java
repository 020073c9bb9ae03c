package io.rollcall.proof;

import static java.util.Map.entry;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Rows for tables that a migration made, so that the next ones meet some. */
final class SampleRows {

    /** One row for each table, since no generator guesses what the CHECKs want. A new table needs its line here. */
    private static final Map<String, String> ROW = Map.ofEntries(
            entry("settings", """
            INSERT INTO settings (workspace_id, id, org_id, data)
            VALUES (gen_random_uuid(), 'k', gen_random_uuid(), '{}')"""),
            entry("agent_metrics", """
            INSERT INTO agent_metrics (workspace_id, agent_id, date, org_id)
            VALUES (gen_random_uuid(), 'main', '2027-01-31', gen_random_uuid())"""),
            entry("event_outbox", """
            INSERT INTO event_outbox (org_id, event, at, payload)
            VALUES (gen_random_uuid(), 'ORG_IMPORTED', now(), '{}')"""),
            entry("events", """
            INSERT INTO events (seq, org_id, event, at, payload)
            VALUES (1, gen_random_uuid(), 'ORG_IMPORTED', now(), '{}')"""),
            // They have their one row; and an older instance would hold up migrations that contract.
            entry("event_sequence", "SELECT 1"),
            entry("schema_version", "SELECT 1"),
            entry("instances", "INSERT INTO instances (id, version) VALUES (gen_random_uuid(), '99999.0.0')"),
            entry("workspaces", """
            INSERT INTO workspaces (id, org_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                   '00000000-0000-7000-8000-000000000001', 'Acme')"""),
            entry("import_runs", """
            INSERT INTO import_runs (id, template, mode, dry_run, created, skipped, updated, removed, duration_ms,
                   outcome, actor) VALUES (gen_random_uuid(), 't', 'merge', false, 0, 0, 0, 0, 0, 'completed', 'a')"""),
            entry("audit_log", "INSERT INTO audit_log (actor, action, target, request_id) VALUES ('a', 'b', 'c', 'd')"),
            entry(
                    "audit_heads",
                    "INSERT INTO audit_heads (sequence, sha256) VALUES (1, decode(repeat('00', 32), 'hex'))"),
            entry("idempotency_keys", """
            INSERT INTO idempotency_keys (actor, method, path, key, fingerprint, status, headers, body)
            VALUES ('a', 'POST', '/x', 'k', '', 201, '{}', '')"""),
            entry("admin_token", "INSERT INTO admin_token (sha256) VALUES (decode(repeat('00', 32), 'hex'))"),
            entry("tokens", """
            INSERT INTO tokens (id, org_id, workspace_id, name, scope, sha256, created_by, revoked_at)
            VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'n', 'workspace',
                    decode(repeat('00', 32), 'hex'), 'a', now())"""),
            entry(
                    "canvas_viewports",
                    "INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES (gen_random_uuid(), 0, 0, 1)"),
            entry("delegations", """
            INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, root_delegation_id,
                   payload_sha256, event_actor)
            VALUES (gen_random_uuid(), 'd', gen_random_uuid(), gen_random_uuid(), 't', 'd',
                    decode(repeat('00', 32), 'hex'), 'a')"""),
            entry("delegation_payloads", """
            INSERT INTO delegation_payloads (delegation, kind, org_id, body)
            VALUES (1, 'task', gen_random_uuid(), 'b')"""),
            entry("delegation_beats", """
            INSERT INTO delegation_beats (delegation, org_id) VALUES (1, gen_random_uuid())"""),
            entry("delegation_events", """
            INSERT INTO delegation_events (delegation, org_id, kind, actor, attempt, at)
            VALUES (1, gen_random_uuid(), 'transition', 'a', 0, now())"""),
            entry("activity_logs", """
            INSERT INTO activity_logs (org_id, workspace_id, type, actor)
            VALUES (gen_random_uuid(), gen_random_uuid(), 't', 'a')"""),
            entry("inboxes", """
            INSERT INTO inboxes (workspace_id, org_id, last_seq) VALUES (gen_random_uuid(), gen_random_uuid(), 0)"""),
            entry("inbox_messages", """
            INSERT INTO inbox_messages (workspace_id, seq, org_id, delegation, created_at)
            VALUES (gen_random_uuid(), 1, gen_random_uuid(), 1, now())"""),
            entry("heartbeats", """
            INSERT INTO workspaces (id, org_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                   '00000000-0000-7000-8000-000000000001', 'Acme') ON CONFLICT DO NOTHING;
            INSERT INTO heartbeats (workspace_id, org_id, agent_id)
            VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'main')"""),
            entry("agent_states", """
            INSERT INTO workspaces (id, org_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                   '00000000-0000-7000-8000-000000000001', 'Acme') ON CONFLICT DO NOTHING;
            INSERT INTO heartbeats (workspace_id, org_id, agent_id)
            VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'main')
                ON CONFLICT DO NOTHING;
            INSERT INTO agent_states (workspace_id, org_id, agent_id)
            VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'main')"""),
            entry("incidents", """
            INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak,
                   cool_down_until)
            VALUES (gen_random_uuid(), gen_random_uuid(), 'main', 'agent_silent', 'm', now(), 0, now())"""),
            entry("watchdog_pauses", """
            INSERT INTO watchdog_pauses (workspace_id, agent_id, org_id, until_at, paused_by)
            VALUES (gen_random_uuid(), 'main', gen_random_uuid(), now(), 'a')"""),
            entry("bootstrap_files", """
            INSERT INTO bootstrap_files (workspace_id, path, org_id, sha256)
            VALUES (gen_random_uuid(), 'p', gen_random_uuid(), sha256('a'))"""),
            entry("bootstrap_pings", """
            INSERT INTO bootstrap_pings (workspace_id, agent_id, path, org_id, sha256)
            VALUES (gen_random_uuid(), 'main', 'p', gen_random_uuid(), sha256('a'))"""),
            entry("skill_installs", """
            INSERT INTO skill_installs (workspace_id, agent_id, skill, org_id, commit_hash)
            VALUES (gen_random_uuid(), 'main', 's', gen_random_uuid(), 'c')"""));

    /**
     * Writes the INSERT. Every UUID is mapped, the same to the same, so that what refers to each other still does; so are
     * numbers in keys and references; anything else only where no other column would make a unique index content.
     */
    private static final String MULTIPLIED = """
            WITH keys AS (
                SELECT i.indexrelid, k.attnum FROM pg_index i, unnest(i.indkey) AS k (attnum)
                 WHERE i.indrelid = '$table'::regclass AND i.indisunique AND k.attnum > 0
            ), columns AS (
                SELECT a.attnum, a.attname, format_type(a.atttypid, NULL) AS type, a.attnotnull,
                       a.attnum IN (SELECT k.attnum FROM keys k)
                           OR EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conrelid = a.attrelid AND c.contype = 'f'
                                         AND a.attnum = ANY (c.conkey)) AS key
                  FROM pg_attribute a
                 WHERE a.attrelid = '$table'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            ), poor AS (
                SELECT k.indexrelid FROM keys k JOIN columns c USING (attnum)
                 GROUP BY k.indexrelid HAVING NOT bool_or(c.attnotnull AND c.type IN ('uuid', 'bigint', 'integer', 'bytea'))
            ), written AS (
                SELECT attnum, quote_ident(attname) AS name,
                       CASE WHEN type = 'uuid' THEN format('md5(s.%1$I::text || i)::uuid', attname)
                            WHEN key AND type IN ('bigint', 'integer') THEN format('s.%1$I + i', attname)
                            WHEN key AND type = 'bytea' THEN format('sha256(s.%1$I || i::text::bytea)', attname)
                            WHEN type = 'text' AND attnum IN (SELECT k.attnum FROM keys k JOIN poor USING (indexrelid))
                                THEN format('s.%1$I || i', attname)
                            WHEN type = 'date' AND attnum IN (SELECT k.attnum FROM keys k JOIN poor USING (indexrelid))
                                THEN format('s.%1$I + i', attname)
                            ELSE format('s.%1$I', attname) END AS expression
                  FROM columns
            )
            SELECT format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM (SELECT * FROM %s LIMIT 1) AS s,'
                          || ' generate_series(1, $rows) AS i', '$table', string_agg(name, ', ' ORDER BY attnum),
                          string_agg(expression, ', ' ORDER BY attnum), '$table')
              FROM written
            """;

    private SampleRows() {}

    /** Into a table that is empty, or makes no difference to it. */
    static void add(ProofDatabase database, String table) throws SQLException {
        String row = ROW.get(table);
        if (row == null) {
            throw new AssertionError("add a sample row for the new table " + table + " to SampleRows");
        }
        database.script(row);
    }

    /**
     * More rows like the one that is there, with other keys; no trigger fires and no reference is checked. A table that can
     * have but one like it, by a constraint, keeps that.
     *
     * @return whether there are that many now
     */
    static boolean multiply(ProofDatabase database, String table, int rows) throws SQLException {
        String insert = database.rows(MULTIPLIED.replace("$table", table)).get(0);
        try (Connection superuser = database.superuser();
                Statement statement = superuser.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(insert.replace("$rows", Integer.toString(rows - 1)));
            return true;
        } catch (SQLException e) {
            if (!e.getSQLState().startsWith("23")) {
                throw e;
            }
            return false;
        }
    }
}
