package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Test;

/**
 * How large an event can be: whatever a table takes can be told, in a payload that the outbox takes. Texts are of the
 * characters that JSON writes with most bytes.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PayloadBoundsTest extends Listening {

    private static final int MOST = 20_000;

    @Test
    void theLongestTextsOfAWorkspaceAreCut() {
        Sql.run("""
                INSERT INTO workspaces (id, org_id, parent_id, name, role, runtime, model, x, y, labels)
                VALUES (gen_random_uuid(), ?::uuid, ?::uuid, repeat(chr(1), 600), repeat(chr(1), 30000), repeat(chr(1), 30000),
                        repeat(chr(1), 30000), -1.2345678901234567e-300, -1.2345678901234567e-300,
                        json_build_object('a', repeat('x', 100000)))""", org, org);
        Sql.run("""
                UPDATE workspaces SET name = repeat(chr(2), 600), role = repeat(chr(2), 30000),
                       runtime = repeat(chr(2), 30000), model = repeat(chr(2), 30000), tier = 2147483647, x = -x / 3, y = -y / 3,
                       labels = json_build_object('b', repeat('y', 100000)), parent_id = ?::uuid, status = 'online'
                 WHERE name = repeat(chr(1), 600)""", dev);

        assertBounded(2, "WORKSPACE_PROVISIONING", "WORKSPACE_ONLINE");
    }

    @Test
    void theLongestTextsOfADelegationAreCut() {
        Sql.run("""
                INSERT INTO delegations (org_id, delegation_id, root_delegation_id, parent_delegation_id, caller_id, callee_id,
                                         task_preview, payload_sha256, event_actor)
                VALUES (?::uuid, repeat(chr(1), 200), repeat(chr(1), 900), repeat(chr(1), 900), ?::uuid, ?::uuid,
                        repeat(chr(1), 4096), sha256('a'), repeat(chr(1), 30000))""", org, org, dev);
        Sql.run("""
                UPDATE delegations SET status = 'failed', outcome = 'deadline_exceeded', attempt = 1,
                       cancel_requested_at = now(), error_detail = repeat(chr(1), 4096)""");
        Sql.run("""
                INSERT INTO delegation_events (delegation, org_id, kind, to_status, actor, attempt, at, sha256)
                SELECT d.id, d.org_id, 'late_result', 'completed', repeat(chr(1), 30000), 1, now(), sha256('a')
                  FROM delegations d""");

        assertBounded(3, "DELEGATION_SENT", "DELEGATION_FAILED", "DELEGATION_STATUS");
    }

    @Test
    void theLongestTextsOfImportsIncidentsAndActivityAreCut() {
        Sql.run("""
                INSERT INTO import_runs (id, org_id, template, mode, dry_run, parent_id, created, skipped, updated, removed,
                                         duration_ms, outcome, actor)
                VALUES (gen_random_uuid(), ?::uuid, repeat(chr(1), 30000), 'reconcile', false, ?::uuid, 1, 1, 1, 1, 1, 'completed',
                        repeat(chr(1), 30000))""", org, org);
        Sql.run("""
                INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, cool_down_until)
                VALUES (?::uuid, ?::uuid, repeat(chr(1), 2000), 'agent_silent', repeat(chr(1), 30000), now(), 2, now())""", org, dev);
        Sql.run("""
                INSERT INTO activity_logs (org_id, workspace_id, type, method, status, delegation_id, summary, actor)
                VALUES (?::uuid, ?::uuid, repeat(chr(1), 100), repeat(chr(1), 100), repeat(chr(1), 100), repeat('d', 30000),
                        repeat(chr(1), 1000), repeat(chr(1), 30000) || ')')""", org, dev);

        assertBounded(3, "ORG_IMPORTED", "INCIDENT_RAISED", "ACTIVITY_LOGGED");
    }

    @Test
    void theOutboxTakesNoLargerOne() {
        String insert = "INSERT INTO event_outbox (org_id, event, at, payload)"
                + " VALUES (?::uuid, 'ORG_IMPORTED', now(), to_json(repeat('x', ?)))";
        assertEquals("accepted", Sql.refusal(insert, org, MOST - 2));
        assertEquals("23514", Sql.refusal(insert, org, MOST - 1));
    }

    private static void assertBounded(int count, String... events) {
        Await.until("all is numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
        String found = "FROM events WHERE event = ANY (string_to_array(?, ',')) AND octet_length(payload::text) > 3000";
        String names = String.join(",", events);
        assertEquals(count, Sql.count("SELECT count(*) " + found, names));
        assertTrue(Sql.count("SELECT max(octet_length(payload::text)) " + found, names) <= MOST);
    }
}
