package io.rollcall.maintenance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What migrations make in the schema {@code public}, as sorted lines of text; the same on every supported major version of
 * PostgreSQL. Column order counts. Not in it: who owns and who may do what (an installation's own), what an extension
 * brought, Flyway's table, rows, comments, a column's storage, compression and statistics target, and operators, casts,
 * text search, collations, event triggers and publications.
 *
 * @param lines sorted by code point; one may span several lines of text (a function's body)
 */
record Fingerprint(List<String> lines) {

    // PostgreSQL 18 lists NOT NULL among the constraints; here it is the column's.
    private static final String SQL = """
            WITH ours AS (
                SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
                       c.relreplident
                  FROM pg_class c
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f')
                   AND c.relname <> 'flyway_schema_history'
                   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.deptype = 'e'
                                      AND (d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                           OR d.classid = 'pg_type'::regclass AND d.objid = c.reltype))
            ),
            types AS (
                SELECT t.oid, t.typname, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault, t.typcollation
                  FROM pg_type t
                 WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'r')
                   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_type'::regclass
                                      AND d.objid = t.oid AND d.deptype = 'e')
            ),
            functions AS (
                SELECT p.oid, p.prokind, p.proparallel FROM pg_proc p
                 WHERE p.pronamespace = 'public'::regnamespace
                   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                                      AND d.objid = p.oid AND d.deptype = 'e')
            )
            SELECT line FROM (
                SELECT format('table %s kind %s row security %s/%s persistence %s options %s', c.relname, c.relkind,
                              c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions)
                  FROM ours c
                UNION ALL
                SELECT format('column %s.%s %s %s notnull %s default %s generated [%s] identity [%s] collation %s', c.relname,
                              row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
                              format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                              a.attgenerated, a.attidentity, a.attcollation::regcollation)
                  FROM ours c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                 WHERE c.relkind <> 'S'
                UNION ALL
                SELECT format('constraint %s.%s %s validated %s', c.relname, k.conname, pg_get_constraintdef(k.oid),
                              k.convalidated)
                  FROM ours c JOIN pg_constraint k ON k.conrelid = c.oid
                 WHERE k.contype <> 'n'
                UNION ALL
                SELECT format('index %s valid %s ready %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready)
                  FROM ours c JOIN pg_index i ON i.indrelid = c.oid
                UNION ALL
                SELECT format('view %s %s', c.relname, pg_get_viewdef(c.oid)) FROM ours c WHERE c.relkind IN ('v', 'm')
                UNION ALL
                SELECT format('rule %s enabled %s', pg_get_ruledef(r.oid), r.ev_enabled)
                  FROM ours c JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'
                UNION ALL
                SELECT format('sequence %s %s start %s increment %s from %s to %s cache %s cycle %s', c.relname,
                              format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                              s.seqcycle)
                  FROM ours c JOIN pg_sequence s ON s.seqrelid = c.oid
                UNION ALL
                SELECT format('inherits %s from %s %s', c.relname, i.inhparent::regclass,
                              pg_get_expr(p.relpartbound, p.oid))
                  FROM ours c JOIN pg_class p ON p.oid = c.oid JOIN pg_inherits i ON i.inhrelid = c.oid
                UNION ALL
                SELECT format('partitioned %s by %s', c.relname, pg_get_partkeydef(c.oid)) FROM ours c WHERE c.relkind = 'p'
                UNION ALL
                SELECT format('foreign table %s server %s options %s', c.relname, s.srvname, f.ftoptions)
                  FROM ours c JOIN pg_foreign_table f ON f.ftrelid = c.oid JOIN pg_foreign_server s ON s.oid = f.ftserver
                UNION ALL
                SELECT format('replica identity %s %s %s', c.relname, c.relreplident,
                              (SELECT i.indexrelid::regclass FROM pg_index i
                                WHERE i.indrelid = c.oid AND i.indisreplident))
                  FROM ours c WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd'
                UNION ALL
                SELECT 'statistics ' || pg_get_statisticsobjdef(e.oid)
                  FROM ours c JOIN pg_statistic_ext e ON e.stxrelid = c.oid
                UNION ALL
                SELECT 'function ' || pg_get_functiondef(p.oid) FROM functions p WHERE p.prokind IN ('f', 'p', 'w')
                UNION ALL
                SELECT format('aggregate %s parallel %s kind %s direct %s state %s by %s init %s final %s combine %s'
                              ' moving %s %s %s %s %s sort %s', p.oid::regprocedure, p.proparallel, a.aggkind,
                              a.aggnumdirectargs, format_type(a.aggtranstype, NULL), a.aggtransfn, a.agginitval, a.aggfinalfn,
                              a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn,
                              format_type(a.aggmtranstype, NULL), a.aggminitval, a.aggsortop::regoper)
                  FROM functions p JOIN pg_aggregate a ON a.aggfnoid = p.oid
                UNION ALL
                SELECT format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
                  FROM ours c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
                UNION ALL
                SELECT DISTINCT format('trigger of constraint %s.%s on %s enabled %s', k.conrelid::regclass, k.conname,
                              t.tgfoid::regproc, t.tgenabled)
                  FROM ours c JOIN pg_trigger t ON t.tgrelid = c.oid JOIN pg_constraint k ON k.oid = t.tgconstraint
                 WHERE t.tgisinternal AND t.tgenabled <> 'O'
                UNION ALL
                SELECT format('policy %s.%s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual, with_check)
                  FROM pg_policies WHERE schemaname = 'public'
                UNION ALL
                SELECT format('type %s %s %s', t.typname, t.typtype,
                              (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e
                                WHERE e.enumtypid = t.oid))
                  FROM types t
                UNION ALL
                SELECT format('domain %s of %s notnull %s default %s collation %s', t.typname,
                              format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
                              t.typcollation::regcollation)
                  FROM types t WHERE t.typtype = 'd'
                UNION ALL
                SELECT format('domain constraint %s.%s %s validated %s', t.typname, k.conname, pg_get_constraintdef(k.oid),
                              k.convalidated)
                  FROM types t JOIN pg_constraint k ON k.contypid = t.oid WHERE k.contype <> 'n'
                UNION ALL
                SELECT format('range %s of %s collation %s canonical %s difference %s', t.typname,
                              format_type(g.rngsubtype, NULL), g.rngcollation::regcollation, g.rngcanonical, g.rngsubdiff)
                  FROM types t JOIN pg_range g ON g.rngtypid = t.oid
            ) AS lines (line)
             ORDER BY line COLLATE "C"
            """;

    static Fingerprint of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(SQL)) {
            var lines = new ArrayList<String>();
            while (found.next()) {
                lines.add(found.getString(1));
            }
            return new Fingerprint(List.copyOf(lines));
        }
    }

    /** In hexadecimal digits. */
    String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                digest.update(line.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
