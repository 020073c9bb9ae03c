package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Await;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import io.rollcall.access.Transactions;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers: what commits late is not missed, two replicas at once, rollbacks, and what is forgotten. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SequencerTest extends Listening {

    private static final String TELL = """
            INSERT INTO event_outbox (org_id, event, at, payload)
            SELECT '%s', 'ORG_IMPORTED', now(), json_build_object('n', n) FROM generate_series(%d, %d) n
            """;

    /** More than the buffers between a client and the service hold, and than the service does. */
    private static final int MANY = 2000;

    private static final String LARGE = TELL.replace("'n', n", "'n', n, 'x', repeat('x', 15000)");

    @Inject
    Sequencer sequencer;

    @Inject
    EventRetention retention;

    @Inject
    EventFeed feed;

    @Inject
    EventRepository repository;

    @Inject
    Transactions transactions;

    @Test
    void whatCommitsLateIsToldLaterAndNothingIsMissedOrToldTwice() throws SQLException {
        Listener listener = ready(read);
        try (Connection late = TestDatabase.connectAsOwner();
                Statement parked = late.createStatement()) {
            late.setAutoCommit(false);
            parked.execute(TELL.formatted(org, 1, 1));
            Sql.run(TELL.formatted(org, 2, 3));
            Await.until("what came after it", () -> listener.events().size() == 2);
            Sql.run(TELL.formatted(org, 4, 4));
            Await.until("and after that", () -> listener.events().size() == 3);
            late.commit();
        }
        Await.until("the late one", () -> listener.events().size() == 4);
        Sql.run(TELL.formatted(org, 5, 5));
        Await.until("the last", () -> listener.events().size() == 5);

        assertEquals(List.of(2, 3, 4, 1, 5), heard(listener));
        long first = listener.events().get(0).id();
        assertEquals(
                List.of(first, first + 1, first + 2, first + 3, first + 4),
                listener.events().stream().map(Listener.Heard::id).toList());
        Listener again = listen(read, "?after=" + (first - 1));
        again.awaitReady();
        assertEquals(listener.events(), again.events());
    }

    @Test
    void aRollbackLeavesNoHole() throws SQLException {
        Listener listener = ready(read);
        try (Connection doomed = TestDatabase.connectAsOwner();
                Statement statement = doomed.createStatement()) {
            doomed.setAutoCommit(false);
            statement.execute(TELL.formatted(org, 1, 5));
            doomed.rollback();
        }
        Sql.run(TELL.formatted(org, 6, 6));

        assertEquals(
                listener.await("ready").id() + 1, listener.await("ORG_IMPORTED").id());
    }

    @Test
    void manyWhoNumberAtOnceLeaveNoGapAndNumberNothingTwice() {
        Listener listener = ready(read);
        long before = Sql.count("SELECT last FROM event_sequence");
        Callable<Integer> write = () -> {
            for (int i = 0; i < 50; i++) {
                Sql.run(TELL.formatted(org, 1, 3));
            }
            return 0;
        };
        Callable<Integer> number = () -> {
            int numbered = 0;
            for (int i = 0; i < 100; i++) {
                numbered += sequencer
                        .number()
                        .await()
                        .atMost(Duration.ofSeconds(30))
                        .count();
            }
            return numbered;
        };

        Race.run(List.of(write, write, number, number, number));
        Await.until("all are numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);

        assertEquals(
                "300|" + (before + 1) + "|" + (before + 300),
                Sql.one("SELECT count(*), min(seq), max(seq) FROM events WHERE event = 'ORG_IMPORTED'"));
        assertEquals(before + 300, Sql.count("SELECT last FROM event_sequence"));
        Await.until("all are told", () -> listener.events().size() == 300);
        assertTrue(listener.events().get(299).id() == before + 300);
    }

    @Test
    void nobodyWaitsForAReplicaThatIsAtIt() throws SQLException {
        try (Connection other = TestDatabase.connect();
                Statement held = other.createStatement()) {
            other.setAutoCommit(false);
            held.execute("SELECT last FROM event_sequence FOR NO KEY UPDATE");
            Sql.run(TELL.formatted(org, 1, 1));

            assertEquals(
                    0, sequencer.number().await().atMost(Duration.ofSeconds(10)).count());
            assertTrue(Sql.count("SELECT count(*) FROM event_outbox") > 0);
            other.rollback();
        }
        Await.until("it is numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
    }

    @Test
    void whatIsOldIsForgottenInBatchesAndWhoKnewItsLastGoesOn() {
        ready(read).close();
        Sql.run(TELL.formatted(org, 1, 10));
        Await.until("all are numbered", () -> Sql.count("SELECT count(*) FROM event_outbox") == 0);
        long last = Sql.count("SELECT last FROM event_sequence");
        long floor = Sql.count("SELECT floor FROM event_sequence");
        Sql.run("UPDATE events SET numbered_at = now() - interval '8 days' WHERE seq <= ?", last - 4);
        try {
            retention.forgetOld(null, 3).await().atMost(Duration.ofSeconds(20));

            assertEquals(last - 4, Sql.count("SELECT floor FROM event_sequence"));
            assertEquals(4, Sql.count("SELECT count(*) FROM events"));
            Await.until("nobody has it in memory", () -> feed.size() == 0 && feed.take(null, last, 1, 1) == null);
            Listener late = listen(read, "?after=" + (last - 5));
            late.awaitReady();
            assertEquals("resync", late.events().get(0).event());
            Listener inTime = listen(read, "?after=" + (last - 4));
            inTime.awaitReady();
            assertEquals(List.of(7, 8, 9, 10), heard(inTime));
            retention.forgetOld(OffsetDateTime.now().plusDays(8), 100).await().atMost(Duration.ofSeconds(20));
            assertEquals(last, Sql.count("SELECT floor FROM event_sequence"));
        } finally {
            Sql.run("UPDATE event_sequence SET floor = ?", floor);
        }
    }

    @Test
    void whoIsFurtherBehindThanMemoryReachesReadsOnAndMissesNothing() {
        Listener live = ready(read);
        Listener slow = Listener.connect(base(), read, "");
        open.add(slow);
        Await.until("both listen", () -> feed.size() == 2);
        Sql.run(LARGE.formatted(org, 1, MANY));
        Await.until("the live one has all", () -> live.events().size() == MANY);
        long behind =
                feed.streams().stream().mapToLong(EventStream::position).min().orElseThrow();
        UUID organisation = UUID.fromString(org);
        assertNull(feed.take(organisation, behind, 1, 1), "the slow one is as good as the live one: " + behind);
        long last = live.lastId();
        // Many are held, but not as much as they might be long; and a piece is no longer than it may be.
        assertNull(feed.take(organisation, last - 1000, 1, 1));
        EventFeed.Taken taken = feed.take(organisation, last - 500, EventStream.PIECE, EventStream.PIECE_LENGTH);
        assertEquals(9, taken.events().size());
        assertEquals(last - 491, taken.upTo());
        assertTrue(taken.more());

        slow.read();
        Await.until("the slow one has all", () -> slow.events().size() == MANY);

        assertEquals(live.events(), slow.events());
        assertEquals(IntStream.rangeClosed(1, MANY).boxed().toList(), heard(live));
    }

    @Test
    void aPageEndsWithTheEventThatFillsIt() {
        ready(read).close();
        long before = Sql.count("SELECT last FROM event_sequence");
        Sql.run(LARGE.formatted(org, 1, 20));
        Await.until("all are numbered", () -> Sql.count("SELECT last FROM event_sequence") == before + 20);

        for (UUID organisation : Arrays.asList(null, UUID.fromString(org))) {
            assertEquals(
                    List.of(9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L), page(organisation, before + 8, 200, 131_072));
            assertEquals(List.of(9L), page(organisation, before + 8, 200, 1));
            assertEquals(List.of(9L, 10L), page(organisation, before + 8, 2, 131_072));
            assertEquals(List.of(19L, 20L), page(organisation, before + 18, 200, 131_072));
        }
    }

    /** Of a page, the numbers since {@code before}: that it says whether there are more is compared. */
    private List<Long> page(UUID organisation, long after, int limit, long bytes) {
        EventRepository.Page page = transactions
                .readForPlatform(connection -> repository.page(connection, organisation, after, limit, bytes))
                .await()
                .atMost(Duration.ofSeconds(20));
        long zero = page.place().last() - 20;
        List<Long> numbers = page.events().stream().map(one -> one.id() - zero).toList();
        assertEquals(!numbers.contains(20L), page.more());
        return numbers;
    }

    @Test
    void oneTransactionOfTenThousandIsToldInItsOrder() {
        Listener listener = ready(read);
        Sql.run(TELL.formatted(org, 1, 10_000));
        Sql.run(TELL.formatted(org, 10_001, 10_001));
        Await.until("the last", () -> heard(listener).contains(10_001));

        assertEquals(IntStream.rangeClosed(1, 10_001).boxed().toList(), heard(listener));
    }

    private static List<Integer> heard(Listener listener) {
        return listener.events().stream()
                .map(one -> one.data().at("/payload/n").asInt())
                .toList();
    }
}
