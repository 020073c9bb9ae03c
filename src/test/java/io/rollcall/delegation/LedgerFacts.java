package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Superuser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is true of the whole ledger at any moment, whatever was done to it: each statement finds who breaks it. */
final class LedgerFacts {

    /** From, to: written out by hand, apart from the service's own tables. */
    private static final String LEGAL = """
            (VALUES ('queued', 'dispatched'), ('queued', 'in_progress'), ('queued', 'completed'), ('queued', 'failed'),
                    ('queued', 'stuck'), ('dispatched', 'in_progress'), ('dispatched', 'completed'), ('dispatched', 'failed'),
                    ('dispatched', 'stuck'), ('in_progress', 'completed'), ('in_progress', 'failed'), ('in_progress', 'stuck'),
                    ('stuck', 'completed'), ('stuck', 'failed')) AS legal (was, becomes)""";

    private static final String PATHS = """
            (SELECT e.delegation, e.seq, e.from_status, e.to_status, e.attempt, e.at,
                    lag(e.to_status) OVER w AS before, lag(e.attempt) OVER w AS attempt_before, lag(e.at) OVER w AS at_before,
                    lead(e.to_status) OVER w AS after
               FROM delegation_events e WHERE e.kind = 'transition'
             WINDOW w AS (PARTITION BY e.delegation ORDER BY e.seq)) p""";

    private static final Map<String, String> BROKEN = broken();

    private LedgerFacts() {}

    private static Map<String, String> broken() {
        var broken = new LinkedHashMap<String, String>();
        broken.put(
                "one message for each that has ended, none for others",
                "SELECT d.delegation_id FROM delegations d LEFT JOIN inbox_messages m ON m.delegation = d.id"
                        + " GROUP BY d.id HAVING count(m.seq) <> CASE WHEN d.finished_at IS NULL THEN 0 ELSE 1 END");
        broken.put(
                "the message is in the caller's inbox",
                "SELECT d.delegation_id FROM delegations d JOIN inbox_messages m ON m.delegation = d.id"
                        + " WHERE m.workspace_id <> d.caller_id OR m.org_id <> d.org_id");
        broken.put(
                "inboxes have no gaps",
                "SELECT i.workspace_id::text FROM inboxes i LEFT JOIN inbox_messages m ON m.workspace_id = i.workspace_id"
                        + " GROUP BY i.workspace_id HAVING i.last_seq <> count(m.seq) OR i.last_seq <> max(m.seq)");
        broken.put(
                "a beat's row for each in flight, none for others",
                "SELECT COALESCE(d.delegation_id, b.delegation::text) FROM delegation_beats b"
                        + " FULL JOIN (SELECT f.id, f.delegation_id FROM delegations f WHERE f.finished_at IS NULL) d"
                        + " ON d.id = b.delegation WHERE d.id IS NULL OR b.delegation IS NULL");
        broken.put(
                "each way begins queued and has no gap",
                "SELECT p.delegation::text FROM " + PATHS + " WHERE p.from_status IS DISTINCT FROM p.before"
                        + " OR p.before IS NULL AND p.to_status <> 'queued'");
        broken.put(
                "each step is legal, and attempts and times do not go back",
                "SELECT p.delegation::text FROM " + PATHS + " LEFT JOIN " + LEGAL
                        + " ON legal.was = p.from_status AND legal.becomes = p.to_status"
                        + " WHERE p.from_status IS NOT NULL AND (legal.was IS NULL OR p.attempt < p.attempt_before"
                        + " OR p.at < p.at_before)");
        broken.put(
                "each stands where its way led",
                "SELECT d.delegation_id FROM delegations d LEFT JOIN " + PATHS
                        + " ON p.delegation = d.id AND p.after IS NULL"
                        + " WHERE p.to_status IS DISTINCT FROM d.status");
        broken.put(
                "one end for each that has ended",
                "SELECT d.delegation_id FROM delegations d LEFT JOIN delegation_events e ON e.delegation = d.id"
                        + " AND e.kind = 'transition' AND e.to_status IN ('completed', 'failed', 'stuck')"
                        + " WHERE d.finished_at IS NOT NULL AND d.status <> 'stuck'"
                        + " GROUP BY d.id HAVING count(*) FILTER (WHERE e.to_status IN ('completed', 'failed')) <> 1");
        String steps = "SELECT d.delegation_id, d.org_id, e.to_status, e.at FROM delegation_events e"
                + " JOIN delegations d ON d.id = e.delegation WHERE e.kind = 'transition'";
        String lines = "SELECT a.delegation_id, a.org_id, a.status, a.created_at FROM activity_logs a"
                + " WHERE a.type = 'delegation'";
        broken.put(
                "a line of activity for each step, and no other",
                "SELECT x.delegation_id FROM ((" + steps + " EXCEPT ALL " + lines + ") UNION ALL (" + lines
                        + " EXCEPT ALL " + steps + ")) x");
        broken.put(
                "asked to stop once",
                "SELECT e.delegation::text FROM delegation_events e WHERE e.kind = 'cancel_requested'"
                        + " GROUP BY e.delegation HAVING count(*) > 1");
        return broken;
    }

    static void assertSound(Superuser sql) {
        sql.execute("ANALYZE delegations, delegation_beats, delegation_events, activity_logs, inboxes, inbox_messages");
        BROKEN.forEach((fact, breakers) -> assertEquals(List.of(), sql.texts(breakers + " LIMIT 5"), fact));
    }

    static void assertSound() {
        try (Superuser sql = Superuser.connect()) {
            assertSound(sql);
        }
    }
}
