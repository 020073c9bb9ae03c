package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import io.rollcall.events.Listener.Heard;
import jakarta.inject.Inject;
import java.net.http.WebSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Live events while something is wrong: with the numbering, with the database, and with who listens. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TroubleTest extends Listening {

    private static final String TELL = """
            INSERT INTO event_outbox (org_id, event, at, payload)
            SELECT '%s', 'ORG_IMPORTED', now() - interval '%d s', json_build_object('n', n, 'x', repeat('x', %d))
              FROM generate_series(1, %d) n
            """;

    /** As long as events may be, and more than all the sockets' buffers between the two hold. */
    private static final int LARGE = 15_000;

    private static final int MANY = 2000;

    @Inject
    Sequencer sequencer;

    @Inject
    EventSettings settings;

    @Inject
    EventRetention retention;

    @Inject
    EventFeed feed;

    @Inject
    MeterRegistry meters;

    @Test
    void whoDoesNotReadIsCutOffSoonAfterHisTokenIsRevoked() {
        Listener slow = Listener.connect(base(), read, "");
        open.add(slow);
        try (var socket = new RawSocket(read)) {
            Await.until("both listen", () -> feed.size() == 2);
            Sql.run(TELL.formatted(org, 0, LARGE, MANY));
            Await.until("both are stuck", () -> feed.streams().stream()
                    .allMatch(stream -> stream.isStalled(1_000_000_000L)));

            Call.of("DELETE", "/org/tokens/" + Sql.one("SELECT id FROM tokens WHERE scope = 'read'"))
                    .send()
                    .expect(204);

            Await.until("they are cut off", () -> feed.size() == 0);
            assertTrue(socket.hangsUp());
            slow.read();
            Await.until("he notices", slow::hasEnded);
            assertTrue(slow.events().size() < MANY);
        }
    }

    @Test
    void whatIsForgottenBeforeASlowReaderHasItIsOneResyncAndHeGoesOn() {
        Await.until("all is numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
        Listener slow = Listener.connect(base(), read, "");
        open.add(slow);
        Await.until("he listens", () -> feed.size() == 1);
        long floor = Sql.count("SELECT floor FROM event_sequence");
        long before = Sql.count("SELECT last FROM event_sequence");
        Sql.run(TELL.formatted(org, 0, LARGE, MANY));
        Await.until(
                "he is stuck",
                () -> Sql.count("SELECT last FROM event_sequence") >= before + MANY
                        && feed.streams().stream().allMatch(stream -> stream.isStalled(1_000_000_000L)));
        try {
            retention
                    .forgetOld(OffsetDateTime.now(ZoneOffset.UTC).plusDays(8), 5000)
                    .await()
                    .atMost(Duration.ofSeconds(20));

            slow.read();
            slow.await("resync");
            workspace("Later", org);
            slow.await("WORKSPACE_PROVISIONING");
            List<Heard> heard = slow.events();
            int resync = heard.size() - 2;
            assertTrue(resync > 0 && resync < MANY, "he had " + resync);
            assertEquals("resync", heard.get(resync).event());
            assertEquals("too_old", payload(heard.get(resync)).path("reason").asText());
            assertEquals(1, slow.of("resync").size());
            assertEquals(
                    LongStream.rangeClosed(1, resync).boxed().toList(),
                    heard.subList(0, resync).stream()
                            .map(one -> one.data().at("/payload/n").asLong())
                            .toList());
            assertEquals("WORKSPACE_PROVISIONING", heard.get(resync + 1).event());
        } finally {
            Sql.run("UPDATE event_sequence SET floor = ?", floor);
        }
    }

    @Test
    void numbersThatGoBackAreOneResyncForEveryStreamAndItGoesOn() {
        Listener stream = ready(read);
        Listener platform = ready(TestDatabase.TOKEN);
        var frames = new Frames();
        WebSocket socket = frames.open(base(), "", "Authorization", "Bearer " + read);
        Await.until("it is ready", () -> !frames.of("ready").isEmpty());
        Sql.run(TELL.formatted(org, 0, 1, 5));
        Await.until(
                "all came",
                () -> stream.events().size() == 5
                        && platform.events().size() == 5
                        && frames.events().size() == 5);
        long last = stream.lastId();

        Sql.run("""
                WITH lost AS (DELETE FROM events WHERE seq > ? RETURNING seq)
                UPDATE event_sequence SET last = last - (SELECT count(*) FROM lost)""", last - 3);

        for (Ear ear : List.of(stream, platform, frames)) {
            Await.until("he is told", () -> ear.events().size() == 6);
            Heard resync = ear.events().get(5);
            assertEquals(
                    "resync|ahead|" + (last - 3),
                    resync.event() + "|" + payload(resync).path("reason").asText() + "|" + resync.id());
        }
        Sql.run(TELL.formatted(org, 0, 1, 1));
        for (Ear ear : List.of(stream, platform, frames)) {
            Await.until("it goes on", () -> ear.events().size() == 7);
            assertEquals(
                    "ORG_IMPORTED|" + (last - 2),
                    ear.events().get(6).event() + "|" + ear.events().get(6).id());
        }
        socket.abort();
    }

    /** Looked at afterwards his number is a good one, but of another event. */
    @Test
    void numbersThatWentBackAndCaughtUpWhileOneDidNotReadAreOneResyncForHim() {
        Listener platform = ready(TestDatabase.TOKEN);
        Listener slow = Listener.connect(base(), read, "");
        open.add(slow);
        Await.until("he listens", () -> feed.size() == 2);
        long before = Sql.count("SELECT last FROM event_sequence");
        Sql.run(TELL.formatted(org, 0, LARGE, MANY));
        Await.until("the platform has all", () -> platform.events().size() == MANY);
        EventStream his = feed.streams().stream()
                .filter(stream -> stream.caller().organisation() != null)
                .findFirst()
                .orElseThrow();
        Await.until("he is stuck", () -> his.isStalled(1_000_000_000L));
        long told = his.position();
        assertTrue(told > before + 10 && told < before + MANY, "he was told until " + (told - before));

        Sql.run("DELETE FROM events WHERE seq > ?", told - 10);
        Sql.run("UPDATE event_sequence SET last = ?", told - 10);
        platform.await("resync");
        Sql.run(TELL.formatted(org, 0, 1, 30));
        Await.until("they have caught up", () -> Sql.count("SELECT last FROM event_sequence") == told + 20);
        slow.read();

        assertEquals("ahead", payload(slow.await("resync")).path("reason").asText());
        Sql.run(TELL.formatted(org, 0, 1, 1));
        Await.until("it goes on", () -> slow.lastId() == told + 21);
        assertEquals(1, slow.of("resync").size());
    }

    @Test
    void theGaugeGrowsWhileSomebodyElseHoldsTheNumbers() throws SQLException {
        Await.until("all is numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
        Await.until("nothing waits", () -> waiting() == 0);
        try (Connection other = TestDatabase.connect();
                Statement held = other.createStatement()) {
            other.setAutoCommit(false);
            held.execute("SELECT last FROM event_sequence FOR NO KEY UPDATE");
            Sql.run(TELL.formatted(org, 60, 1, 1));
            Await.until("it shows", () -> waiting() > 60);
            double then = waiting();
            Await.until("it grows", () -> waiting() > then);
            other.rollback();
        }
        Await.until("it is over", () -> waiting() == 0);
    }

    private double waiting() {
        return meters.get("rollcall.events.outbox").gauge().value();
    }

    @Test
    void whatHasItsNumberIsToldWhileNothingCanBeNumbered() {
        Listener listener = ready(read);
        try (Superuser sql = Superuser.connect()) {
            sql.execute("""
                    CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN RAISE EXCEPTION 'not now'; END $$""");
            sql.execute("CREATE TRIGGER test_refuse BEFORE DELETE ON event_outbox EXECUTE FUNCTION test_refuse()");
            try {
                workspace("Waiting", org);
                Await.until(
                        "it fails, again and again", () -> sequencer.batch() < settings.batch() / 4 && waiting() > 0);
                // As another replica would.
                sql.execute("""
                        WITH n AS (UPDATE event_sequence SET last = last + 1 RETURNING last)
                        INSERT INTO events (seq, org_id, event, at, payload)
                        SELECT n.last, '%s', 'ORG_IMPORTED', now(), '{}' FROM n""".formatted(org));
                // Sooner than by the look at the table that comes with a sign of life, after 15 s.
                Await.until(
                        "it is told",
                        Duration.ofSeconds(8),
                        () -> listener.events().size() == 1);
                assertEquals("ORG_IMPORTED", listener.events().get(0).event());
            } finally {
                sql.execute("DROP TRIGGER test_refuse ON event_outbox");
                sql.execute("DROP FUNCTION test_refuse");
            }
        }
        listener.await("WORKSPACE_PROVISIONING");
        Await.until("as many as before", () -> {
            Sql.run(TELL.formatted(org, 0, 1, 1));
            return sequencer.batch() == settings.batch();
        });
        assertFalse(listener.hasEnded());
    }

    @Test
    void streamsOutliveTheServicesConnectionsToTheDatabase() {
        Listener listener = ready(read);
        for (int i = 1; i <= 3; i++) {
            try (Superuser sql = Superuser.connect()) {
                sql.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'");
            }
            Sql.run(TELL.formatted(org, 0, 1, 2));
            int so = 2 * i;
            Await.until("it goes on", () -> listener.events().size() == so);
        }
        assertFalse(listener.hasEnded());
        assertEquals(
                LongStream.rangeClosed(1, 6).boxed().toList(),
                listener.events().stream()
                        .map(one -> one.id() - listener.events().get(0).id() + 1)
                        .toList());
    }
}
