package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Await;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Replicas on one database, both with listeners: one is killed, the other stands still while it has the lock of the numbers.
 * Those who listened there go on at another with the last id that they heard.
 */
@Tag("full")
class ReplicaStreamsIT {

    /** After which PostgreSQL ends the transaction of one who stands still. */
    private static final String[] TIMES = {"ROLLCALL_DATABASE_STATEMENT_TIMEOUT", "5s"};

    @Test
    void listenersOfReplicasThatDieOrStandStillMissNothingElsewhere() {
        try (var database = new Replicated("replica-streams");
                Superuser sql = database.superuser();
                Superuser parked = database.superuser()) {
            ServiceProcess dying = database.start(TIMES);
            ServiceProcess frozen = database.start(TIMES);
            List<Consumer> consumers = database.consumers(dying);
            for (int i = 0; i < 4; i++) {
                consumers.get(i).connect(i % 2 == 0 ? dying : frozen);
            }
            move(database, sql, 0);
            dying.kill();
            move(database, sql, 1);
            consumers.get(0).goOn(frozen);
            consumers.get(2).goOn(frozen);
            move(database, sql, 2);
            awaitAll(database, consumers);

            parked.begin();
            parked.execute("LOCK TABLE events IN SHARE MODE");
            move(database, sql, 3);
            Await.until(
                    "it is numbering",
                    () -> sql.number(
                                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass")
                            > 0);
            frozen.freeze();
            parked.execute("COMMIT");

            ServiceProcess living = database.start(TIMES);
            consumers.forEach(consumer -> consumer.connect(living));
            move(database, sql, 4);
            awaitAll(database, consumers);
            frozen.thaw();
            move(database, sql, 5);
            database.mark(living);
            awaitAll(database, consumers);
            for (int i = 0; i < 4; i++) {
                Consumer consumer = consumers.get(i);
                int markers = i < 2 ? 1 : 2;
                Await.until("all came", Consumer.LIMIT, () -> RestartedStreamsIT.markers(consumer.lines()) >= markers);
                assertEquals(database.expected(i), consumer.lines());
                consumer.hangUp();
            }
        }
    }

    private static void move(Replicated database, Superuser sql, int part) {
        database.move(sql, "d", part * 200 + 1, part * 200 + 200);
    }

    private static void awaitAll(Replicated database, List<Consumer> consumers) {
        database.awaitNumbered();
        for (int i = 0; i < 4; i++) {
            int expected = database.expected(i).size();
            Consumer consumer = consumers.get(i);
            Await.until("all came", Consumer.LIMIT, () -> consumer.all().size() >= expected);
        }
    }
}
