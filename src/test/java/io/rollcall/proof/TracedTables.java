package io.rollcall.proof;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables that were there before a migration, and what it does to them. */
final class TracedTables {

    private static final String THERE = """
            SELECT c.relname, c.oid::text FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm')
               AND c.relname <> 'flyway_schema_history'
            """;
    // Reading by an index or a sequence is everybody's; only what keeps others out of one is worth a line.
    private static final String LOCKS = """
            SELECT c.relname || ' ' || l.mode, c.oid::text FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
             WHERE l.pid = ? AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'flyway_schema_history%'
               AND (c.relkind NOT IN ('i', 'I', 'S') OR l.mode NOT IN ('AccessShareLock', 'RowExclusiveLock'))
            """;
    private static final String INDEXES = """
            SELECT c.relname, c.oid::text FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('i', 'I', 'S', 'v')
            """;
    private static final String FILES = "SELECT c.relname, pg_relation_filenode(c.oid)::text FROM pg_class c"
            + " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm')";
    private static final String READ = "SELECT relname, seq_tup_read::text FROM pg_stat_xact_user_tables";

    private final Connection watching;
    private final Map<String, String> tables;
    private final Set<String> there;
    private final long firstTransaction;
    private final Map<String, Long> rows = new TreeMap<>();

    /** @param watching of the superuser's, beside the migration */
    TracedTables(Connection watching) throws SQLException {
        this.watching = watching;
        this.tables = pairs(watching, THERE);
        this.there = new TreeSet<>(tables.values());
        this.there.addAll(pairs(watching, INDEXES).values());
        this.firstTransaction = number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        for (String table : tables.keySet()) {
            rows.put(table, number("SELECT count(*) FROM " + table));
        }
    }

    Set<String> names() {
        return tables.keySet();
    }

    /** What a backend holds or waits for of that which was there: table and mode. */
    Set<String> locks(int backend) throws SQLException {
        try (PreparedStatement statement = watching.prepareStatement(LOCKS)) {
            statement.setInt(1, backend);
            try (ResultSet found = statement.executeQuery()) {
                var locks = new TreeSet<String>();
                while (found.next()) {
                    if (there.contains(found.getString(2))) {
                        locks.add(found.getString(1));
                    }
                }
                return locks;
            }
        }
    }

    /** By the migration's own connection, which sees what it has not committed. */
    Map<String, String> files(Connection migrating) throws SQLException {
        Map<String, String> files = pairs(migrating, FILES);
        files.keySet().retainAll(tables.keySet());
        return files;
    }

    /** How many rows of each table the transaction of this connection has read from end to end. */
    Map<String, String> read(Connection migrating) throws SQLException {
        Map<String, String> read = pairs(migrating, READ);
        read.keySet().retainAll(tables.keySet());
        return read;
    }

    long rows(String table) {
        return rows.get(table);
    }

    /** The most rows of each table that one transaction wrote, or took away, since the beginning. */
    Map<String, Long> writtenAtOnce() throws SQLException {
        var written = new TreeMap<String, Long>();
        for (String table : pairs(watching, THERE).keySet()) {
            if (!tables.containsKey(table)) {
                continue;
            }
            long most = number("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM " + table
                    + " WHERE xmin::text::bigint >= " + firstTransaction + " GROUP BY xmin::text) AS of_a_transaction");
            long gone = rows.get(table) - number("SELECT count(*) FROM " + table);
            written.put(table, Math.max(most, gone));
        }
        return written;
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = watching.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        }
    }

    private static Map<String, String> pairs(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            var pairs = new TreeMap<String, String>();
            while (found.next()) {
                pairs.put(found.getString(1), found.getString(2));
            }
            return pairs;
        }
    }
}
