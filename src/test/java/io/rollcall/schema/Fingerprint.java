package io.rollcall.schema;

/** Everything a migration can make, as sorted lines of text, without what Flyway keeps for itself. */
final class Fingerprint {

    private static final String SQL = """
            SELECT line FROM (
                SELECT format('table %s owner %s kind %s rowsecurity %s/%s persistence %s', c.relname,
                              pg_get_userbyid(c.relowner), c.relkind, c.relrowsecurity, c.relforcerowsecurity,
                              c.relpersistence)
                  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                UNION ALL
                SELECT format('grant %s %s', c.relname, c.relacl)
                  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relacl IS NOT NULL
                UNION ALL
                SELECT format('column %s.%s %s notnull %s default %s generated [%s] identity [%s] collation %s', c.relname,
                              a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                              pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, a.attcollation::regcollation)
                  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
                UNION ALL
                SELECT format('constraint %s.%s %s validated %s deferrable %s', k.conrelid::regclass, k.conname,
                              pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable)
                  FROM pg_constraint k WHERE k.connamespace = 'public'::regnamespace
                UNION ALL
                SELECT format('index %s valid %s ready %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready)
                  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 WHERE c.relnamespace = 'public'::regnamespace
                UNION ALL
                SELECT 'function ' || pg_get_functiondef(p.oid)
                  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
                UNION ALL
                SELECT format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
                  FROM pg_trigger t WHERE NOT t.tgisinternal
                UNION ALL
                SELECT format('policy %s.%s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual, with_check)
                  FROM pg_policies
                UNION ALL
                SELECT format('type %s', t.typname)
                  FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'r')
                UNION ALL
                SELECT format('extension %s', extname) FROM pg_extension
            ) AS lines (line)
             WHERE line NOT LIKE '%flyway_schema_history%'
             ORDER BY line COLLATE "C"
            """;

    private Fingerprint() {}

    static String of(ScratchDatabase database) {
        return String.join("\n", database.rows(SQL));
    }
}
