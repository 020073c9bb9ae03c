package io.rollcall.proof;

import java.util.List;
import java.util.Map;

/**
 * The keys of tables that belong to somebody (they have an organisation or a workspace), by the catalog: unique indexes begin
 * with the tenant, or with a generated id (a UUID, a bigint), of which no two tenants have the same; references between such
 * tables carry the tenant along.
 */
final class TenantKeys {

    /** What is otherwise, and why that is right. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "workspaces_parent_name_uniq",
            "begins with the parent's id; roots, which have none, collide with each other",
            "delegations_id_key",
            "the caller's own id, then the organisation",
            "delegations_retried_once",
            "the caller's own id, then the organisation");

    private static final String SQL = """
            WITH owned AS (
                SELECT c.oid, c.relname FROM pg_class c
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                   AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                                  AND a.attname IN ('org_id', 'workspace_id'))
            )
            SELECT t.relname || '.' || i.indexrelid::regclass || ' is unique across tenants'
              FROM owned t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
              LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
             WHERE a.attname IS NULL OR a.atttypid NOT IN ('uuid'::regtype, 'bigint'::regtype)
            UNION ALL
            SELECT t.relname || '.' || k.conname || ' is a reference without the tenant'
              FROM owned t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
              JOIN owned r ON r.oid = k.confrelid
             WHERE NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey)
                                  AND a.attname IN ('org_id', 'workspace_id'))
             ORDER BY 1
            """;

    private TenantKeys() {}

    static List<String> findings(ProofDatabase database) {
        return database.rows(SQL).stream()
                .filter(finding ->
                        !OTHERWISE.containsKey(finding.substring(finding.indexOf('.') + 1, finding.indexOf(' '))))
                .toList();
    }
}
