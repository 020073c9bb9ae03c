package bench;

/**
 * What has been written so far, to a table and in all.
 *
 * @param updates and how many of them were HOT: sessions tell with a delay, and when they end
 * @param size with its index
 */
record Written(long updates, long hot, long dead, long vacuums, long size, long wal) {

    static Written to(Database database, String table) throws Exception {
        Thread.sleep(1100);
        database.execute("SELECT pg_stat_clear_snapshot()");
        String of = " FROM pg_stat_all_tables WHERE relid = '" + table + "'::regclass";
        return new Written(
                database.count("SELECT n_tup_upd" + of),
                database.count("SELECT n_tup_hot_upd" + of),
                database.count("SELECT n_dead_tup" + of),
                database.count("SELECT autovacuum_count" + of),
                database.count("SELECT pg_total_relation_size('" + table + "')"),
                database.count("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"));
    }

    double hot(Written before) {
        return (hot - before.hot) / (double) (updates - before.updates);
    }
}
