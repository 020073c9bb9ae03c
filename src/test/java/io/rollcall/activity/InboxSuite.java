package io.rollcall.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces/{id}/inbox}: one message an end, read in order, acknowledged forward only. */
abstract class InboxSuite {

    private static final String WAITING = """
            SELECT count(*) FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND state = 'active' AND query LIKE '%%%s%%' AND pid <> pg_backend_pid()
            """;

    private Ledger acme;
    private String inbox;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Ledger.make("Acme");
        inbox = "/workspaces/" + acme.dev() + "/inbox";
    }

    @Test
    void anInboxIsEmptyUntilSomethingEnds() {
        acme.delegate("a");
        Ledger.move("a", "in_progress");

        Answer page = Call.get(inbox).expect(200);

        assertEquals("{\"items\":[],\"acked_seq\":0,\"last_seq\":0,\"next_cursor\":null}", page.text());
        assertEquals("{\"acked_seq\":0,\"last_seq\":0}", ack(0).expect(200).text());
    }

    @Test
    void aMessageSaysHowItsDelegationEnded() {
        acme.delegate("a");
        acme.delegate("b");
        Ledger.complete("b");
        Ledger.serve(
                "UPDATE delegations SET status = 'failed', outcome = 'rejected', error_detail = 'no', event_actor = 'q'"
                        + " WHERE delegation_id = 'a'");
        Ledger.serve("INSERT INTO delegation_events (delegation, org_id, kind, to_status, actor, attempt, at, sha256)"
                + " SELECT id, org_id, 'late_result', 'completed', 'q', 0, now(), sha256('r') FROM delegations"
                + " WHERE delegation_id = 'a'");

        JsonNode items = Call.get(inbox).expect(200).json().path("items");

        assertEquals(
                "{\"seq\":1,\"type\":\"delegation_result\",\"delegation_id\":\"b\",\"callee_id\":\"" + acme.qa()
                        + "\",\"status\":\"completed\",\"outcome\":null,\"result_preview\":\"Did b\",\"error_detail\":null,"
                        + "\"late\":false,\"created_at\":\"" + finished("b") + "\"}",
                items.get(0).toString());
        assertEquals(
                "{\"seq\":2,\"type\":\"delegation_result\",\"delegation_id\":\"a\",\"callee_id\":\"" + acme.qa()
                        + "\",\"status\":\"failed\",\"outcome\":\"rejected\",\"result_preview\":null,\"error_detail\":\"no\","
                        + "\"late\":true,\"created_at\":\"" + finished("a") + "\"}",
                items.get(1).toString());
        assertEquals(2, items.size());
        assertEquals(
                List.of(), ids(Call.get("/workspaces/" + acme.qa() + "/inbox").expect(200)), "the callee's own inbox");
    }

    @Test
    void readingBeginsAfterWhatWasAcknowledgedOrWhereItIsTold() {
        ended(5);
        ack(2).expect(200);

        assertEquals(List.of("d3", "d4", "d5"), ids(Call.get(inbox)));
        assertEquals(List.of("d1", "d2", "d3", "d4", "d5"), ids(Call.get(inbox + "?after=0")));
        assertEquals(List.of("d5"), ids(Call.get(inbox + "?after=4")));
        assertEquals(List.of(), ids(Call.get(inbox + "?after=5")));
        assertEquals(List.of(), ids(Call.get(inbox + "?after=999999999999999")));
        assertEquals(2, Call.get(inbox + "?after=5").json().path("acked_seq").asLong());
        assertEquals(5, Call.get(inbox + "?after=5").json().path("last_seq").asLong());
    }

    @Test
    void pagesGoOnWhereTheOneBeforeEndedAlsoWhenThereIsAnAckInBetween() {
        ended(5);

        Answer first = Call.get(inbox + "?limit=2&after=0").expect(200);
        ack(4).expect(200);
        Answer second = Call.get(inbox + "?limit=2&after=0&cursor=" + first.get("next_cursor"));
        acme.delegate("late comer");
        Ledger.complete("late comer");
        Answer third = Call.get(inbox + "?limit=2&cursor=" + second.get("next_cursor"));

        assertEquals(List.of("d1", "d2"), ids(first));
        assertEquals(List.of("d3", "d4"), ids(second));
        assertEquals(List.of("d5", "late comer"), ids(third));
        assertTrue(third.json().path("next_cursor").isNull());
    }

    @Test
    void messagesOfForgottenDelegationsAreGoneAndTheNumbersGoOn() {
        ended(2);
        Ledger.serve("DELETE FROM delegations WHERE delegation_id = 'd1'");
        Ledger.serve("DELETE FROM inbox_messages WHERE seq = 1");
        acme.delegate("d3");
        Ledger.complete("d3");

        assertEquals(List.of("d2", "d3"), ids(Call.get(inbox)));
        assertEquals(3, Call.get(inbox).json().path("last_seq").asLong());
    }

    @Test
    void anAcknowledgementOnlyGoesForward() {
        ended(5);

        assertEquals("{\"acked_seq\":3,\"last_seq\":5}", ack(3).expect(200).text());
        String then = Sql.one("SELECT xmin || ' ' || ctid FROM inboxes");
        assertEquals("{\"acked_seq\":3,\"last_seq\":5}", ack(1).expect(200).text());
        assertEquals("{\"acked_seq\":3,\"last_seq\":5}", ack(3).expect(200).text());
        assertEquals(then, Sql.one("SELECT xmin || ' ' || ctid FROM inboxes"), "not even written");
        Answer beyond = ack(6).expect(422);
        assertEquals(List.of("acked_seq"), beyond.violations());
        assertTrue(beyond.get("detail").contains("at most 5"), beyond.text());
        assertEquals("3", Sql.one("SELECT acked_seq FROM inboxes"));
        assertEquals("{\"acked_seq\":5,\"last_seq\":5}", ack(5).expect(200).text());
    }

    @Test
    void whateverTheOrderOfRacingAcknowledgementsTheHighestStands() {
        int racers = 32;
        ended(racers);
        List<Integer> seqs =
                new ArrayList<>(IntStream.rangeClosed(1, racers).boxed().toList());
        Collections.shuffle(seqs, new Random(Race.seed("racing acks")));

        List<Callable<Answer>> tasks =
                seqs.stream().map(seq -> (Callable<Answer>) () -> ack(seq)).toList();
        List<Answer> answers = Race.run(tasks);

        for (int i = 0; i < racers; i++) {
            long stands = answers.get(i).expect(200).json().path("acked_seq").asLong();
            assertTrue(stands >= seqs.get(i) && stands <= racers, seqs.get(i) + " was answered " + stands);
        }
        assertEquals(racers, Call.get(inbox).json().path("acked_seq").asLong());
    }

    /** What stands is what the other made of it, not what was seen before the wait, and not what was asked for. */
    @Test
    void anAcknowledgementThatWaitedAnswersWhatStands() throws Exception {
        ended(5);
        try (Connection other = TestDatabase.connect();
                Superuser watch = Superuser.connect()) {
            other.setAutoCommit(false);
            Ledger.serve(other, "UPDATE inboxes SET acked_seq = 4");
            var answer = CompletableFuture.supplyAsync(() -> ack(2));
            Await.until("it waits", () -> watch.number(WAITING.formatted("greatest")) == 1);
            other.commit();

            assertEquals(
                    "{\"acked_seq\":4,\"last_seq\":5}", answer.get().expect(200).text());
        }
    }

    /** A number is given under the lock of the inbox, which is held until its message can be read. */
    @Test
    void noMessageIsSeenBeforeOneWithALowerNumberCanBe() throws Exception {
        acme.delegate("a");
        acme.delegate("b");
        acme.delegate("of another caller", acme.qa(), acme.dev(), 0);
        try (Connection first = TestDatabase.connect();
                Connection second = TestDatabase.connect();
                Superuser watch = Superuser.connect()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            Ledger.serve(first, Ledger.COMPLETE, "a");
            var waiting = CompletableFuture.runAsync(() -> {
                try {
                    Ledger.serve(second, Ledger.COMPLETE, "b");
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until("the second waits", () -> watch.number(WAITING.formatted("completed")) == 1);

            assertFalse(waiting.isDone());
            assertEquals(List.of(), ids(Call.get(inbox)));
            assertEquals(0, Call.get(inbox).json().path("last_seq").asLong());
            Ledger.complete("of another caller");
            first.commit();
            waiting.get();
            assertEquals(List.of("a"), ids(Call.get(inbox)));
            assertEquals(1, Call.get(inbox).json().path("last_seq").asLong());
            second.commit();
            assertEquals(List.of("a", "b"), ids(Call.get(inbox)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {}~422
            {"acked_seq":null}~422
            {"acked_seq":-1}~422
            {"acked_seq":1.5}~422
            {"acked_seq":"1"}~422
            {"acked_seq":1}~422
            {"acked_seq":9223372036854775808}~422
            {"acked_seq":1e400}~422
            {"acked_seq":[1]}~422
            """)
    void badAcknowledgementsAreNamed(String body, int status) {
        assertEquals(
                List.of("acked_seq"),
                Call.post(inbox + "/ack", body).expect(status).violations());
        assertEquals(
                List.of("seq"),
                Call.post(inbox + "/ack", "{\"acked_seq\":0,\"seq\":1}")
                        .expect(400)
                        .violations());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"after=-1", "after=x", "after=1.0", "after=1000000000000000", "limit=0", "limit=501", "cursor=zz"
            })
    void badParametersAreNamed(String query) {
        Answer refused = Call.get(inbox + "?" + query).expect(400);

        assertEquals(List.of(query.split("=")[0]), refused.violations());
    }

    @Test
    void agentsReadAndAcknowledgeTheirOwnAndReadersOnlyRead() {
        ended(1);
        String own = Ledger.agent(acme.dev());
        String others = Ledger.agent(acme.qa());
        String reader = acme.token("read");

        assertEquals(List.of("d1"), ids(Call.of("GET", inbox).as(own).send()));
        assertEquals(List.of("d1"), ids(Call.of("GET", inbox).as(reader).send()));
        Call.of("GET", inbox).as(others).send().expect(404);
        Call.of("POST", inbox + "/ack")
                .as(others)
                .json("{\"acked_seq\":1}")
                .send()
                .expect(404);
        Call.of("POST", inbox + "/ack")
                .as(reader)
                .json("{\"acked_seq\":1}")
                .send()
                .expect(403);
        assertEquals("0", Sql.one("SELECT acked_seq FROM inboxes"));
        Call.of("POST", inbox + "/ack").as(own).json("{\"acked_seq\":1}").send().expect(200);
    }

    @Test
    void anUnknownWorkspaceHasNoInboxAndARemovedOneNoMore() {
        ended(1);
        Ledger.remove(acme.dev(), "Dev");

        for (String of : List.of(Ledger.UNKNOWN, "x")) {
            Call.get("/workspaces/" + of + "/inbox").expect(404);
            Call.post("/workspaces/" + of + "/inbox/ack", "{\"acked_seq\":0}").expect(404);
        }
        assertFalse(Call.get(inbox).expect(410).get("removed_at").isEmpty());
        assertEquals("REMOVED", ack(1).expect(410).code());
        assertEquals("0", Sql.one("SELECT acked_seq FROM inboxes"));
    }

    private Answer ack(long seq) {
        return Call.post(inbox + "/ack", "{\"acked_seq\":" + seq + "}");
    }

    /** Delegations d1, d2 and so on, which have ended in this order. */
    private void ended(int n) {
        for (int i = 1; i <= n; i++) {
            acme.delegate("d" + i);
            Ledger.complete("d" + i);
        }
    }

    private static String finished(String id) {
        return Sql.one(
                "SELECT to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM delegations"
                        + " WHERE delegation_id = ?",
                id);
    }

    private static List<String> ids(Answer page) {
        return StreamSupport.stream(page.expect(200).json().path("items").spliterator(), false)
                .map(item -> item.path("delegation_id").asText())
                .toList();
    }
}
