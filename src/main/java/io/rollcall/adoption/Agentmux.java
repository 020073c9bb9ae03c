package io.rollcall.adoption;

import io.rollcall.schema.LegacyTables;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * agentmux's tables under names that it has left behind. Each gets its present name, and so do its indexes, constraints and
 * sequences; rows, keys and cascades go with it. Where a table of each name is there, both stay as they are: the one of the
 * present name counts, the other may hold rows that are in no other place, and a person has to look.
 */
final class Agentmux implements ForeignSystem {

    /** Indexes whose names do not begin with their table's. */
    private static final Map<String, String> INDEXES = Map.of(
            "idx_forge_agents_slug", "idx_agent_definitions_slug",
            "idx_forge_history_agent_date", "idx_agent_history_agent_date",
            "idx_forge_agent_identities_account", "idx_agent_identity_links_account",
            "idx_identities_is_blank", "idx_identity_bundles_is_blank",
            "idx_memories_is_blank", "idx_memory_bundles_is_blank");

    /** What of a table still has a name that begins with its old one, unless the new name is taken. */
    private static final String LEFT_OVER = """
            SELECT kind, name FROM (
                SELECT 'INDEX', c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 WHERE i.indrelid = to_regclass($1)
                UNION ALL
                SELECT 'CONSTRAINT', k.conname FROM pg_constraint k
                 WHERE k.conrelid = to_regclass($1) AND k.conindid = 0 OR k.conrelid = to_regclass($1) AND k.contype = 'f'
                UNION ALL
                SELECT 'SEQUENCE', s.relname
                  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                 WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass($1) AND d.deptype IN ('a', 'i')
            ) AS named (kind, name)
            """;

    @Override
    public String name() {
        return "agentmux";
    }

    @Override
    public String schema() {
        return "agentmux";
    }

    @Override
    public boolean isIn(Database database, String schema) throws SQLException {
        return !tables(database, schema).isEmpty();
    }

    @Override
    public List<String> tables(Database database, String schema) throws SQLException {
        var tables = new ArrayList<String>();
        for (Map.Entry<String, String> pair : LegacyTables.RENAMED.entrySet()) {
            for (String table : List.of(pair.getKey(), pair.getValue())) {
                if (database.hasTable(schema, table)) {
                    tables.add(table);
                }
            }
        }
        return tables;
    }

    @Override
    public List<Check> checks(Database database, String schema) throws SQLException {
        var checks = new ArrayList<Check>();
        for (Map.Entry<String, String> pair : LegacyTables.RENAMED.entrySet()) {
            if (database.hasTable(schema, pair.getKey()) && database.hasTable(schema, pair.getValue())) {
                checks.add(new Check(
                        "both_present",
                        pair.getKey(),
                        "there is " + pair.getValue() + " as well: both are kept; what is only in the old one is for a"
                                + " person to take over",
                        false,
                        "SELECT '%2$s', count(*) FROM %1$s.%2$s".formatted(schema, pair.getKey())));
            }
        }
        return checks;
    }

    @Override
    public List<Step> repairs() {
        return LegacyTables.RENAMED.entrySet().stream()
                .map(pair -> new Step(
                        "name of " + pair.getValue(),
                        progress -> rename(progress.database(), pair.getKey(), pair.getValue())))
                .toList();
    }

    /** One transaction for a table and all that is named after it. */
    private static void rename(Database database, String old, String present) throws SQLException {
        boolean both = database.hasTable("public", old) && database.hasTable("public", present);
        if (both) {
            return;
        }
        var statements = new ArrayList<String>();
        String table = present;
        if (database.hasTable("public", old)) {
            statements.add("ALTER TABLE public." + old + " RENAME TO " + present);
            table = old;
        }
        for (List<String> found : named(database, table)) {
            String name = found.get(1);
            String better =
                    INDEXES.getOrDefault(name, name.startsWith(old) ? present + name.substring(old.length()) : name);
            if (!better.equals(name) && !database.hasTable("public", better)) {
                statements.add(
                        found.get(0).equals("CONSTRAINT")
                                ? "ALTER TABLE public.%s RENAME CONSTRAINT \"%s\" TO \"%s\""
                                        .formatted(present, name, better)
                                : "ALTER %s public.\"%s\" RENAME TO \"%s\"".formatted(found.get(0), name, better));
            }
        }
        if (!statements.isEmpty()) {
            database.patiently(String.join("; ", statements));
        }
    }

    private static List<List<String>> named(Database database, String table) throws SQLException {
        var named = new ArrayList<List<String>>();
        for (var row : database.rows(LEFT_OVER.replace("$1", "'public." + table + "'"))) {
            named.add(List.of(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
        }
        return named;
    }

    @Override
    public List<Step> copies() {
        return List.of();
    }

    @Override
    public List<Proof> proofs(Database database) {
        return List.of();
    }
}
