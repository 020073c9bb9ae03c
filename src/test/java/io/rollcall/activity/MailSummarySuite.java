package io.rollcall.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Api;
import io.rollcall.Call;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /workspaces/{id}/mail/summary}: how much waits. */
abstract class MailSummarySuite {

    private Ledger acme;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Ledger.make("Acme");
    }

    @Test
    void nothingWaitsAtFirst() {
        assertEquals(
                "{\"received_unread\":0,\"replies_unread\":0,\"received\":[],\"sent_awaiting_reply\":0,\"overdue\":[],"
                        + "\"overdue_count\":0,\"overdue_after_seconds\":21600,\"mode\":\"acked_seq\"}",
                Call.get("/workspaces/" + acme.dev() + "/mail/summary")
                        .expect(200)
                        .text());
    }

    @Test
    void repliesAreUnreadUntilTheyAreAcknowledged() {
        for (String id : List.of("a", "b", "c")) {
            acme.delegate(id);
            Ledger.complete(id);
        }
        assertEquals(3, of(acme.dev(), "").path("replies_unread").asInt());

        Call.get("/workspaces/" + acme.dev() + "/inbox").expect(200);
        assertEquals(3, of(acme.dev(), "").path("replies_unread").asInt(), "read, not acknowledged");
        ack(2);
        assertEquals(1, of(acme.dev(), "").path("replies_unread").asInt());
        ack(1);
        assertEquals(1, of(acme.dev(), "").path("replies_unread").asInt());
        ack(3);
        assertEquals(0, of(acme.dev(), "").path("replies_unread").asInt());
    }

    @Test
    void repliesThatWereForgottenAreNotUnread() {
        for (String id : List.of("a", "b", "c")) {
            acme.delegate(id);
            Ledger.complete(id);
        }
        ack(1);

        Ledger.serve("DELETE FROM inbox_messages WHERE seq <= 2");
        assertEquals(1, of(acme.dev(), "").path("replies_unread").asInt());
        Ledger.serve("DELETE FROM inbox_messages");
        assertEquals(0, of(acme.dev(), "").path("replies_unread").asInt());
        acme.delegate("d");
        Ledger.complete("d");
        assertEquals(1, of(acme.dev(), "").path("replies_unread").asInt());
    }

    @Test
    void newWorkIsWhatIsQueuedForItAndSaysWhichItIs() {
        acme.delegate("a", acme.dev(), acme.qa(), 90);
        acme.delegate("b", acme.root(), acme.qa(), 30);
        acme.delegate("not mine", acme.qa(), acme.dev(), 0);

        JsonNode summary = of(acme.qa(), "");

        assertEquals(2, summary.path("received_unread").asInt());
        assertEquals(
                List.of("a " + acme.dev() + " Do a", "b " + acme.root() + " Do b"),
                texts(summary.path("received"), "delegation_id", "source_workspace_id", "summary"));
        long age = summary.at("/received/0/age_seconds").asLong();
        assertTrue(age >= 90 && age < 150, () -> "" + age);
        assertEquals(1, summary.path("sent_awaiting_reply").asInt());
    }

    @Test
    void equalCountsOfDifferentWorkCanBeToldApart() {
        acme.delegate("a");
        JsonNode before = of(acme.qa(), "");

        Ledger.move("a", "dispatched");
        acme.delegate("b");
        JsonNode after = of(acme.qa(), "");

        assertEquals(1, before.path("received_unread").asInt());
        assertEquals(1, after.path("received_unread").asInt());
        assertEquals(List.of("a"), texts(before.path("received"), "delegation_id"));
        assertEquals(List.of("b"), texts(after.path("received"), "delegation_id"));
    }

    @Test
    void listsAreCappedAndCountsAreNot() {
        for (int i = 0; i < 27; i++) {
            acme.delegate("d" + i, acme.dev(), acme.qa(), 7200 - i);
        }

        JsonNode received = of(acme.qa(), "");
        JsonNode sent = of(acme.dev(), "?overdue_after_seconds=3600");

        assertEquals(27, received.path("received_unread").asInt());
        assertEquals(25, received.path("received").size());
        assertEquals("d0", received.at("/received/0/delegation_id").asText());
        assertEquals(27, sent.path("overdue_count").asInt());
        assertEquals(10, sent.path("overdue").size());
        assertEquals("d0", sent.at("/overdue/0/delegation_id").asText());
        assertEquals(3600, sent.path("overdue_after_seconds").asInt());
    }

    @Test
    void whatIsAwaitedIsWhatHasNoAnswerAndOverdueWhatIsOld() {
        acme.delegate("queued", acme.dev(), acme.qa(), 10_000);
        acme.delegate("dispatched", acme.dev(), acme.root(), 9_000);
        acme.delegate("in_progress", acme.dev(), acme.qa(), 100);
        acme.delegate("stuck", acme.dev(), acme.qa(), 22_000);
        acme.delegate("completed", acme.dev(), acme.qa(), 50_000);
        acme.delegate("failed", acme.dev(), acme.qa(), 50_000);
        Ledger.move("dispatched", "dispatched");
        Ledger.move("in_progress", "in_progress");
        Ledger.serve("UPDATE delegations SET status = 'stuck', outcome = 'lost', event_actor = 's'"
                + " WHERE delegation_id = 'stuck'");
        Ledger.serve("UPDATE delegations SET status = 'failed', outcome = 'error', event_actor = 's'"
                + " WHERE delegation_id = 'failed'");
        Ledger.complete("completed");

        JsonNode usual = of(acme.dev(), "");
        JsonNode sooner = of(acme.dev(), "?overdue_after_seconds=9000");
        JsonNode soonest = of(acme.dev(), "?overdue_after_seconds=60");

        assertEquals(4, usual.path("sent_awaiting_reply").asInt());
        assertEquals(List.of("stuck"), texts(usual.path("overdue"), "delegation_id"));
        assertEquals(1, usual.path("overdue_count").asInt());
        assertEquals(
                List.of("queued " + acme.qa(), "dispatched " + acme.root(), "stuck " + acme.qa()),
                texts(sooner.path("overdue"), "delegation_id", "target_workspace_id"));
        assertEquals(4, soonest.path("overdue_count").asInt());
        long age = usual.at("/overdue/0/age_seconds").asLong();
        assertTrue(age >= 22_000 && age < 22_100, () -> "" + age);
        assertEquals(2, usual.path("replies_unread").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"59", "31536001", "-60", "x", "60.5", "99999999999999999999"})
    void aPeriodBeyondItsLimitsIsRefused(String seconds) {
        assertEquals(
                List.of("overdue_after_seconds"),
                Call.get("/workspaces/" + acme.dev() + "/mail/summary?overdue_after_seconds=" + seconds)
                        .expect(400)
                        .violations());
    }

    @Test
    void agentsSeeTheirOwn() {
        acme.delegate("a");
        String path = "/workspaces/" + acme.qa() + "/mail/summary";

        for (String token : List.of(Ledger.agent(acme.qa()), acme.token("read"))) {
            assertEquals(
                    1,
                    Call.of("GET", path)
                            .as(token)
                            .send()
                            .expect(200)
                            .json()
                            .path("received_unread")
                            .asInt());
        }
        Call.of("GET", path).as(Ledger.agent(acme.dev())).send().expect(404);
        Call.get("/workspaces/" + Ledger.UNKNOWN + "/mail/summary").expect(404);
        Ledger.remove(acme.qa(), "QA");
        assertEquals("REMOVED", Call.get(path).expect(410).code());
    }

    private void ack(int seq) {
        Call.post("/workspaces/" + acme.dev() + "/inbox/ack", "{\"acked_seq\":" + seq + "}")
                .expect(200);
    }

    private static JsonNode of(String workspace, String query) {
        return Call.get("/workspaces/" + workspace + "/mail/summary" + query)
                .expect(200)
                .json();
    }

    private static List<String> texts(JsonNode items, String... members) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> String.join(
                        " ",
                        List.of(members).stream()
                                .map(member -> item.path(member).asText())
                                .toList()))
                .toList();
    }
}
