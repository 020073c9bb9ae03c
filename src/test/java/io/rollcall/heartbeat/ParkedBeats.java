package io.rollcall.heartbeat;

import io.rollcall.Await;
import io.rollcall.Superuser;

/**
 * Stops transactions in the middle of a beat, until it is closed. They ask again and again rather than wait at a lock, since
 * beats do not wait long for locks.
 */
final class ParkedBeats implements AutoCloseable {

    private static final String PARKED =
            "FROM pg_stat_activity WHERE application_name = 'rollcall' AND wait_event = 'PgSleep'";

    private final Superuser sql;

    private ParkedBeats(Superuser sql) {
        this.sql = sql;
    }

    static ParkedBeats park(Superuser sql) {
        sql.execute("SELECT pg_advisory_lock(4712)");
        sql.execute("""
                CREATE FUNCTION test_park() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    WHILE NOT pg_try_advisory_xact_lock_shared(4712) LOOP
                        PERFORM pg_sleep(0.002);
                    END LOOP;
                    RETURN NULL;
                END $$
                """);
        sql.execute("CREATE TRIGGER test_park AFTER UPDATE OR INSERT ON heartbeats FOR EACH STATEMENT"
                + " EXECUTE FUNCTION test_park()");
        return new ParkedBeats(sql);
    }

    void awaitParked() {
        Await.until("a beat is parked", () -> sql.number("SELECT count(*) " + PARKED) > 0);
    }

    void killOne() {
        sql.execute("SELECT pg_terminate_backend(pid) " + PARKED);
    }

    @Override
    public void close() {
        sql.execute("SELECT pg_advisory_unlock_all()");
        sql.execute("DROP TRIGGER test_park ON heartbeats");
        sql.execute("DROP FUNCTION test_park");
    }
}
