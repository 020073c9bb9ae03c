package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import io.rollcall.events.Listener.Heard;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GET /events}: how a stream begins, goes on and ends, and what it may tell. */
abstract class StreamSuite extends Listening {

    @Test
    void aStreamSaysWhereItIsBeforeAnythingHappensAndThenTells() {
        Listener listener = ready(read);
        Heard ready = listener.await("ready");

        assertEquals(ready.id(), ready.data().path("id").asLong());
        assertTrue(ready.data().path("payload").isEmpty());
        assertTrue(
                ready.data().path("timestamp").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertEquals(List.of(": connected"), listener.comments());
        assertEquals("text/event-stream", header(listener, "Content-Type"));
        assertEquals("no-store", header(listener, "Cache-Control"));
        assertEquals("no", header(listener, "X-Accel-Buffering"));

        String made = workspace("Ops", org);
        Heard heard = listener.await("WORKSPACE_PROVISIONING");
        assertTrue(heard.id() > ready.id());
        assertEquals(made, heard.data().path("workspace_id").asText());
        assertEquals(org, heard.data().path("org_id").asText());
        assertEquals("WORKSPACE_PROVISIONING", heard.data().path("event").asText());
        assertEquals(heard.id(), heard.data().path("id").asLong());
        assertFalse(heard.data().has("delegation_id"));
        assertEquals("Ops", payload(heard).path("name").asText());
        assertEquals("provisioning", payload(heard).path("status").asText());
        assertEquals(org, payload(heard).path("parent_id").asText());
    }

    @Test
    void aStreamGoesOnWhereItWasLeftByHeaderOrQuery() {
        Listener before = ready(read);
        for (int i = 0; i < 5; i++) {
            workspace("W" + i, org);
        }
        Await.until("five", () -> before.events().size() == 5);
        long second = before.events().get(1).id();

        Listener byQuery = listen(read, "?after=" + second);
        Listener byHeader = listen(read, "?after=0", "Last-Event-ID", Long.toString(second));
        byQuery.awaitReady();
        byHeader.awaitReady();
        workspace("Live", org);
        Await.until(
                "the live one",
                () -> before.events().size() == 6
                        && byQuery.events().size() == 4
                        && byHeader.events().size() == 4);

        assertEquals(before.events().subList(2, 6).size(), 4);
        assertEquals(before.events().subList(2, 6), byQuery.events());
        assertEquals(byQuery.events(), byHeader.events());
        assertEquals("ready", byQuery.all().get(3).event(), "after what was, before what comes");
    }

    @ParameterizedTest
    @CsvSource({"after,x", "after,-1", "after,1.5", "after,1234567890123456789"})
    void badNumbersAreRefused(String name, String value) {
        assertEquals(
                List.of(name),
                Call.get("/events?" + name + "=" + value).expect(400).violations());
        assertEquals(
                List.of("Last-Event-ID"),
                Call.of("GET", "/events")
                        .header("Last-Event-ID", value)
                        .send()
                        .expect(400)
                        .violations());
    }

    @Test
    void whoeverIsAheadOrTooFarBehindIsToldToReadAllAgain() {
        long ahead = Sql.count("SELECT last FROM event_sequence") + 1_000_000;
        Listener fromTheFuture = listen(read, "?after=" + ahead);
        Heard resync = fromTheFuture.await("resync");
        assertEquals("ahead", payload(resync).path("reason").asText());
        assertTrue(resync.id() < ahead);
        fromTheFuture.awaitReady();
        workspace("Live", org);
        assertTrue(fromTheFuture.await("WORKSPACE_PROVISIONING").id() > resync.id());

        Await.until("all is numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
        long floor = Sql.count("SELECT floor FROM event_sequence");
        // Far beyond what a replica may still hold in memory, from where it would miss nothing.
        Sql.run("UPDATE event_sequence SET last = last + 10000, floor = last + 10000");
        long last = Sql.count("SELECT last FROM event_sequence");
        try {
            Listener late = listen(read, "?after=" + (last - 1));
            assertEquals("too_old", payload(late.await("resync")).path("reason").asText());
            late.awaitReady();
            assertEquals(
                    List.of("resync", "ready"),
                    late.all().stream().map(Heard::event).toList());
            Listener inTime = listen(read, "?after=" + last);
            inTime.awaitReady();
            assertEquals(List.of(), inTime.events());
        } finally {
            Sql.run("UPDATE event_sequence SET floor = ?", floor);
        }
    }

    @Test
    void aStreamEndsWithItsToken() {
        Listener revoked = ready(read);
        Listener other = ready(token(org, "admin"));

        Call.of("DELETE", "/org/tokens/" + Sql.one("SELECT id FROM tokens WHERE scope = 'read'"))
                .send()
                .expect(204);

        Await.until("it ends", revoked::hasEnded);
        workspace("Later", org);
        other.await("WORKSPACE_PROVISIONING");
        assertFalse(other.hasEnded());
        assertEquals(List.of(), revoked.events());
    }

    @Test
    void aStreamEndsWhenItsTokenIsOver() {
        OffsetDateTime soon = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(3);
        String token = Call.post(
                        "/org/tokens",
                        "{\"org_id\":\"" + org + "\",\"name\":\"n\",\"scope\":\"read\",\"expires_at\":\"" + soon
                                + "\"}")
                .expect(201)
                .get("token");
        Listener listener = listen(token, "");
        listener.awaitReady();

        Await.until("it ends", listener::hasEnded);
        assertTrue(OffsetDateTime.now(ZoneOffset.UTC).isAfter(soon));
    }

    @Test
    void aStreamEndsWithItsOrganisationOfWhichThePlatformIsTold() {
        Listener listener = ready(read);
        Listener platform = ready(TestDatabase.TOKEN);

        Call.of("DELETE", "/workspaces/" + org + "?confirm=true")
                .header("X-Confirm-Name", "Acme")
                .send()
                .expect(200);

        Await.until("it ends", listener::hasEnded);
        // He may have been told of it: the tokens went in the same moment.
        assertTrue(
                List.of("WORKSPACE_REMOVED").containsAll(names(listener)),
                names(listener).toString());
        assertEquals(
                1,
                payload(platform.await("WORKSPACE_REMOVED"))
                        .path("cascade_deleted")
                        .asInt());
        workspace("Next", null);
        platform.await("WORKSPACE_PROVISIONING");
        assertFalse(platform.hasEnded());
    }

    @Test
    void nothingOfAnotherOrganisationIsToldAndThePlatformIsToldAll() {
        String other = workspace("Other", null);
        Listener ours = ready(read);
        Listener theirs = ready(token(other, "write"));
        Listener platform = ready(TestDatabase.TOKEN);

        for (int i = 0; i < 20; i++) {
            workspace("O" + i, org);
            workspace("T" + i, other);
        }
        Await.until(
                "all",
                () -> platform.events().size() == 40
                        && ours.events().size() == 20
                        && theirs.events().size() == 20);

        assertTrue(ours.events().stream()
                .allMatch(one -> one.data().path("org_id").asText().equals(org)));
        assertTrue(theirs.events().stream()
                .allMatch(one -> one.data().path("org_id").asText().equals(other)));
        var both = new ArrayList<>(ours.events());
        both.addAll(theirs.events());
        both.sort(java.util.Comparator.comparing(Heard::id));
        assertEquals(platform.events(), both);
        assertEquals(
                "FORBIDDEN",
                Call.of("GET", "/events").as(agent(dev)).send().expect(403).code());
        assertEquals(
                "UNAUTHORIZED",
                Call.of("GET", "/events").anonymous().send().expect(401).code());
    }
}
