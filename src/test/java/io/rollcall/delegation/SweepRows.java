package io.rollcall.delegation;

import io.rollcall.Await;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import java.util.List;

/** Delegations for the sweeper's tests, made by SQL: in flight for six hours, of organisations that have a name. */
final class SweepRows {

    private static final String PARKED = """
            FROM pg_stat_activity
             WHERE application_name = 'rollcall' AND wait_event_type = 'Lock' AND wait_event = 'advisory'
            """;

    private SweepRows() {}

    static void empty() {
        try (Superuser sql = Superuser.borrow()) {
            sql.empty("delegation_beats, heartbeats, agent_states, delegations, delegation_payloads,"
                    + " delegation_events, activity_logs, inboxes, inbox_messages, event_outbox, events");
        }
    }

    /** Named {@code <organisation>-1} and so on; each has a callee of its own, and all of an organisation one caller. */
    static void make(String organisation, int count) {
        Sql.run("""
                INSERT INTO delegations (org_id, delegation_id, root_delegation_id, caller_id, callee_id, task_preview,
                                         payload_sha256, event_actor)
                SELECT md5(o.name)::uuid, o.name || '-' || n, o.name || '-' || n, md5('caller' || o.name)::uuid,
                       md5(o.name || n)::uuid, 'a task', sha256('a task'), 'test'
                  FROM (VALUES (?)) AS o (name), generate_series(1, ?) n
                """, organisation, count);
    }

    /** The last beat of all that are named so (a LIKE pattern). */
    static void beat(String pattern, String ago) {
        Sql.run(
                "UPDATE delegation_beats SET beat_at = now() - ?::interval WHERE delegation IN"
                        + " (SELECT id FROM delegations WHERE delegation_id LIKE ?)",
                ago,
                pattern);
    }

    static void askToStop(String pattern) {
        Sql.run(
                "UPDATE delegations SET cancel_requested_at = now(), event_actor = 'test' WHERE delegation_id LIKE ?",
                pattern);
    }

    static final String COMPLETE = "UPDATE delegations SET status = 'completed', result_preview = 'done',"
            + " event_actor = 'agent', event_reason = NULL WHERE delegation_id = '%s'";

    /** Status, outcome and whether it has ended. */
    static String state(String delegationId) {
        return Sql.one(
                "SELECT status, outcome, finished_at IS NOT NULL FROM delegations WHERE delegation_id = ?",
                delegationId);
    }

    static long count(String pattern, String status) {
        return Sql.count("SELECT count(*) FROM delegations WHERE delegation_id LIKE ? AND status = ?", pattern, status);
    }

    /** Where every row is, who wrote and who locked it: the same as long as nobody wrote or locked any. */
    static List<String> versions() {
        return Sql.rows("""
                SELECT 'd', ctid, xmin, xmax FROM delegations UNION ALL SELECT 'b', ctid, xmin, xmax FROM delegation_beats
                 UNION ALL SELECT 'e', ctid, xmin, xmax FROM delegation_events
                 UNION ALL SELECT 'i', ctid, xmin, xmax FROM inboxes ORDER BY 1, 2
                """);
    }

    /**
     * Makes who reads delegations wait at the first row, its snapshot taken, until {@link #release}. As a policy, which binds
     * everybody but the superuser.
     */
    static void park(Superuser sql) {
        sql.execute("SELECT pg_advisory_lock(4711)");
        sql.execute("CREATE FUNCTION test_wait() RETURNS boolean LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN true; END $$");
        sql.execute("CREATE POLICY test_wait ON delegations AS RESTRICTIVE USING (test_wait())");
    }

    static void awaitParked(Superuser sql) {
        Await.until("the sweeper is parked", () -> isParked(sql));
    }

    static boolean isParked(Superuser sql) {
        return sql.number("SELECT count(*) " + PARKED) > 0;
    }

    /** @param how {@code pg_terminate_backend} or {@code pg_cancel_backend} */
    static void strike(Superuser sql, String how) {
        sql.number("SELECT count(" + how + "(pid)) " + PARKED);
    }

    static void release(Superuser sql) {
        sql.execute("SELECT pg_advisory_unlock_all()");
    }

    static void unpark(Superuser sql) {
        release(sql);
        sql.execute("DROP POLICY test_wait ON delegations");
        sql.execute("DROP FUNCTION test_wait");
    }
}
