package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.rollcall.Answer;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many may listen, signs of life, and who does not read. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(StreamLimitsTest.Tight.class)
class StreamLimitsTest extends Listening {

    public static class Tight implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "rollcall.events.streams", "3",
                    "rollcall.events.streams-per-organisation", "2",
                    "rollcall.events.keep-alive", "100ms",
                    "rollcall.events.stalled-after", "1s");
        }
    }

    /** More than all the sockets' buffers between the two hold. */
    private static final int EVENTS = 1500;

    /** In MB: more than the buffers of a connection, and less than comes in until he is cut off, when all of it is read. */
    private static final int MOST_FLOODED = 8;

    @Inject
    EventFeed feed;

    @Test
    void oneMoreThanMayIsRefusedUntilAnotherHangsUp() {
        Listener first = ready(read);
        ready(read);
        ready(token(workspace("Other", null), "read"));

        Answer refused = Call.of("GET", "/events").as(TestDatabase.TOKEN).send().expect(503);
        assertEquals("TOO_MANY_STREAMS", refused.code());
        assertEquals("5", refused.header("Retry-After"));
        assertEquals(3, refused.json().path("limit").asInt());

        first.close();
        Await.until("there is room", () -> feed.size() < 3);
        ready(TestDatabase.TOKEN);
    }

    @Test
    void anOrganisationLeavesRoomForTheOthers() {
        Listener first = ready(read);
        ready(token(org, "admin"));

        Answer refused = Call.of("GET", "/events").as(read).send().expect(429);
        assertEquals("TOO_MANY_STREAMS_OF_ORGANISATION", refused.code());
        assertEquals("5", refused.header("Retry-After"));
        assertEquals(2, refused.json().path("limit").asInt());

        Listener platform = ready(TestDatabase.TOKEN);
        platform.close();
        Await.until("he has left", () -> feed.size() == 2);
        ready(token(workspace("Other", null), "read"));
        first.close();
        Await.until("there is room", () -> feed.size() == 2);
        ready(read);
    }

    /** As a GET it would have no end. */
    @Test
    @Timeout(30)
    void whoAsksForTheHeadAloneHasNoStream() {
        for (int i = 0; i < 10; i++) {
            Answer head = Call.of("HEAD", "/events").as(read).send().expect(200);
            assertEquals("text/event-stream", head.header("Content-Type"));
            assertEquals("no", head.header("X-Accel-Buffering"));
        }
        assertEquals(0, feed.size());
        assertEquals(401, Call.of("HEAD", "/events").anonymous().send().status());
    }

    @Test
    void whoHearsNothingHearsThatItGoesOnAndWhereItIs() {
        Listener listener = ready(read);
        long before = listener.known();
        workspace("Other", null);

        Await.until(
                "signs of life",
                () -> listener.comments().stream().filter(":"::equals).count() > 3
                        && listener.known() == Sql.count("SELECT last FROM event_sequence"));
        assertTrue(listener.known() > before);
        assertEquals(List.of(), listener.events());
        assertTrue(feed.streams().stream().noneMatch(stream -> stream.isStalled(30_000_000_000L)));
    }

    @Test
    void aSocketThatAnswersNoPingIsClosed() {
        try (var deaf = new RawSocket(read)) {
            assertTrue(deaf.hangsUp());
        }
        Await.until("it has left", () -> feed.size() == 0);
        var answering = new Frames();
        WebSocket socket = answering.open(base(), "", "Authorization", "Bearer " + read);
        Listener listener = ready(read);
        Await.until(
                "it would have been closed",
                () -> listener.comments().stream().filter(":"::equals).count() > 10);
        assertEquals(2, feed.size());
        socket.abort();
    }

    /** Its pongs would fill the memory: what it sends is not read until it reads them. */
    @Test
    void aFloodOfPingsFromOneWhoReadsNothingIsNotTakenIn() {
        byte[] pings = new byte[1 << 20];
        byte[] ping = RawSocket.frame(9, 125);
        int whole = pings.length / ping.length;
        for (int i = 0; i < whole; i++) {
            System.arraycopy(ping, 0, pings, i * ping.length, ping.length);
        }
        int taken = 0;
        try (var flood = new RawSocket(read)) {
            // In the end he is cut off, as one who does not read what is sent to him.
            while (taken < MOST_FLOODED && flood.write(Arrays.copyOf(pings, whole * ping.length))) {
                taken++;
            }
        }
        assertTrue(taken < MOST_FLOODED, "so many MB were taken in: " + taken);
        Await.until("it has left", () -> feed.size() == 0);
    }

    @Test
    void whoDoesNotReadIsCutOffAndLaterHasAllThatHeMissed() {
        ready(read).close();
        Await.until("nobody listens", () -> feed.size() == 0);
        long before = Sql.count("SELECT last FROM event_sequence");
        Listener slow = Listener.connect(base(), read, "?after=" + before);
        Await.until("he listens", () -> feed.size() == 1);

        Sql.run("""
                INSERT INTO event_outbox (org_id, event, at, payload)
                SELECT ?::uuid, 'ORG_IMPORTED', now(), json_build_object('n', n, 'x', repeat('x', 15000))
                  FROM generate_series(1, ?) n""", org, EVENTS);
        Await.until("he is cut off", () -> feed.size() == 0);

        slow.read();
        Await.until("he notices", slow::hasEnded);
        List<Listener.Heard> had = slow.events();
        assertTrue(had.size() < EVENTS, had.size() + " were in buffers");
        Listener again = listen(read, "?after=" + (had.isEmpty() ? before : slow.lastId()));
        Await.until("all came", () -> had.size() + again.events().size() == EVENTS);
        assertEquals(
                Stream.iterate(before + 1, id -> id + 1).limit(EVENTS).toList(),
                Stream.concat(had.stream(), again.events().stream())
                        .map(Listener.Heard::id)
                        .toList());
    }
}
