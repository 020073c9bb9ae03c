package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forward only: all 36 pairs of statuses, and every other way back, through the API and past it. */
abstract class TransitionsSuite {

    private static final List<String> STATUSES =
            List.of("queued", "dispatched", "in_progress", "completed", "failed", "stuck");

    /** From (down), to (across): + applied, = replayed, . refused. */
    private static final String FINAL = """
            queued      =+++++
            dispatched  .=++++
            in_progress ..=+++
            completed   ...=..
            failed      ....=.
            stuck       .....=
            """;

    Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
    }

    String table() {
        return FINAL;
    }

    boolean stuckIsAnEnd() {
        return true;
    }

    private interface Move {
        char from(String id, String was, String becomes);
    }

    private String made(Move move) {
        var table = new StringBuilder();
        for (String was : STATUSES) {
            table.append(String.format("%-12s", was));
            for (String becomes : STATUSES) {
                table.append(move.from(delegation(was), was, becomes));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String delegation(String status) {
        String id = team.ask("").expect(201).get("delegation_id");
        if (!"queued".equals(status)) {
            assertEquals(
                    "applied",
                    team.report(id, "{\"status\":\"" + status + "\"}")
                            .expect(200)
                            .get("outcome"));
        }
        return id;
    }

    @Test
    void throughTheApiEachPairIsAppliedReplayedOrRefusedAsTheTableSays() {
        assertEquals(table(), made((id, was, becomes) -> {
            long events = events(id);
            Answer answer = team.report(id, "{\"status\":\"" + becomes + "\"}");
            String now = Sql.one("SELECT status FROM delegations WHERE delegation_id = ?", id);
            if (answer.status() == 200 && "applied".equals(answer.get("outcome"))) {
                assertEquals(becomes, now);
                assertEquals(events + 1, events(id));
                return '+';
            }
            assertEquals(was, now);
            assertEquals(events, events(id));
            if (answer.status() == 200) {
                assertEquals("replayed", answer.get("outcome"));
                return '=';
            }
            assertEquals("ILLEGAL_TRANSITION", answer.expect(409).code());
            assertEquals(was, answer.json().at("/delegation/status").asText());
            return '.';
        }));
        LedgerFacts.assertSound();
    }

    @Test
    void pastTheApiTheDatabaseRefusesTheSamePairsToTheRoleThatServes() {
        assertEquals(table(), made((id, was, becomes) -> {
            long events = events(id);
            String update = "UPDATE delegations SET status = '" + becomes + "', event_actor = 'sql'"
                    + (was.equals(becomes) ? "" : how(becomes)) + " WHERE delegation_id = '" + id + "'";
            String done = asServing(update);
            String now = Sql.one("SELECT status FROM delegations WHERE delegation_id = ?", id);
            if ("RC202".equals(done)) {
                assertEquals(was, now);
                return '.';
            }
            assertEquals("accepted 1", done);
            assertEquals(becomes, now);
            return events(id) == events ? '=' : '+';
        }));
        LedgerFacts.assertSound();
    }

    private String how(String becomes) {
        String outcome =
                switch (becomes) {
                    case "failed" -> "'error'";
                    case "stuck" -> "'lost'";
                    default -> "NULL";
                };
        return ", outcome = " + outcome + ("stuck".equals(becomes) && stuckIsAnEnd() ? ", finished_at = now()" : "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org_id = gen_random_uuid()",
                "delegation_id = 'another'",
                "caller_id = gen_random_uuid()",
                "callee_id = gen_random_uuid()",
                "task_preview = 'another'",
                "retry_count = 1",
                "retry_of = 'another'",
                "parent_delegation_id = 'another', root_delegation_id = 'another'",
                "root_delegation_id = 'another'",
                "deadline = deadline + interval '1 second'",
                "idempotency_key = 'another'",
                "payload_sha256 = sha256('another')",
                "labels = '{\"another\": \"\"}'",
                "created_at = created_at - interval '1 second'"
            })
    void whatWasAskedStaysAsItWas(String change) {
        String inFlight = delegation("in_progress");
        String ended = delegation("completed");

        assertEquals("RC201", update(change, inFlight));
        assertEquals("RC201", update(change, ended));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "attempt = attempt - 1; RC203",
                "attempt = attempt + 2; RC203",
                "cancel_requested_at = NULL; RC203",
                "cancel_requested_at = now() + interval '1 hour'; RC203",
                "finished_at = now(); RC202",
                "outcome = 'error'; 23514"
            })
    void inFlightNothingGoesBack(String change, String refusal) {
        String id = team.ask("").expect(201).get("delegation_id");
        team.claim("{}").expect(200);
        Team.post(team.bossToken(), "/delegations/" + id + "/cancel", "{}").expect(200);

        assertEquals(refusal, update(change, id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attempt = attempt + 1",
                "attempt = 0",
                "outcome = 'rejected'",
                "finished_at = NULL",
                "finished_at = finished_at + interval '1 second'",
                "updated_at = now() + interval '1 hour'",
                "error_detail = 'another'",
                "result_preview = 'another'",
                "progress = 1",
                "last_heartbeat = now()",
                "agent_id = 'another'",
                "cancel_requested_at = now()"
            })
    void whatHasEndedStaysAsItEnded(String change) {
        String id = team.ask("").expect(201).get("delegation_id");
        team.claim("{}").expect(200);
        team.report(id, "{\"status\":\"failed\",\"error_detail\":\"no sky\",\"result\":\"none\"}")
                .expect(200);

        assertEquals("RC202", update(change, id));
    }

    @Test
    void nobodyIsBornGrownOrForgottenAlive() {
        String id = delegation("in_progress");
        String insert = "INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview,"
                + " root_delegation_id, payload_sha256, event_actor, %s) VALUES ('" + team.root() + "', 'new', '"
                + team.boss() + "', '" + team.worker() + "', 't', 'new', sha256('t'), 'sql', %s)";

        assertEquals("RC204", asServing(insert.formatted("status", "'dispatched'")));
        assertEquals("RC204", asServing(insert.formatted("status, outcome, finished_at", "'failed', 'error', now()")));
        assertEquals("RC204", asServing(insert.formatted("attempt", "1")));
        assertEquals("RC204", asServing(insert.formatted("cancel_requested_at", "now()")));
        assertEquals("23514", asServing(insert.formatted("finished_at", "now()")));
        assertEquals("23514", asServing(insert.formatted("outcome", "'error'")));
        assertEquals("RC204", asServing("DELETE FROM delegations WHERE delegation_id = '" + id + "'"));
        assertEquals("42501", asServing("TRUNCATE delegations"));
        assertEquals("RC204", Sql.refusal("TRUNCATE delegations"));
        assertEquals("RC204", Sql.refusal("DELETE FROM delegations WHERE delegation_id = ?", id));
        assertEquals(1, Sql.count("SELECT count(*) FROM delegations"));
    }

    @Test
    void historyMessagesAndPayloadsStayAsTheyWereWritten() {
        String id = delegation("completed");
        delegation("completed");

        for (String table : List.of("delegation_events", "delegation_payloads", "inbox_messages", "activity_logs")) {
            assertEquals("42501", asServing("UPDATE " + table + " SET org_id = org_id"), table);
            assertEquals("42501", asServing("TRUNCATE " + table), table);
        }
        assertEquals("42501", asServing("DELETE FROM inboxes"));
        assertEquals("42501", asServing("TRUNCATE inboxes"));
        assertEquals("RC205", asServing("DELETE FROM delegation_events"));
        assertEquals("RC205", Sql.refusal("UPDATE delegation_events SET reason = 'another'"));
        assertEquals("RC205", Sql.refusal("TRUNCATE delegation_events"));
        assertEquals("RC206", asServing("UPDATE inboxes SET last_seq = last_seq - 1"));
        assertEquals("accepted 1", asServing("UPDATE inboxes SET acked_seq = 2"));
        assertEquals("RC206", asServing("UPDATE inboxes SET acked_seq = 1"));
        assertEquals("23514", asServing("UPDATE inboxes SET acked_seq = 3"));
        assertEquals("RC206", asServing("UPDATE inboxes SET workspace_id = gen_random_uuid()"));
        assertEquals(
                "23505",
                asServing("INSERT INTO inbox_messages (workspace_id, seq, org_id, delegation, created_at)"
                        + " SELECT caller_id, 9, org_id, id, now() FROM delegations WHERE delegation_id = '" + id
                        + "'"));
    }

    String update(String change, String id) {
        return asServing("UPDATE delegations SET " + change + " WHERE delegation_id = '" + id + "'");
    }

    /** As the service's role, for this organisation: the SQLSTATE of the refusal, or how many rows it touched. */
    String asServing(String sql) {
        try (Connection connection = TestDatabase.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET rollcall.tenant = '" + team.root() + "'");
            return "accepted " + statement.executeUpdate(sql);
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static long events(String id) {
        return Sql.count(
                "SELECT count(*) FROM delegation_events e JOIN delegations d ON d.id = e.delegation"
                        + " WHERE d.delegation_id = ? AND e.kind <> 'late_result'",
                id);
    }
}
