package io.rollcall;

/**
 * Stops transactions where a test needs them: a statement-level trigger on a table waits for an advisory lock that this
 * object holds until {@link #release}. Imports write one statement a level, so "the n-th insert" is a level.
 */
public final class ParkedInserts implements AutoCloseable {

    /** The transactions that stand at the lock. */
    private static final String PARKED = """
            SELECT count(*) FROM pg_stat_activity
             WHERE application_name = 'rollcall' AND wait_event_type = 'Lock' AND wait_event = 'advisory'
            """;

    private final Superuser sql;
    private final String table;

    private ParkedInserts(Superuser sql, String table) {
        this.sql = sql;
        this.table = table;
    }

    public static ParkedInserts park(Superuser sql, String timing, int nth) {
        return park(sql, "workspaces", timing, nth);
    }

    /**
     * Makes every transaction wait at one of its inserts.
     *
     * @param timing BEFORE or AFTER the insert
     * @param nth which insert of a transaction waits, from 1
     */
    public static ParkedInserts park(Superuser sql, String table, String timing, int nth) {
        sql.execute("SELECT pg_advisory_lock(4711)");
        sql.execute("""
                CREATE FUNCTION test_park() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE n int := coalesce(nullif(current_setting('test.inserts', true), ''), '0')::int + 1;
                BEGIN
                    PERFORM set_config('test.inserts', n::text, true);
                    IF n = %d THEN PERFORM pg_advisory_xact_lock_shared(4711); END IF;
                    RETURN NULL;
                END $$
                """.formatted(nth));
        sql.execute("CREATE TRIGGER test_park " + timing + " INSERT ON " + table
                + " FOR EACH STATEMENT EXECUTE FUNCTION test_park()");
        return new ParkedInserts(sql, table);
    }

    public void awaitParked() {
        Await.until("a transaction is parked", this::isParked);
    }

    public boolean isParked() {
        return sql.number(PARKED) > 0;
    }

    public void release() {
        sql.execute("SELECT pg_advisory_unlock_all()");
    }

    /** Kills the backend of what is parked, as an operator or the out-of-memory killer would. */
    public long terminate() {
        return sql.number(PARKED.replace("count(*)", "count(pg_terminate_backend(pid))"));
    }

    @Override
    public void close() {
        release();
        sql.execute("DROP TRIGGER test_park ON " + table);
        sql.execute("DROP FUNCTION test_park");
    }
}
